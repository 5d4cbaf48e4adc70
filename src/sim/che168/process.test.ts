import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import type { Call } from './call.ts'
import { imitateChe168 } from './che168.ts'

const program = fileURLToPath(new URL('process.ts', import.meta.url))
const running: ReturnType<typeof spawn>[] = []
afterEach(() => running.splice(0).forEach(child => void child.kill('SIGKILL')))

const now = '2026-11-22T09:00:00Z'
const path = '/api/v2/che168/offers?page=2'

async function start(...options: string[]) {
  const child = spawn(process.execPath, [program, '--now', now, ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
  running.push(child)
  const [line] = await once(createInterface(child.stdout!), 'line')
  const { url, options: world } = JSON.parse(line)
  const get = async (where: string) => fetch(url + where, { headers: { 'x-api-key': world.key } })
  const door = async (method: string, room: string, body?: unknown) => {
    const answer = await fetch(`${url}/_sim/${room}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return (await answer.json()) as Record<string, unknown>
  }
  return { child, url, world, get, door }
}

it('answers like the same market in this process, and tells its truth and its events line by line', async () => {
  const { url, world, get, door } = await start('--options', '{"seed":3,"adverts":60,"since":1795046400000}')
  const here = imitateChe168({ ...world, now: () => Date.parse(now) })
  const headers = { 'x-api-key': world.key }
  const answer = await here.fetch(new Request(`http://sim${path}`, { headers }))
  expect(await (await get(path)).text()).toBe(await answer.text())
  const lines = async (room: string) => {
    const text = await (await fetch(`${url}/_sim/${room}`)).text()
    return text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
  }
  expect(await lines('truth')).toEqual([...here.truth()])
  expect(await lines('events')).toEqual([...here.events()])
  const [slim] = await lines('truth?only=isActive')
  expect(slim).toEqual({ innerId: expect.stringMatching(/^\d+$/), isActive: expect.any(Boolean) })
  expect(await door('GET', `sent?inner_id=${slim.innerId}`)).toEqual(here.sent(slim.innerId))
})

it('takes faults, outages, blocks and a new time from outside, and shows its calls', async () => {
  const { get, door } = await start('--demo')
  const status = async () => (await get(path)).status
  const { id } = await door('POST', 'faults', { kind: 'status', status: 502, times: 9 })
  expect(await status()).toBe(502)
  expect(await door('DELETE', `faults/${id}`)).toMatchObject({ id, hits: 1 })
  expect(await status()).toBe(200)
  await door('POST', 'block', { blocked: true })
  expect(await status()).toBe(403)
  await door('POST', 'block', { blocked: false })
  await door('POST', 'outage', { from: Date.parse(now) + 1000, to: Date.parse(now) + 2000 })
  expect(await door('POST', 'clock', { advance: 1000 })).toEqual({ now: Date.parse(now) + 1000 })
  expect(await status()).toBe(503)
  const calls = (await door('GET', 'calls?from=1')) as unknown as Call[]
  expect(calls.map(call => call.status)).toEqual([200, 403, 503])
})

it('ends when it is told to', async () => {
  const { child } = await start('--demo')
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})
