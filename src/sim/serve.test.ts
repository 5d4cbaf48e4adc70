import { request } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { afterEach, expect, it } from 'vitest'
import { imitateBinance } from './binance/exchange.ts'
import { type ServeOptions, serve } from './serve.ts'

const now = Date.UTC(2024, 4, 15, 12)
const path = '/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=100'
const open: (() => Promise<void>)[] = []
afterEach(() => Promise.all(open.splice(0).map(close => close())))

async function setup(options: ServeOptions = {}) {
  const binance = imitateBinance({ symbols: [{ symbol: 'BTCUSDT', listed: now - 86_400_000 }], now: () => now })
  const served = await serve(binance, options)
  open.push(served.close)
  return { binance, served, url: served.url + path }
}

/** What comes over the wire: headers, the bytes as they are, and whether the answer was complete. */
function raw(url: string, headers: Record<string, string> = {}) {
  return new Promise<{ headers: NodeJS.Dict<string | string[]>; bytes: Buffer; complete: boolean }>(
    (resolve, reject) => {
      const asked = request(url, { headers }, answer => {
        const chunks: Buffer[] = []
        answer.on('data', chunk => chunks.push(chunk)).on('error', () => {})
        answer.on('close', () =>
          resolve({ headers: answer.headers, bytes: Buffer.concat(chunks), complete: answer.complete }),
        )
      })
      asked.on('error', reject).end()
    },
  )
}

it('answers on a real port as without one', async () => {
  const { binance, url } = await setup()
  const [wire, direct] = [await fetch(url), await binance.fetch(new Request(url))]
  expect(await wire.text()).toBe(await direct.text())
  expect(wire.headers.get('date')).toBe('Wed, 15 May 2024 12:00:00 GMT')
  expect(wire.headers.get('x-mbx-used-weight-1m')).toBe('2')
})

it('compresses for those who accept it, unless told not to', async () => {
  const zipped = await raw((await setup()).url, { 'accept-encoding': 'gzip' })
  expect(zipped.headers['content-encoding']).toBe('gzip')
  expect(JSON.parse(gunzipSync(zipped.bytes).toString())).toHaveLength(100)
  const plain = await raw((await setup({ compress: false })).url, { 'accept-encoding': 'gzip' })
  expect(plain.headers['content-encoding']).toBeUndefined()
})

it('resets the connection before the first byte', async () => {
  const { binance, url } = await setup()
  binance.faults.add({ kind: 'reset' })
  await expect(raw(url)).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(binance.calls[0]).toMatchObject({ status: 0, fault: 'reset' })
  expect((await raw(url)).complete).toBe(true)
})

it('sends fewer bytes than it announced', async () => {
  const { binance, url } = await setup()
  binance.faults.add({ kind: 'short' })
  const { headers, bytes, complete } = await raw(url, { 'accept-encoding': 'gzip' })
  expect(complete).toBe(false)
  expect(bytes.byteLength).toBe(Math.floor(Number(headers['content-length']) / 2))
})

it('ends a cut body properly', async () => {
  const { binance, url } = await setup()
  binance.faults.add({ kind: 'cut' })
  const { headers, bytes, complete } = await raw(url)
  expect([complete, Number(headers['content-length'])]).toEqual([true, bytes.byteLength])
  expect(() => JSON.parse(bytes.toString())).toThrow(SyntaxError)
})

it('hands on method, headers and body', async () => {
  const echo = {
    fetch: async (asked: Request) => new Response(`${asked.method} ${asked.headers.get('x-a')} ${await asked.text()}`),
  }
  const served = await serve(echo)
  open.push(served.close)
  const answer = await fetch(served.url, { method: 'POST', headers: { 'x-a': 'b' }, body: 'hello' })
  expect(await answer.text()).toBe('POST b hello')
})

it('shows a fault of the vendor itself as a 500 that names it', async () => {
  const served = await serve({ fetch: () => Promise.reject(new Error('broken')) })
  open.push(served.close)
  const answer = await fetch(served.url)
  expect([answer.status, await answer.text()]).toEqual([500, expect.stringContaining('broken')])
})

it('closes with calls still held', async () => {
  const { binance, served, url } = await setup()
  const gate = binance.faults.add({ kind: 'hold' })
  const broken = expect(raw(url)).rejects.toMatchObject({ code: 'ECONNRESET' })
  await gate.reached
  await served.close()
  open.length = 0
  await broken
})

it('sends lines while they are made', async () => {
  const gate = Promise.withResolvers<void>()
  async function* lines() {
    yield Buffer.from('1\n')
    await gate.promise
    yield Buffer.from('2\n')
  }
  const headers = { 'content-type': 'application/x-ndjson' }
  const served = await serve({ fetch: async () => new Response(ReadableStream.from(lines()), { headers }) })
  open.push(served.close)
  const reader = (await fetch(served.url)).body!.getReader()
  const next = async () => Buffer.from((await reader.read()).value ?? []).toString()
  expect(await next()).toBe('1\n')
  gate.resolve()
  expect(await next()).toBe('2\n')
  expect((await reader.read()).done).toBe(true)
})
