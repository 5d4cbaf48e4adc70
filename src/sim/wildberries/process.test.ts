import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import type { Call } from './call.ts'
import { imitateWildberries } from './wildberries.ts'

const program = fileURLToPath(new URL('process.ts', import.meta.url))
const running: ReturnType<typeof spawn>[] = []
afterEach(() => running.splice(0).forEach(child => void child.kill('SIGKILL')))

const now = '2026-11-22T09:00:00Z'
const path = '/api/v1/supplier/orders?dateFrom=2026-11-20'

async function start(...options: string[]) {
  const child = spawn(process.execPath, [program, '--now', now, ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
  running.push(child)
  const [line] = await once(createInterface(child.stdout!), 'line')
  const { url, options: world, tokens } = JSON.parse(line)
  const get = async (where: string, token: string) => fetch(url + where, { headers: { authorization: token } })
  const door = async (method: string, room: string, body?: unknown) => {
    const answer = await fetch(`${url}/_sim/${room}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return (await answer.json()) as Record<string, unknown>
  }
  return { child, url, world, tokens, get, door }
}

it('answers like the same world in this process, and tells its truth line by line', async () => {
  const { url, world, tokens, get } = await start('--options', '{"seed":3,"sellers":[{"name":"shop","orders":50}]}')
  const here = imitateWildberries({ ...world, now: () => Date.parse(now) })
  const headers = { authorization: here.mint('shop') }
  const answer = await here.fetch(new Request(`http://sim${path}`, { headers }))
  expect(await (await get(path, tokens.shop)).text()).toBe(await answer.text())
  const lines = (await (await fetch(`${url}/_sim/truth?seller=shop&stream=orders`)).text()).trimEnd().split('\n')
  expect(lines.map(line => JSON.parse(line))).toEqual([...here.truth('shop', 'orders')])
  expect((await fetch(`${url}/_sim/truth?seller=shop&stream=none`)).status).toBe(404)
})

it('takes faults, outages, tokens and a new time from outside, and shows its calls', async () => {
  const { get, door, tokens } = await start('--demo', '--options', '{"unlimited":true}')
  const status = async (token = tokens.romashka) => (await get(path, token)).status
  const { id } = await door('POST', 'faults', { kind: 'status', status: 502, times: 9 })
  expect(await status()).toBe(502)
  expect(await door('DELETE', `faults/${id}`)).toMatchObject({ id, hits: 1 })
  expect(await status()).toBe(200)
  const { token } = await door('POST', 'mint', { seller: 'vesna', type: 'service' })
  expect(await status(token)).toBe(200)
  await door('POST', 'revoke', { token })
  expect(await status(token)).toBe(401)
  await door('POST', 'outage', { from: Date.parse(now) + 1000, to: Date.parse(now) + 2000 })
  expect(await door('POST', 'clock', { advance: 1000 })).toEqual({ now: Date.parse(now) + 1000 })
  expect(await status()).toBe(503)
  const calls = (await door('GET', 'calls?from=1')) as unknown as Call[]
  expect(calls.map(call => [call.seller, call.status])).toEqual([
    ['romashka', 200],
    ['vesna', 200],
    ['vesna', 401],
    ['romashka', 503],
  ])
})

it('ends when it is told to', async () => {
  const { child } = await start('--demo')
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})
