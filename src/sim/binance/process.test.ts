import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import { imitateBinance } from './exchange.ts'

const program = fileURLToPath(new URL('process.ts', import.meta.url))
const running: ReturnType<typeof spawn>[] = []
afterEach(() => running.splice(0).forEach(child => void child.kill('SIGKILL')))

async function start(...options: string[]) {
  const child = spawn(process.execPath, [program, ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
  running.push(child)
  const [line] = await once(createInterface(child.stdout!), 'line')
  const { url, world } = JSON.parse(line)
  const get = async (path: string) => (await fetch(url + path)).json()
  const post = async (path: string, body: unknown) =>
    (await fetch(url + path, { method: 'POST', body: JSON.stringify(body) })).json()
  return { child, url, world, get, post }
}

const now = '2024-05-15T12:00:00Z'
const klines = '/api/v3/klines?symbol=ETHUSDT&interval=1m'

it('answers like the same world in this process', async () => {
  const { world, get } = await start('--symbols', 'BTCUSDT,ETHUSDT', '--seed', '3', '--now', now, '--days', '2')
  const here = imitateBinance({ ...world, now: () => Date.parse(now) })
  const truth = here.truth('ETHUSDT', '1m', 0, Date.parse(now)).slice(-500)
  expect(await get(`${klines}&endTime=${Date.parse(now) - 1}`)).toEqual(truth)
  expect(await get(`/_sim/truth?symbol=ETHUSDT&from=${truth[0]![0]}`)).toEqual(truth)
})

it('takes faults and a new time from outside, and shows its calls', async () => {
  const { url, get, post } = await start(
    '--symbols',
    'ETHUSDT',
    '--now',
    now,
    '--outage',
    '2024-05-15T11:00Z/2024-05-15T11:30Z',
  )
  await post('/_sim/faults', { kind: 'status', status: 502, match: { symbol: 'ETHUSDT' } })
  const held = (await post('/_sim/faults', { kind: 'hold', match: { nth: 2 } })) as { id: number }
  expect((await fetch(url + klines)).status).toBe(502)
  const answer = fetch(url + klines)
  expect(await post('/_sim/clock', { advance: 1000 })).toEqual({ now: Date.parse(now) + 1000 })
  await fetch(`${url}/_sim/faults/${held.id}`, { method: 'DELETE' })
  expect((await answer).status).toBe(200)
  expect(await get('/_sim/faults')).toHaveLength(1)
  expect(await get('/_sim/calls')).toMatchObject([{ status: 502 }, { status: 200 }])
})

it('ends when it is told to', async () => {
  const { child } = await start()
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})
