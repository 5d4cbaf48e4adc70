import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import { demoSeller, demoWorld } from './demo.ts'
import { imitateOzon } from './ozon.ts'

const program = fileURLToPath(new URL('process.ts', import.meta.url))
const running: ReturnType<typeof spawn>[] = []
afterEach(() => running.splice(0).forEach(child => void child.kill('SIGKILL')))

const now = '2026-10-05T12:00:00Z'
const { clientId, apiKey } = demoSeller

async function start(...options: string[]) {
  const child = spawn(process.execPath, [program, '--now', now, ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
  running.push(child)
  const [line] = await once(createInterface(child.stdout!), 'line')
  const { url, cdnUrl } = JSON.parse(line)
  // biome-ignore lint/suspicious/noExplicitAny: bodies are looked at field by field.
  const post = async (path: string, body: unknown): Promise<any> => {
    const headers = { 'client-id': clientId, 'api-key': apiKey }
    return (await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })).json()
  }
  const truth = async (what: string) => {
    const text = await (await fetch(`${url}/_sim/truth?seller=${clientId}&what=${what}`)).text()
    return text
      .split('\n')
      .filter(Boolean)
      .map(row => JSON.parse(row))
  }
  const get = async (path: string) => (await fetch(url + path)).json()
  return { child, url, cdnUrl, post, get, truth }
}

it('answers like the same world in this process, and shows its files on a host of its own', async () => {
  const { url, cdnUrl, post, truth } = await start()
  const here = imitateOzon({ ...demoWorld(), now: () => Date.parse(now) })
  expect(await truth('stocks')).toEqual([...here.truth(clientId, 'stocks')])
  const { result } = await post('/v1/report/products/create', {})
  expect(await post('/_sim/clock', { advance: 12_000 })).toEqual({ now: Date.parse(now) + 12_000 })
  const { file } = (await post('/v1/report/info', { code: result.code })).result
  expect(new URL(file).origin).toBe(cdnUrl)
  expect(cdnUrl).not.toBe(url)
  expect((await (await fetch(file)).text()).split('\n').length).toBeGreaterThan(120)
})

it('takes its world, faults, outages and changes of a seller from outside, and shows its calls', async () => {
  const sellers = [{ clientId, apiKey, products: 3 }]
  const { url, post, get } = await start('--options', JSON.stringify({ sellers }))
  const list = () => post('/v3/product/list', {})
  expect((await list()).result.total).toBe(3)
  const planted = await post('/_sim/faults', { kind: 'status', status: 500, times: 5 })
  expect(await list()).toMatchObject({ code: 13 })
  await fetch(`${url}/_sim/faults/${planted.id}`, { method: 'DELETE' })
  expect(await get('/_sim/faults')).toEqual([])
  await post('/_sim/clock', { advance: 1000 })
  await post(`/_sim/sellers/${clientId}`, { key: 'deactivated' })
  expect(await list()).toMatchObject({ message: expect.stringContaining('deactivated') })
  await post('/_sim/outages', { from: 0, to: Date.parse(now) + 5000 })
  await expect(list()).rejects.toThrow(SyntaxError)
  expect(await get('/_sim/calls')).toMatchObject([{ status: 200 }, { status: 500 }, { status: 403 }, { status: 503 }])
})

it('ends when it is told to', async () => {
  const { child } = await start()
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})
