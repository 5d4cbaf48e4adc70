import { expect, it } from 'vitest'
import { imitateBinance } from './exchange.ts'
import type { Fault } from './faults.ts'
import type { Row } from './market.ts'

const [minute, hour] = [60_000, 3_600_000]
const now = Date.UTC(2024, 4, 15, 12) + 20_000

function setup() {
  const naps: number[] = []
  const binance = imitateBinance({
    symbols: [
      { symbol: 'BTCUSDT', listed: now - hour },
      { symbol: 'ETHUSDT', listed: now - hour },
    ],
    now: () => now,
    sleep: async ms => void naps.push(ms),
  })
  const ask = (symbol = 'BTCUSDT', signal?: AbortSignal) =>
    binance.fetch(
      new Request(
        `http://sim/api/v3/klines?symbol=${symbol}&interval=1m&limit=20`,
        signal === undefined ? {} : { signal },
      ),
    )
  const rows = async () => (await (await ask()).json()) as Row[]
  return { binance, ask, rows, naps }
}

it.each([
  [500, 'application/json', '"code":-1000'],
  [502, 'text/html', '502 Bad Gateway'],
  [503, 'application/json', '"code":-1008'],
  [403, 'text/html', '403 Forbidden'],
  [429, 'application/json', '"code":-1003'],
  [418, 'application/json', 'banned until'],
])('answers %d on demand, once', async (status, type, text) => {
  const { binance, ask } = setup()
  binance.faults.add({ kind: 'status', status })
  const answer = await ask()
  expect([answer.status, answer.headers.get('content-type')]).toEqual([status, expect.stringContaining(type)])
  expect(await answer.text()).toContain(text)
  expect((await ask()).status).toBe(200)
})

it('tells how long to wait with a 429: to the next minute, or as wished', async () => {
  const { binance, ask } = setup()
  binance.faults.add({ kind: 'status', status: 429 })
  expect((await ask()).headers.get('retry-after')).toBe('40')
  binance.faults.add({ kind: 'status', status: 429, retryAfter: 7 })
  expect((await ask()).headers.get('retry-after')).toBe('7')
})

it('spoils only what matches: the nth call of a symbol, so many times', async () => {
  const { binance, ask } = setup()
  const planted = binance.faults.add({ kind: 'status', status: 500, match: { symbol: 'ETHUSDT', nth: 2 }, times: 2 })
  const seen: number[] = []
  for (const symbol of ['ETHUSDT', 'BTCUSDT', 'ETHUSDT', 'BTCUSDT', 'ETHUSDT', 'ETHUSDT'])
    seen.push((await ask(symbol)).status)
  expect(seen).toEqual([200, 200, 500, 200, 500, 200])
  expect(planted.hits).toBe(2)
})

it('takes any condition on the call, and forgets a fault that is removed', async () => {
  const { binance, ask } = setup()
  const planted = binance.faults.add({ kind: 'html', match: call => call.id > 1, times: Number.POSITIVE_INFINITY })
  const types: unknown[] = []
  for (let call = 0; call < 3; call++) types.push((await ask()).headers.get('content-type'))
  expect(types).toEqual([expect.stringContaining('json'), 'text/html', 'text/html'])
  planted.remove()
  expect((await ask()).headers.get('content-type')).toContain('json')
})

it('holds an answer made in time until it is released', async () => {
  const { binance, ask } = setup()
  const gate = binance.faults.add({ kind: 'hold' })
  const answer = ask()
  expect((await gate.reached).status).toBe(0)
  expect((await ask()).status).toBe(200)
  gate.release()
  expect((await answer).status).toBe(200)
  expect(binance.calls.map(call => call.fault)).toEqual(['hold', null])
})

it('lets the caller give up on a held answer', async () => {
  const { binance, ask } = setup()
  const gate = binance.faults.add({ kind: 'hold' })
  const patience = new AbortController()
  const answer = ask('BTCUSDT', patience.signal)
  await gate.reached
  patience.abort(new Error('enough'))
  await expect(answer).rejects.toThrow('enough')
})

it('delays an answer', async () => {
  const { binance, ask, naps } = setup()
  binance.faults.add({ kind: 'slow', ms: 1500 })
  expect((await ask()).status).toBe(200)
  expect(naps).toEqual([1500])
})

it('cuts a body in the middle', async () => {
  const { binance, ask } = setup()
  binance.faults.add({ kind: 'cut' })
  const text = await (await ask()).text()
  expect(() => JSON.parse(text)).toThrow(SyntaxError)
})

it('answers complete JSON in another envelope', async () => {
  const { binance, ask } = setup()
  binance.faults.add({ kind: 'garbage' })
  expect(await (await ask()).json()).toEqual({ a: 1 })
})

it('doubles and reorders rows', async () => {
  const { binance, rows } = setup()
  const clean = await rows()
  binance.faults.add({ kind: 'doubled' })
  const doubled = await rows()
  expect(doubled).toHaveLength(22)
  expect(doubled[1]).toEqual(doubled[0])
  binance.faults.add({ kind: 'reordered' })
  expect(await rows()).toEqual(clean.toReversed())
})

it('keeps a candle back that has just closed', async () => {
  const { binance, rows } = setup()
  const open = now - 20_000
  const late = (ms: number): Fault => ({ kind: 'late', ms })
  binance.faults.add(late(30_000))
  expect((await rows()).slice(-2).map(row => row[0])).toEqual([open - 2 * minute, open])
  binance.faults.add(late(10_000))
  expect((await rows()).slice(-2).map(row => row[0])).toEqual([open - minute, open])
})

it('hides the used weight', async () => {
  const { binance, ask } = setup()
  binance.faults.add({ kind: 'unweighed' })
  expect((await ask()).headers.has('x-mbx-used-weight-1m')).toBe(false)
})

it('bans the address', async () => {
  const { binance, ask } = setup()
  binance.faults.add({ kind: 'ban', ms: 10 * minute })
  const statuses = [(await ask()).status, (await ask()).status]
  expect(statuses).toEqual([418, 418])
})

it('several faults spoil one call together', async () => {
  const { binance, ask, naps } = setup()
  binance.faults.add({ kind: 'slow', ms: 5 })
  binance.faults.add({ kind: 'status', status: 500 })
  expect((await ask()).status).toBe(500)
  expect([naps, binance.calls[0]!.fault]).toEqual([[5], 'slow,status'])
})

it('writes every call down with what was answered', async () => {
  const { binance, ask } = setup()
  await ask()
  expect(binance.calls).toEqual([
    {
      id: 1,
      at: now,
      path: '/api/v3/klines',
      query: { symbol: 'BTCUSDT', interval: '1m', limit: '20' },
      weight: 2,
      used: 2,
      status: 200,
      fault: null,
      rows: 20,
      first: now - 20_000 - 19 * minute,
      last: now - 20_000,
    },
  ])
})
