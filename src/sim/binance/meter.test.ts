import { expect, it } from 'vitest'
import { imitateBinance, type Options } from './exchange.ts'

const [minute, hour] = [60_000, 3_600_000]
const begin = Date.UTC(2024, 4, 15, 12)

function setup(changes: Partial<Options> = {}) {
  const clock = { now: begin }
  const binance = imitateBinance({
    symbols: [{ symbol: 'BTCUSDT', listed: begin - hour }],
    limits: { weight: 10, requests: 1000, patience: 2 },
    now: () => clock.now,
    ...changes,
  })
  const ask = async (path = 'klines?symbol=BTCUSDT&interval=1m&limit=1') => {
    const { status, headers } = await binance.fetch(new Request(`http://sim/api/v3/${path}`))
    return { status, after: headers.get('retry-after'), used: headers.get('x-mbx-used-weight-1m') }
  }
  const statuses = async (count: number) => {
    const seen: number[] = []
    for (let call = 0; call < count; call++) seen.push((await ask()).status)
    return seen
  }
  return { binance, clock, ask, statuses }
}

it('answers up to the limit and refuses the rest of the minute', async () => {
  const { clock, ask, statuses } = setup()
  clock.now += 12_500
  expect(await statuses(5)).toEqual([200, 200, 200, 200, 200])
  expect(await ask()).toEqual({ status: 429, after: '48', used: '12' })
})

it('opens again at the full minute', async () => {
  const { clock, ask, statuses } = setup()
  await statuses(6)
  clock.now += minute - 1
  expect((await ask()).status).toBe(429)
  clock.now += 1
  expect(await ask()).toEqual({ status: 200, after: null, used: '2' })
})

it('counts what others behind the same address use', async () => {
  const { ask } = setup({ foreignWeight: start => (start === begin ? 9 : 0) })
  expect(await ask('ping')).toMatchObject({ status: 200, used: '10' })
  expect((await ask('ping')).status).toBe(429)
})

it('tells the limit in the body of a 429 and the end of the ban in that of a 418', async () => {
  const { binance, statuses } = setup()
  const ask = async () => (await binance.fetch(new Request('http://sim/api/v3/ping'))).json()
  await statuses(5)
  expect(await ask()).toEqual({
    code: -1003,
    msg: 'Too much request weight used; current limit is 10 request weight per 1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.',
  })
  binance.ban(minute)
  expect(await ask()).toEqual({
    code: -1003,
    msg: `Way too much request weight used; IP banned until ${begin + minute}. Please use WebSocket Streams for live updates to avoid bans.`,
  })
})

it('bans who goes on after a few ignored 429, refuses everything during the ban, and lets in afterwards', async () => {
  const { clock, ask, statuses } = setup()
  expect((await statuses(9)).slice(5)).toEqual([429, 429, 429, 418])
  clock.now += 2 * minute - 1
  expect(await ask('ping')).toMatchObject({ status: 418, after: '1' })
  clock.now += 1
  expect((await ask()).status).toBe(200)
})

it('bans twice as long each time, up to three days', async () => {
  const { clock, ask, statuses } = setup()
  const bans: number[] = []
  for (let round = 0; round < 13; round++) {
    await statuses(9)
    bans.push(Number((await ask()).after))
    clock.now += bans.at(-1)! * 1000
  }
  expect(bans.slice(0, 3)).toEqual([120, 240, 480])
  expect(bans.at(-1)).toBe(3 * 86_400)
})

it('limits the number of requests in five minutes too', async () => {
  const { clock, ask, statuses } = setup({ limits: { requests: 3 } })
  clock.now += minute
  expect(await statuses(3)).toEqual([200, 200, 200])
  expect(await ask()).toMatchObject({ status: 429, after: '240' })
})

it('refuses nothing without limits', async () => {
  const none = Number.POSITIVE_INFINITY
  const { statuses } = setup({ limits: { weight: none, requests: none } })
  expect(new Set(await statuses(200))).toEqual(new Set([200]))
})
