import { describe, expect, it } from 'vitest'
import { demoWorld } from './demo.ts'
import { imitateBinance } from './exchange.ts'

const now = Date.UTC(2024, 4, 15, 12)

function setup() {
  const binance = imitateBinance({
    symbols: [
      { symbol: 'BTCUSDT', listed: now - 86_400_000 },
      { symbol: 'XRPUSDT', listed: now - 86_400_000, decimals: 4 },
      { symbol: 'OLDUSDT', listed: now - 86_400_000, delisted: now - 1 },
      { symbol: '币安人生USDT', listed: now - 86_400_000 },
    ],
    now: () => now,
  })
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await binance.fetch(new Request(`http://sim${path}`, { headers }))
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  }
  const body = async (path: string) => JSON.parse((await get(path)).text)
  return { binance, get, body }
}

describe('refusals', () => {
  const cases: [string, number, string][] = [
    ['', -1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed."],
    ['symbol=&interval=1m', -1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed."],
    ['symbol=BTCUSDT', -1102, "Mandatory parameter 'interval' was not sent, was empty/null, or malformed."],
    ['symbol=BTCUSDT&interval=1M1', -1120, 'Invalid interval.'],
    ['symbol=BTCUSDT&interval=1H', -1120, 'Invalid interval.'],
    ['symbol=NOSUCH&interval=1m', -1121, 'Invalid symbol.'],
    ['symbol=BTCUSDT&interval=1m&limit=0', -1130, "Data sent for parameter 'limit' is not valid."],
    ['symbol=BTCUSDT&symbol=BTCUSDT&interval=1m', -1101, 'Duplicate values for a parameter detected.'],
    ['symbol=BTCUSDT&interval=1m&color=red', -1101, "Too many parameters; expected '6' and received '7'."],
  ]
  it.each(cases)('klines?%s is refused with %d', async (query, code, msg) => {
    const { get } = setup()
    const answer = await get(`/api/v3/klines?${query}`)
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.text)).toEqual({ code, msg })
  })

  it.each([
    'symbol=btcusdt&interval=1m',
    'symbol=BTCUSDT&interval=1m&startTime=abc',
    'symbol=BTCUSDT&interval=1m&endTime=-1',
  ])('klines?%s holds illegal characters', async query => {
    const { body } = setup()
    expect(await body(`/api/v3/klines?${query}`)).toMatchObject({
      code: -1100,
      msg: expect.stringMatching(/^Illegal characters found in parameter/),
    })
  })

  it('an unknown path is 404, as a page for browsers and as JSON for others', async () => {
    const { get } = setup()
    expect(await get('/api/v1/klines')).toMatchObject({ status: 404, text: expect.stringContaining('"code"') })
    expect(await get('/no', { accept: 'text/html,*/*' })).toMatchObject({
      status: 404,
      text: expect.stringContaining('<html>'),
    })
  })
})

describe('small endpoints', () => {
  it('ping answers an empty object and time the time of the exchange', async () => {
    const { body } = setup()
    expect(await body('/api/v3/ping')).toEqual({})
    expect(await body('/api/v3/time')).toEqual({ serverTime: now })
  })

  it('every answer tells the used weight and the date by the clock of the exchange', async () => {
    const { get } = setup()
    await get('/api/v3/exchangeInfo')
    const { headers } = await get('/api/v3/klines?symbol=NOSUCH&interval=1m')
    expect(headers.get('x-mbx-used-weight-1m')).toBe('22')
    expect(headers.get('x-mbx-used-weight')).toBe('22')
    expect(headers.get('date')).toBe('Wed, 15 May 2024 12:00:00 GMT')
  })

  it('symbols may hold characters beyond ASCII', async () => {
    const { body } = setup()
    expect(await body(`/api/v3/klines?symbol=${encodeURIComponent('币安人生USDT')}&interval=1m&limit=1`)).toHaveLength(
      1,
    )
  })
})

describe('exchangeInfo', () => {
  it('lists one symbol, some, or all with the dead ones', async () => {
    const { body } = setup()
    const names = async (query: string) =>
      (await body(`/api/v3/exchangeInfo${query}`)).symbols.map((info: { symbol: string }) => info.symbol)
    expect(await names('?symbol=BTCUSDT')).toEqual(['BTCUSDT'])
    expect(await names('?symbols=["XRPUSDT","BTCUSDT"]')).toEqual(['XRPUSDT', 'BTCUSDT'])
    expect(await names('')).toHaveLength(4)
    expect(await names('?symbolStatus=BREAK')).toEqual(['OLDUSDT'])
  })

  it('tells the limits in force and the assets of a symbol', async () => {
    const { body } = setup()
    const info = await body('/api/v3/exchangeInfo?symbol=XRPUSDT')
    expect(info.rateLimits[0]).toEqual({
      rateLimitType: 'REQUEST_WEIGHT',
      interval: 'MINUTE',
      intervalNum: 1,
      limit: 6000,
    })
    expect(info.symbols[0]).toMatchObject({ baseAsset: 'XRP', quoteAsset: 'USDT', status: 'TRADING' })
    expect(info.symbols[0].filters[0].tickSize).toBe('0.00010000')
  })

  it.each([
    ['?symbols=["BTCUSDT","NOSUCH"]', -1121],
    ['?symbols=BTCUSDT', -1100],
    ['?symbol=BTCUSDT&symbols=["BTCUSDT"]', -1128],
  ])('%s is refused with %d', async (query, code) => {
    const { body } = setup()
    expect(await body(`/api/v3/exchangeInfo${query}`)).toMatchObject({ code })
  })
})

it('the demo has five symbols, one outage of three hours in the last month, and the same past tomorrow', () => {
  const [today, tomorrow] = [demoWorld(now), demoWorld(now + 86_400_000)]
  expect(today.symbols).toHaveLength(5)
  expect(today.outages).toEqual(tomorrow.outages)
  const recent = today.outages!.filter(({ from }) => from > now - 30 * 86_400_000)
  expect(recent).toEqual([{ from: Date.UTC(2024, 4, 5, 2), to: Date.UTC(2024, 4, 5, 5) }])
})
