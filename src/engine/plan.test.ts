import { expect, test } from 'vitest'
import { setup } from '../../test/setup/engine.ts'
import { mistrust } from './verify.ts'

const day = 86_400_000

test('a full load equals the truth row by row, and is proven', async () => {
  const bench = await setup()
  await bench.start()
  const [run] = await bench.sync()
  expect(run).toMatchObject({ state: 'success', warning: null, pages: 12, records: 1200, inserted: 1200, changed: 0 })
  expect(await bench.rows()).toEqual(bench.truth())
  expect(await bench.verify()).toMatchObject({ rows: 1200, counted: 1200, wrong: [], open: [], holes: [] })
})

test('many parts load side by side, weeks and months among them', async () => {
  const symbols = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT']
  const listings = symbols.map(symbol => ({ symbol, listed: Date.parse('2025-01-01T00:00:00Z'), quiet: 0.2 }))
  const bench = await setup({
    now: '2026-03-10T20:00:30Z',
    world: { symbols: listings },
    options: { symbols, interval: ['1h', '1d', '1w', '1M', '15m'], start_date: '2026-01-05', batch_size: 1000 },
  })
  await bench.start()
  const runs = await bench.sync()
  expect(runs.map(({ state }) => state)).toEqual(Array(15).fill('success'))
  for (const symbol of symbols) {
    for (const interval of ['1h', '1d', '1w', '15m']) {
      expect(await bench.rows({ symbol, interval })).toEqual(bench.truth({ symbol, interval }, '2026-01-05'))
    }
    expect(await bench.rows({ symbol, interval: '1M' })).toEqual(bench.truth({ symbol, interval: '1M' }, '2026-02-01'))
  }
})

test('what is complete is not asked for again', async () => {
  const bench = await setup()
  await bench.start()
  await bench.sync()
  const calls = bench.sim.calls.length
  expect(await bench.want()).toEqual({ runs: [], complete: [bench.slice()], followed: [] })
  expect(await bench.want({ from: '2026-03-01', to: '2026-03-01T10:00:00Z' })).toMatchObject({ runs: [] })
  expect(bench.sim.calls).toHaveLength(calls)
})

test('later runs ask for what is new and nothing else', async () => {
  const bench = await setup()
  await bench.start()
  await bench.sync()
  for (const minutes of [1, 5, 250]) {
    await bench.pass(minutes * 60_000)
    expect(await bench.sync()).toMatchObject([{ state: 'success', inserted: minutes, records: minutes }])
  }
  expect(await bench.rows()).toEqual(bench.truth())
  expect(bench.sent()).toBe(bench.truth().length)
})

test('a run follows the present while it works', async () => {
  const bench = await setup()
  await bench.start()
  const hold = bench.sim.faults.add({ kind: 'hold', match: { nth: 5 } })
  const { runs } = await bench.want()
  await hold.reached
  await bench.pass(600_000)
  hold.release()
  expect(await bench.finish(runs)).toMatchObject([{ state: 'success', records: 1210 }])
  expect(await bench.rows()).toEqual(bench.truth())
})

test('an earlier START_DATE loads only what lacks', async () => {
  const bench = await setup()
  await bench.start()
  await bench.sync()
  const before = bench.sent()
  bench.change({ start_date: '2026-02-28T12:00' })
  expect(await bench.sync()).toMatchObject([{ state: 'success', inserted: 720 }])
  expect(bench.sent() - before).toBe(720)
  expect(await bench.rows()).toEqual(bench.truth(undefined, '2026-02-28T12:00:00Z'))
  expect((await bench.want()).runs).toEqual([])
})

test('a part that is new is loaded beside those that are complete', async () => {
  const symbols = ['BTCUSDT', 'ETHUSDT'].map(symbol => ({ symbol, listed: 0 }))
  const bench = await setup({ world: { symbols } })
  await bench.start()
  await bench.sync()
  bench.change({ symbols: 'BTCUSDT,ETHUSDT' })
  const planned = await bench.want()
  expect([planned.runs.length, planned.complete]).toEqual([1, [bench.slice()]])
  await bench.finish(planned.runs)
  const eth = { symbol: 'ETHUSDT', interval: '1m' }
  expect(await bench.rows(eth)).toEqual(bench.truth(eth))
})

test('a range loads its time and no more, and is proven', async () => {
  const bench = await setup()
  await bench.start()
  const [run] = await bench.sync({ from: '2026-03-01T05:00:00Z', to: '2026-03-01T08:00:00Z' })
  expect(run).toMatchObject({ state: 'success', records: 180 })
  expect(await bench.rows()).toEqual(bench.truth(undefined, '2026-03-01T05:00:00Z', '2026-03-01T08:00:00Z'))
  expect(await bench.verify()).toMatchObject({ rows: 180, wrong: [], open: [] })
})

test('ranges that overlap share: nothing is asked for twice', async () => {
  const bench = await setup()
  await bench.start()
  await bench.sync({ from: '2026-03-01T05:00:00Z', to: '2026-03-01T08:00:00Z' })
  const runs = await bench.sync({ from: '2026-03-01T04:00:00Z', to: '2026-03-01T09:00:00Z' })
  expect(runs.map(({ records }) => records)).toEqual([60, 60])
  expect(bench.sent()).toBe(300)
})

test('a load to the present goes on behind a range at its beginning', async () => {
  const bench = await setup()
  await bench.start()
  await bench.sync({ from: '2026-03-01', to: '2026-03-01T08:00:00Z' })
  await bench.sync()
  expect(await bench.rows()).toEqual(bench.truth())
  expect(bench.sent()).toBe(1200)
})

test('a load to the present goes around ranges in the middle of its history', async () => {
  const bench = await setup()
  await bench.start()
  await bench.sync({ from: '2026-03-01T05:00:00Z', to: '2026-03-01T08:00:00Z' })
  await bench.sync({ from: '2026-03-01T12:00:00Z', to: '2026-03-01T13:00:00Z' })
  expect(await bench.sync()).toMatchObject([{ state: 'success', records: 960 }])
  expect(await bench.rows()).toEqual(bench.truth())
  expect(await bench.verify()).toMatchObject({ rows: 1200, wrong: [], open: [] })
  expect(bench.sent()).toBe(1200)
})

test('a range ahead of the standing position is not asked for again when the present arrives', async () => {
  const bench = await setup()
  await bench.start()
  await bench.sync()
  await bench.pass(3 * 3_600_000)
  await bench.sync({ from: '2026-03-01T21:00:00Z', to: '2026-03-01T22:00:00Z' })
  await bench.sync()
  expect(await bench.rows()).toEqual(bench.truth())
  expect(bench.sent()).toBe(1380)
  await bench.pass(60_000)
  expect(await bench.sync()).toMatchObject([{ records: 1, state: 'success' }])
})

test('a range whose proof is lost after its last page is asked for again from its beginning', async () => {
  const bench = await setup()
  await bench.start()
  const range = { from: '2026-03-01T05:00:00Z', to: '2026-03-01T08:00:00Z' }
  await bench.sync(range)
  await bench.store.query('delete from binance.candles')
  await mistrust(bench, bench.source, await bench.verify())
  // As a worker leaves it that dies after the last page.
  const end = Date.parse(range.to)
  const cursor = JSON.stringify({ startTime: end, since: end })
  await bench.store.query('update sluice.checkpoints set cursor = $1, position = to_at', [cursor])
  expect(await bench.sync(range)).toMatchObject([{ state: 'success', inserted: 180 }])
  expect(await bench.verify()).toMatchObject({ counted: 180, wrong: [], open: [] })
})

test('a range before the load is asked for alone', async () => {
  const bench = await setup()
  await bench.start()
  await bench.sync()
  const runs = await bench.sync({ from: '2026-02-28T23:00:00Z', to: '2026-03-01T10:00:00Z' })
  expect(runs).toMatchObject([{ records: 60, state: 'success' }])
  expect(bench.sent()).toBe(1260)
})

test('a range that a load to the present is working on is complete afterwards, whoever was first', async () => {
  const bench = await setup()
  await bench.start()
  const hold = bench.sim.faults.add({ kind: 'hold', match: { nth: 3 } })
  const standing = await bench.want()
  await hold.reached
  const range = await bench.want({ from: '2026-03-01T06:00:00Z', to: '2026-03-01T09:00:00Z' })
  hold.release()
  const ended = await bench.finish([...standing.runs, ...range.runs])
  expect(ended.map(({ state }) => state)).toEqual(ended.map(() => 'success'))
  expect(await bench.rows()).toEqual(bench.truth())
  expect(await bench.verify()).toMatchObject({ rows: 1200, wrong: [], open: [] })
})

test('a range that lies ahead, or ends before it begins, needs nothing', async () => {
  const bench = await setup()
  await bench.start()
  expect((await bench.want({ from: '2027-01-01' })).runs).toEqual([])
  expect((await bench.want({ from: '2026-02-02', to: '2026-02-01' })).runs).toEqual([])
})

test('the time before a symbol was listed is a hole, and no fault', async () => {
  const bench = await setup({ world: { symbols: [{ symbol: 'BTCUSDT', listed: Date.parse('2026-03-01T06:30:00Z') }] } })
  await bench.start()
  expect(await bench.sync()).toMatchObject([{ state: 'success', records: 810 }])
  expect(await bench.holes()).toMatchObject([
    { from: new Date('2026-03-01'), to: new Date('2026-03-01T06:30:00Z'), status: 'suspected' },
  ])
})

test('an outage is suspected, absent after a second look, and never asked for again', async () => {
  const outage = { from: Date.parse('2026-03-01T10:00:00Z'), to: Date.parse('2026-03-01T13:00:00Z') }
  const bench = await setup({ world: { outages: [outage] } })
  await bench.start()
  expect(await bench.sync()).toMatchObject([{ state: 'success', records: 1020, warning: null }])
  const hole = { from: new Date(outage.from), to: new Date(outage.to) }
  expect(await bench.holes()).toMatchObject([{ ...hole, status: 'suspected' }])
  await bench.pass(9 * 60_000)
  expect(await bench.sync()).toMatchObject([{ span: 'now', records: 9 }])
  await bench.pass(60_000)
  expect(await bench.sync()).toMatchObject([
    { span: 'now', records: 1, warning: null },
    { cause: 'heal', priority: 'low', records: 0, state: 'success', warning: null },
  ])
  expect(await bench.holes()).toMatchObject([{ ...hole, status: 'absent' }])
  expect(await bench.alerts()).toEqual([])
  await bench.pass(day)
  const calls = bench.sim.calls.length
  await bench.sync()
  const asked = bench.sim.calls.slice(calls).map(({ query }) => Number(query.startTime))
  expect(Math.min(...asked)).toBeGreaterThan(outage.to)
  expect(await bench.verify()).toMatchObject({ wrong: [], open: [] })
  expect(await bench.rows()).toEqual(bench.truth())
})

test('candles that come late are filled in at the second look', async () => {
  const bench = await setup()
  await bench.start()
  bench.sim.faults.add({ kind: 'late', ms: 300_000, times: Number.POSITIVE_INFINITY })
  await bench.sync()
  expect(await bench.holes()).toMatchObject([{ status: 'suspected' }])
  for (const planted of bench.sim.faults.list()) planted.remove()
  await bench.pass(11 * 60_000)
  await bench.sync()
  expect(await bench.holes()).toEqual([])
  expect(await bench.rows()).toEqual(bench.truth())
})

test('nothing new after a history of rows is a warning, until rows come again', async () => {
  const outage = { from: Date.parse('2026-03-01T20:00:00Z'), to: Date.parse('2026-03-01T21:00:00Z') }
  const bench = await setup({ world: { outages: [outage] } })
  await bench.start()
  await bench.sync()
  await bench.pass(10 * 60_000)
  const [run] = await bench.sync()
  expect(run).toMatchObject({
    state: 'success',
    records: 0,
    warning: expect.stringContaining('the vendor had nothing'),
  })
  expect(await bench.alerts()).toMatchObject([{ code: 'empty', level: 'warning' }])
  await bench.pass(day)
  await bench.sync()
  expect(await bench.alerts()).toEqual([])
})

test('pages that are doubled and reordered leave the same rows', async () => {
  const bench = await setup()
  await bench.start()
  bench.sim.faults.add({ kind: 'doubled', times: 6 })
  bench.sim.faults.add({ kind: 'reordered', times: 9 })
  const [run] = await bench.sync()
  expect(run).toMatchObject({ state: 'success', inserted: 1200, quarantined: 0 })
  expect(await bench.rows()).toEqual(bench.truth())
  expect(await bench.verify()).toMatchObject({ rows: 1200, wrong: [] })
})

test('minutes that are not aligned are kept as the exchange has them', async () => {
  const misaligned = [
    { from: Date.parse('2026-03-01T03:00:00Z'), to: Date.parse('2026-03-01T05:00:00Z'), shift: 13_000 },
  ]
  const bench = await setup({ world: { misaligned } })
  await bench.start()
  expect(await bench.sync()).toMatchObject([{ state: 'success', quarantined: 0 }])
  expect(await bench.rows()).toEqual(bench.truth())
})

test('numbers are stored digit for digit', async () => {
  const openTime = Date.parse('2026-03-01T10:00:00Z')
  const quirk = (field: number, value: unknown) => ({ symbol: 'BTCUSDT', interval: '1m', openTime, field, value })
  const bench = await setup({
    world: { quirks: [quirk(1, '5E-8'), quirk(5, '123456789012345678901234567890.12345678')] },
  })
  await bench.start()
  await bench.sync()
  const row = (await bench.rows()).find(([open]) => open === openTime)
  expect(row?.slice(1, 2)).toEqual(['0.00000005'])
  expect(row?.[5]).toBe('123456789012345678901234567890.12345678')
})

test('a first load has the priority its stream gives first loads; what follows has the usual one', async () => {
  const bench = await setup()
  await bench.start()
  Object.assign(bench.source, { stream: { ...bench.source.stream, priority: { initial: 'high', usual: 'normal' } } })
  expect(await bench.sync()).toMatchObject([{ priority: 'high', state: 'success' }])
  await bench.pass(60_000)
  expect(await bench.sync()).toMatchObject([{ priority: 'normal', state: 'success' }])
})
