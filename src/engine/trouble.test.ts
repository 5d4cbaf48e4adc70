import { describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { setup } from '../../test/setup/engine.ts'
import { until } from '../../test/setup/sluice.ts'
import type { Vendor } from '../sim/serve.ts'

const always = Number.POSITIVE_INFINITY

/** Something in front of the exchange that refuses everybody while it is on. */
function refusal(body: object, status: number) {
  const state = { on: true, calls: 0 }
  const before = (vendor: Vendor): Vendor => ({
    fetch: async request => {
      if (!state.on) return vendor.fetch(request)
      state.calls++
      return Response.json(body, { status })
    },
  })
  return { state, before }
}

describe('the exchange stumbles', () => {
  /** How long at least: this clock goes on in steps whenever nothing happens. The exact waits stand in http/retry.test.ts. */
  test('and is asked again after waits that double', async () => {
    const bench = await setup({ options: { max_retries: 4, retry_delay: 4 } })
    await bench.start()
    bench.sim.faults.add({ kind: 'status', status: 500, times: 3 })
    expect(await bench.sync()).toMatchObject([{ state: 'success' }])
    const waits = bench.sim.calls.slice(1, 4).map(({ at }, place) => (at - bench.sim.calls[place]!.at) / 1000)
    for (const [place, wait] of waits.entries()) expect(wait).toBeGreaterThanOrEqual((4 * 2 ** place) / 2)
  })

  test.each(['reset', 'cut', 'short', 'html', 'garbage'] as const)(
    'with %s answers, and nothing is lost',
    async kind => {
      const bench = await setup()
      await bench.start()
      bench.sim.faults.add({ kind, times: 2, match: { nth: 4 } })
      expect(await bench.sync()).toMatchObject([{ state: 'success', records: 1200 }])
      expect(bench.sim.calls.filter(({ fault }) => fault === kind)).toHaveLength(2)
      expect(await bench.rows()).toEqual(bench.truth())
      expect(await bench.alerts()).toEqual([])
    },
  )

  test.each([500, 502, 503, 504])('with %i', async status => {
    const bench = await setup()
    await bench.start()
    bench.sim.faults.add({ kind: 'status', status, times: 2, match: { nth: 4 } })
    expect(await bench.sync()).toMatchObject([{ state: 'success', inserted: bench.truth().length }])
  })

  test('and the alert of it ends with the next success, in whatever order a part has its fields', async () => {
    const bench = await setup({ options: { max_retries: 1 } })
    const { stream } = bench.source
    const part = z.strictObject({ interval: z.string(), symbol: z.string() })
    await bench.start({ sources: [{ ...bench.source, stream: { ...stream, part } }] })
    bench.sim.faults.add({ kind: 'status', status: 500 })
    expect(await bench.sync()).toMatchObject([{ state: 'failed' }])
    expect(await bench.alerts()).toMatchObject([{ code: 'vendor-error' }])
    expect(await bench.sync()).toMatchObject([{ state: 'success' }])
    expect(await bench.alerts()).toEqual([])
  })

  test('for longer than the policy: the run fails with an alert, what it has stays, and the next one goes on', async () => {
    const bench = await setup()
    const { log } = await bench.start()
    const planted = bench.sim.faults.add({ kind: 'status', status: 500, times: always, match: { nth: 4 } })
    const [failed] = await bench.sync()
    expect(failed).toMatchObject({ state: 'failed', errorCode: 'vendor-error', records: 300 })
    expect(failed!.error).toMatch(
      /^binance\/public candles BTCUSDT\/1m: .*the vendor answered 500 .* \(after 3 tries\)$/,
    )
    expect(bench.sim.calls).toHaveLength(6)
    expect(await bench.alerts()).toMatchObject([{ level: 'warning', code: 'vendor-error', message: failed!.error }])
    expect(log).toEqual([`error: ${failed!.error}`])

    planted.remove()
    await bench.pass(60_000)
    expect(await bench.sync()).toMatchObject([{ state: 'success' }])
    expect(await bench.rows()).toEqual(bench.truth())
    expect(await bench.alerts()).toEqual([])
    expect(bench.sent()).toBe(bench.truth().length)
  })

  test('with another envelope for ever: three second looks, then a critical alert', async () => {
    const bench = await setup()
    await bench.start()
    bench.sim.faults.add({ kind: 'garbage', times: always })
    const [run] = await bench.sync()
    expect(run).toMatchObject({
      state: 'failed',
      errorCode: 'bad-page',
      error: 'binance/public candles BTCUSDT/1m: the answer is not a list of candles',
    })
    expect(bench.sim.calls).toHaveLength(4)
    expect(await bench.alerts()).toMatchObject([{ level: 'critical', code: 'bad-page' }])
  })

  test('by answering the same page for ever: it is told, not followed', async () => {
    const stuck = (vendor: Vendor): Vendor => ({
      fetch: request => {
        const url = new URL(request.url)
        url.searchParams.set('startTime', String(Date.parse('2026-03-01T00:00:00Z')))
        return vendor.fetch(new Request(url, request))
      },
    })
    const bench = await setup({ before: stuck })
    await bench.start()
    const [run] = await bench.sync()
    expect(run).toMatchObject({ state: 'failed', errorCode: 'stuck-cursor', records: 100 })
    expect(bench.sim.calls.length).toBeLessThan(5)
  })
})

describe('records that cannot become rows', () => {
  const minute = (n: number) => Date.parse('2026-03-01T10:00:00Z') + n * 60_000
  const quirk = (n: number, field: number, value: unknown) => ({
    ...{ symbol: 'BTCUSDT', interval: '1m' },
    ...{ openTime: minute(n), field, value },
  })
  const quirks = [
    quirk(0, 1, 'abc'),
    quirk(1, 2, '0.123456789'),
    quirk(2, 3, '1234567890123.5'),
    quirk(3, 4, ''),
    quirk(4, 8, 2 ** 31),
    quirk(5, 5, null),
    quirk(6, 7, 'NaN'),
  ]

  test('go to quarantine with their reason; the rest is stored and the range stays covered', async () => {
    const bench = await setup({ world: { quirks } })
    await bench.start()
    const [run] = await bench.sync()
    expect(run).toMatchObject({
      ...{ state: 'partial', records: 1200, inserted: 1193, quarantined: 7 },
      warning: '7 records are in quarantine',
    })
    expect(await bench.quarantine()).toMatchObject([
      { field: 'open_price', value: 'abc', reason: 'is not a number' },
      { field: 'high_price', value: '0.123456789', reason: 'has 9 decimals; the column holds 8 and would round it' },
      { field: 'low_price', value: '1234567890123.5', reason: 'has 13 digits before the point; the column holds 12' },
      { field: 'close_price', value: '', reason: 'is not a number' },
      { field: 'trades', value: '2147483648', reason: expect.stringContaining('is not a whole number between') },
      { field: '5', value: 'null', reason: expect.any(String) },
      { field: 'quote_volume', value: 'NaN', reason: 'is not a number' },
    ])
    const bad = new Set(quirks.map(({ openTime }) => openTime))
    expect(await bench.rows()).toEqual(bench.truth().filter(([open]) => !bad.has(open)))
    expect(await bench.verify()).toMatchObject({ rows: 1193, counted: 1193, wrong: [], open: [], quarantined: 7 })
  })

  test('keep the text they came as', async () => {
    const bench = await setup({ world: { quirks: quirks.slice(0, 1) } })
    await bench.start()
    await bench.sync()
    const [{ record } = { record: '' }] = await bench.quarantine()
    expect(JSON.parse(record)).toEqual(bench.truth().find(([open]) => open === minute(0)))
  })

  test('do not make the next run partial', async () => {
    const bench = await setup({ world: { quirks } })
    await bench.start()
    await bench.sync()
    await bench.pass(60_000)
    expect(await bench.sync()).toMatchObject([{ state: 'success', records: 1 }])
  })

  test('are kept once when their range is read again', async () => {
    const bench = await setup({ world: { quirks } })
    await bench.start()
    await bench.sync()
    await bench.store.query('delete from sluice.coverage')
    await bench.sync()
    expect((await bench.quarantine()).map(({ times }) => times)).toEqual([2, 2, 2, 2, 2, 2, 2])
  })
})

describe('the exchange says no', () => {
  const no = () => refusal({ code: -1121, msg: 'Invalid symbol.' }, 400)

  test('to a symbol: that part fails at once and in words, the others go on', async () => {
    const bench = await setup({ options: { symbols: ['NOPE', 'BTCUSDT'] } })
    await bench.start()
    const runs = await bench.sync()
    expect(runs).toMatchObject([
      {
        part: { symbol: 'NOPE' },
        state: 'failed',
        errorCode: 'vendor-rejected',
        error: expect.stringContaining('Binance does not list this symbol'),
      },
      { part: { symbol: 'BTCUSDT' }, state: 'success' },
    ])
    expect(bench.sim.calls.filter(({ status }) => status === 400)).toHaveLength(1)
  })

  test('three times in a row: schedules leave the part alone, a sync that succeeds lifts the pause', async () => {
    const { state, before } = no()
    const bench = await setup({ before })
    await bench.start()
    for (const rejections of [1, 2, 3]) {
      expect(await bench.pauses()).toEqual([])
      expect(await bench.sync()).toMatchObject([{ state: 'failed' }])
      expect(state.calls).toBe(rejections)
      await bench.pass(60_000)
    }
    expect(await bench.pauses()).toMatchObject([
      { part: { symbol: 'BTCUSDT' }, reason: expect.stringContaining('-1121') },
    ])
    const scheduler = await bench.start({ worker: false, scheduler: true })
    await vi.waitFor(async () => {
      const [schedule] = await bench.store.query<{ next: Date }>('select next_at as next from sluice.schedules')
      expect(schedule!.next.getTime()).toBeGreaterThan(bench.now())
    })
    await scheduler.stop()
    expect(await bench.latest()).toHaveLength(3)

    state.on = false
    expect(await bench.sync()).toMatchObject([{ state: 'success' }])
    expect([await bench.pauses(), await bench.alerts()]).toEqual([[], []])
  })

  test('to who we are: the whole stream is paused with one alert', async () => {
    const { before } = refusal({}, 401)
    const bench = await setup({ before })
    await bench.start()
    expect(await bench.sync()).toMatchObject([{ state: 'failed', errorCode: 'vendor-unauthorised' }])
    expect(await bench.pauses()).toMatchObject([{ stream: 'candles', part: {} }])
    expect(await bench.alerts()).toHaveLength(1)
  })
})

test('a fault of our own fails the run with its stack and a critical alert', async () => {
  const bench = await setup()
  await bench.start()
  const { stream } = bench.source
  const row = () => {
    throw new TypeError('cannot read properties of undefined')
  }
  Object.assign(bench.source, { stream: { ...stream, row } })
  const [run] = await bench.sync()
  expect(run).toMatchObject({ state: 'failed', errorCode: 'bug', error: expect.stringContaining('a fault in Sluice') })
  const [{ stack } = { stack: '' }] = await bench.store.query<{ stack: string }>('select stack from sluice.runs')
  expect(stack).toContain('trouble.test.ts')
  expect(await bench.alerts()).toMatchObject([{ level: 'critical', code: 'bug' }])
})

test('a run that comes to a process which does not know its stream is left for one that does', async () => {
  const bench = await setup()
  const stranger = await bench.start({ sources: [] })
  const { runs } = await bench.want()
  const left = () =>
    until('the run was left', async () => ((await bench.run(runs[0]!)).reason ? bench.run(runs[0]!) : null))
  expect(await left()).toMatchObject({ state: 'waiting', reason: expect.stringMatching(/process whose settings know/) })
  await stranger.stop()
  await bench.start()
  expect(await bench.finish(runs)).toMatchObject([{ state: 'success', retries: 0 }])
  expect(await bench.rows()).toEqual(bench.truth())
  expect(await bench.alerts()).toEqual([])
})

test('a run outlives the loss of every connection to the database', async () => {
  const bench = await setup()
  const { log } = await bench.start()
  const hold = bench.sim.faults.add({ kind: 'hold', match: { nth: 5 } })
  const { runs } = await bench.want()
  await hold.reached
  await bench.store.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  )
  hold.release()
  expect(await bench.finish(runs)).toMatchObject([{ state: 'success', records: 1200 }])
  expect(await bench.rows()).toEqual(bench.truth())
  expect(log.filter(line => line.startsWith('error') && !line.includes('does not answer'))).toEqual([])
})
