import { describe, expect, it } from 'vitest'
import { jsonOf, until } from '../setup/sluice.ts'
import { noon, setup } from './world.ts'

const klines = '/api/v3/klines'
type Listed = {
  id: string
  state: string
  errorCode: string | null
  records: number
  priority: string
  retries: number
}[]

/** A morning of which two symbols were loaded and one failed half way. */
async function setupFailed() {
  const world = await setup({ symbols: ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'], env: { MAX_RETRIES: '1' } })
  world.exchange.faults.add({ kind: 'html', match: { path: klines, symbol: 'ETHUSDT', nth: 3 } as never })
  expect((await world.sluice('sync')).code).toBe(1)
  return world
}

describe('sluice runs', () => {
  it('lists the newest runs, those in a state, and those with an id', async () => {
    const { sluice } = await setupFailed()
    const all = jsonOf<Listed>(await sluice('runs', '--json'))
    expect(all.map(({ state }) => state).toSorted()).toEqual(['failed', 'success', 'success'])
    expect(all.map(({ id }) => Number(id))).toEqual(all.map(({ id }) => Number(id)).toSorted((a, b) => b - a))
    const failed = jsonOf<Listed>(await sluice('runs', '--state', 'failed', '--json'))
    expect(failed).toMatchObject([{ state: 'failed', errorCode: 'vendor-wrong-type', priority: 'normal', retries: 0 }])
    expect((await sluice('runs', failed[0]!.id)).out).toMatch(
      /: binance\/public candles \w+USDT\/1m, failed\n[\s\S]*error +vendor-wrong-type: .*the vendor answered 200 OK/,
    )
    expect(jsonOf<Listed>(await sluice('runs', '--limit', '1', '--json'))).toHaveLength(1)
    expect((await sluice('runs', '--stream', 'binance.trades')).out).toBe('There is no such run.\n')
  })

  it('runs what failed again, from where it stood, and nothing else', async () => {
    const { sluice, exchange } = await setupFailed()
    const before = exchange.calls.length
    const again = await sluice('runs', '--retry', '--json')
    expect(again.code, again.err).toBe(0)
    expect(jsonOf<{ runs: Listed }>(again).runs).toMatchObject([{ state: 'success', records: 520 }])
    expect(exchange.calls.length - before).toBe(6)
    const nothing = await sluice('runs', '--state', 'success', '--retry')
    expect([nothing.code, nothing.out]).toEqual([0, 'None of these runs has failed; there is nothing to run again.\n'])
  })

  it.each([
    [['--state', 'broken'], 'unknown-state', /There is no state "broken"; known: planned/],
    [['--limit', 'many'], 'bad-flag', /--limit many is no whole number/],
    [['4711'], 'unknown-run', /There is no run 4711/],
    [['abc'], 'unknown-run', /"abc" is no id of a run/],
  ])('refuses %j', async (args, code, message) => {
    const { sluice } = await setup()
    const refused = await sluice('runs', ...args, '--json')
    expect(refused.code).toBe(2)
    expect(jsonOf(refused)).toMatchObject({ error: { code, message: expect.stringMatching(message) } })
  })
})

describe('sluice limits', () => {
  it('says so when nothing has been spent, and afterwards what was', async () => {
    const { sluice } = await setup()
    expect((await sluice('limits')).out).toMatch(/^Nothing has been spent yet/)
    expect((await sluice('sync')).code).toBe(0)
    expect((await sluice('limits')).out).toMatch(
      /binance\/weight\/default +\d\d \/ 4,200 per 1 min +\d\d \/ 252,000 \(0\.0%\) +open/,
    )
    const told = jsonOf<{ buckets: { used: number; hour: number }[] }>(await sluice('limits', '--json'))
    expect(told.buckets[0]!.used).toBeGreaterThanOrEqual(16)
    expect(told.buckets[0]!.hour).toBe(told.buckets[0]!.used)
    expect(told).toMatchObject({
      buckets: [
        {
          bucket: 'binance/weight/default',
          kind: 'fixed',
          used: expect.any(Number),
          ceiling: 4200,
          every: 60_000,
          runs: [],
        },
      ],
    })
  })

  it('and status tell who waits, for what, and until when', async () => {
    const { begin, sluice, exchange, database } = await setup()
    exchange.faults.add({ kind: 'status', status: 429, retryAfter: 600, match: { path: klines, nth: 3 } })
    const loading = begin('sync')
    await until('the run waits', async () => (await sluice('runs', '--state', 'waiting')).out.includes('throttled'))
    const { out } = await sluice('limits')
    expect(out).toMatch(/closed until 12:10:30: .*Too many requests.* 1 normal, from 12:10:29/)
    const status = (await sluice('status')).out
    expect(status).toMatch(/waiting .*throttled until 12:10:30 UTC: bucket binance\/weight\/default/)
    expect(status).toMatch(/done about 2025-03-10 12:1\d:\d\d: 6 questions to go, quota 4,200 per 1 min/)
    await database.at(new Date(Date.parse(noon) + 600_000))
    expect((await loading.ended).code).toBe(0)
  })

  it('looks again every second until it is stopped, with --watch', async () => {
    const { begin } = await setup()
    const watching = begin('limits', '--watch', '--json')
    await until('it has looked twice', async () => watching.out().split('\n').length > 2)
    watching.signal('SIGINT')
    expect((await watching.ended).code).toBe(0)
  })
})
