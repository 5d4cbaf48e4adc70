import { randomUUID } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { setup } from '../../test/setup/engine.ts'
import { suspectAsks } from '../db/orphans.ts'
import { claimRun } from '../db/runs.ts'
import { adopt, rescue } from './tend.ts'

test('a run whose worker is gone goes on elsewhere, and the stalled worker commits nothing more', async () => {
  const bench = await setup()
  const stalled = await bench.start({ runs: 1 })
  const hold = bench.sim.faults.add({ kind: 'hold', match: { nth: 5 } })
  const { runs } = await bench.want()
  await hold.reached
  await vi.waitFor(async () => expect((await bench.run(runs[0]!)).pages).toBe(4))
  await stalled.vanish()
  await bench.start()
  const run = await bench.ended(runs[0]!)
  const checkpoints = () =>
    bench.store.query('select cursor, position, version, run_id, updated_at from sluice.checkpoints')
  const before = [await checkpoints(), await bench.rows(), await bench.verify(), await bench.run(runs[0]!)]
  expect(run).toMatchObject({ state: 'success', records: 1200, pages: 12 })

  bench.sim.alter({
    symbol: 'BTCUSDT',
    interval: '1m',
    openTime: Date.parse('2026-03-01T07:00:00Z'),
    field: 8,
    value: 99_999,
  })
  hold.release()
  await vi.waitFor(() => expect(stalled.log).toEqual([expect.stringContaining('another worker took this run over')]))
  expect([await checkpoints(), await bench.rows(), await bench.verify(), await bench.run(runs[0]!)]).toEqual(before)
})

test('an adopted run begins at the page that was committed last', async () => {
  const bench = await setup()
  const lost = await bench.start({ runs: 1 })
  const hold = bench.sim.faults.add({ kind: 'hold', match: { nth: 8 } })
  const { runs } = await bench.want()
  await hold.reached
  await vi.waitFor(async () => expect((await bench.run(runs[0]!)).pages).toBe(7))
  await lost.vanish()
  await bench.start()
  await bench.finish(runs)
  const asked = bench.sim.calls.map(({ query }) => query.startTime)
  expect(asked[8]).toBe(asked[7])
  expect(new Set(asked).size).toBe(asked.length - 1)
})

test('a run that was stopped is given back, and another engine finishes it', async () => {
  const bench = await setup()
  const first = await bench.start()
  const hold = bench.sim.faults.add({ kind: 'hold', match: { nth: 5 } })
  const { runs } = await bench.want()
  await hold.reached
  await first.stop()
  expect(await bench.run(runs[0]!)).toMatchObject({
    ...{ state: 'waiting', reason: 'the process that worked on it was stopped', worker: null, deaths: 0 },
    records: 400,
  })
  await bench.start()
  expect(await bench.ended(runs[0]!)).toMatchObject({ state: 'success', records: 1200 })
  expect(await bench.rows()).toEqual(bench.truth())
})

test('a run whose workers die three times without a page fails, and the next one is tried', async () => {
  const bench = await setup()
  const watcher = await bench.start({ worker: false })
  const { runs } = await bench.want()
  for (const deaths of [1, 2, 3]) {
    const claim = { id: runs[0]!, worker: `gone:${deaths}`, job: randomUUID(), attempt: 0 }
    await suspectAsks(bench.store, (await claimRun(bench.store, claim))!)
    await adopt(watcher.engine)
    await vi.waitFor(async () => expect(await bench.run(runs[0]!)).toMatchObject({ state: 'planned', deaths }))
  }
  const { log } = await bench.start()
  expect(await bench.finish(runs)).toMatchObject([
    { state: 'failed', errorCode: 'worker-died', error: expect.stringContaining('its worker died 3 times') },
  ])
  expect(await bench.alerts()).toMatchObject([{ level: 'critical', code: 'worker-died' }])
  expect(log).toEqual([expect.stringMatching(/^error: .* its worker died 3 times/)])
  expect(bench.sim.calls).toEqual([])
  expect(await bench.sync()).toMatchObject([{ state: 'success' }])
  expect(await bench.alerts()).toEqual([])
})

test('a run that has had no turn to ask is not blamed for the deaths of its workers', async () => {
  const bench = await setup()
  const watcher = await bench.start({ worker: false })
  const { runs } = await bench.want()
  for (const death of [1, 2, 3, 4]) {
    await claimRun(bench.store, { id: runs[0]!, worker: `gone:${death}`, job: randomUUID(), attempt: 0 })
    await adopt(watcher.engine)
    await vi.waitFor(async () => expect(await bench.run(runs[0]!)).toMatchObject({ state: 'planned', deaths: 1 }))
  }
  await bench.start()
  expect(await bench.finish(runs)).toMatchObject([{ state: 'success', deaths: 0 }])
})

test('a run that kills its worker with every answer fails after the third', async () => {
  const bench = await setup()
  const watcher = await bench.start({ worker: false })
  const { runs } = await bench.want()
  for (const deaths of [1, 2, 3]) {
    const hold = bench.sim.faults.add({ kind: 'hold' })
    const killed = await bench.start({ runs: 1 })
    await hold.reached
    await killed.vanish()
    await vi.waitFor(async () => {
      await adopt(watcher.engine)
      expect(await bench.run(runs[0]!)).toMatchObject({ deaths })
    })
    await killed.stop()
    hold.remove()
  }
  await bench.start()
  expect(await bench.finish(runs)).toMatchObject([{ state: 'failed', errorCode: 'worker-died', pages: 0 }])
  expect(bench.sim.calls).toHaveLength(3)
})

test.each([2, -60])(
  'a run whose job the queue has lost gets a new one, also if the clock goes %i minutes',
  async minutes => {
    const bench = await setup()
    const { engine, log } = await bench.start({ worker: false })
    const { runs } = await bench.want()
    await rescue(engine)
    await bench.store.query('delete from sluice_queue.job')
    await rescue(engine)
    expect(log).toEqual([])
    await bench.pass(minutes * 60_000)
    await rescue(engine)
    await rescue(engine)
    expect(log).toEqual(['warn: 1 runs had no job in the queue; they have new ones'])
    await bench.start()
    expect(await bench.ended(runs[0]!)).toMatchObject({ state: 'success', deaths: 0 })
  },
)

test('several engines share the runs, each of them worked once', async () => {
  const symbols = ['A', 'B', 'C', 'D', 'E', 'F']
  const world = { symbols: symbols.map(symbol => ({ symbol, listed: 0 })) }
  const bench = await setup({ world, options: { symbols, start_date: '2026-03-01T15:00' } })
  await bench.start({ runs: 2 })
  await bench.start({ runs: 2 })
  await bench.start({ runs: 2 })
  const runs = await bench.sync()
  expect(runs.map(({ state, records }) => [state, records])).toEqual(symbols.map(() => ['success', 300]))
  expect(bench.sent()).toBe(6 * 300)
})
