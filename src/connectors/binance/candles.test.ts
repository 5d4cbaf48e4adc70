import { expect, test } from 'vitest'
import { parseExact } from '../../core/json.ts'
import { candles as stream } from './candles.ts'
import { binance } from './index.ts'

const candles = stream as Extract<typeof stream, { mode: 'range' }>

const options = (given: Record<string, unknown> = {}) => candles.options.parse(given)
const part = { symbol: 'BTCUSDT', interval: '1m' as const }
const at = new Date('2025-06-01T12:00:00Z')

test('the defaults are the five symbols, minutes, from 2025 on', () => {
  expect(options()).toEqual({
    symbols: ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'XRPUSDT', 'BNBUSDT'],
    interval: ['1m'],
    start_date: new Date('2025-01-01T00:00:00Z'),
    batch_size: 1000,
    retry_delay: 1,
    max_retries: 5,
  })
})

test('settings come as the environment writes them', () => {
  const given = options({ symbols: "['A','B']", interval: '1m,1M', start_date: '2024-02-29', batch_size: '500' })
  expect(candles.parts(given)).toEqual([
    { symbol: 'A', interval: '1m' },
    { symbol: 'A', interval: '1M' },
    { symbol: 'B', interval: '1m' },
    { symbol: 'B', interval: '1M' },
  ])
  expect([candles.origin(given), given.batch_size]).toEqual([new Date('2024-02-29T00:00:00Z'), 500])
})

test.each([
  { interval: '2m' },
  { interval: '1H' },
  { batch_size: 1001 },
  { batch_size: 0 },
  { max_retries: 0 },
  { retry_delay: -1 },
  { symbols: '' },
  { start_date: '2025-02-30' },
  { nonsense: 1 },
])('%j is refused', given => expect(candles.options.safeParse(given).success).toBe(false))

test('MAX_RETRIES counts tries: five of them are four retries, one second first', () => {
  expect(candles.retry(options())).toMatchObject({ retries: 4, base: 1000 })
  expect(candles.retry(options({ max_retries: 1, retry_delay: 0.25 }))).toMatchObject({ retries: 0, base: 250 })
})

test.each([0, 0.0000001, 1e-9, 3600])('a retry delay of %d s is a delay', retry_delay => {
  expect(candles.retry(options({ retry_delay })).base).toBeCloseTo(retry_delay * 1000)
})

test('the question names its end inclusively, a millisecond before the next candle', () => {
  const cursor = candles.start({ from: new Date('2025-01-01T00:00:00Z'), part, options: options() })
  const to = new Date('2025-01-01T10:00:00Z')
  expect(candles.request(cursor, { part, to, options: options({ batch_size: 7 }), rows: [] })).toEqual({
    path: '/api/v3/klines',
    query: { symbol: 'BTCUSDT', interval: '1m', startTime: 1735689600000, endTime: 1735725599999, limit: 7 },
  })
})

test('the horizon is the open time of the running candle', () => {
  const horizon = (interval: '1m' | '1w' | '1M') =>
    candles.horizon({ now: new Date('2026-03-04T12:34:56Z'), part: { ...part, interval } }).toISOString()
  expect([horizon('1m'), horizon('1w'), horizon('1M')]).toEqual([
    '2026-03-04T12:34:00.000Z',
    '2026-03-02T00:00:00.000Z',
    '2026-03-01T00:00:00.000Z',
  ])
})

const text = `[[1735689600000,"5E-8","93700.00000000","93500.00000000","93610.93000000","8.21827000",1735689659999,
  "769280.00123456",2631,"4.96000000","464230.12345678","0"]]`

test('the vendor’s twelve places become our columns, numbers as the text they came in', () => {
  const [record] = parseExact(text) as unknown[]
  const answer = { status: 200, headers: new Headers(), json: null, at }
  expect(candles.row(candles.record.parse(record), { part, answer, rows: [] })).toEqual({
    symbol: 'BTCUSDT',
    interval: '1m',
    timestamp: 1735689600000,
    open_time: new Date('2025-01-01T00:00:00.000Z'),
    close_time: new Date('2025-01-01T00:00:59.999Z'),
    open_price: '5E-8',
    high_price: '93700.00000000',
    low_price: '93500.00000000',
    close_price: '93610.93000000',
    volume: '8.21827000',
    quote_volume: '769280.00123456',
    trades: 2631,
    taker_buy_volume: '4.96000000',
    taker_buy_quote_volume: '464230.12345678',
    closed: true,
  })
})

test.each([
  ['eleven places', (row: unknown[]) => row.slice(0, 11)],
  ['a thirteenth place', (row: unknown[]) => [...row, 1]],
  ['a price that is a JSON number', (row: unknown[]) => row.with(1, 5)],
  ['half a trade', (row: unknown[]) => row.with(8, 1.5)],
  ['a time that is text', (row: unknown[]) => row.with(0, '1735689600000')],
  ['a close before its open', (row: unknown[]) => row.with(6, 1735689599999)],
  ['a close years after its open', (row: unknown[]) => row.with(6, 4102444800000)],
  ['a time before 1970', (row: unknown[]) => row.with(0, -1)],
])('a record with %s is not the documented one', (_, change) => {
  const [record] = parseExact(text) as unknown[][]
  expect(candles.record.safeParse(change(record!)).success).toBe(false)
})

test('the probe reads the vendor’s clock and refuses anything else', () => {
  const answer = (json: unknown) => ({ status: 200, headers: new Headers(), json, at })
  expect(binance.probe!.clock!(answer({ serverTime: 1735689600000 }))).toEqual(new Date('2025-01-01T00:00:00Z'))
  expect(() => binance.probe!.clock!(answer({}))).toThrow('holds no serverTime')
})

test('the base address must be http or https', () => {
  expect(binance.options.parse({})).toEqual({ base_url: 'https://api.binance.com' })
  expect(binance.options.safeParse({ base_url: 'ftp://api.binance.com' }).success).toBe(false)
})
