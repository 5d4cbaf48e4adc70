import { expect, test } from 'vitest'
import { setup } from '../../test/setup/engine.ts'
import type { Source } from '../core/source.ts'
import type { PullStream } from '../core/stream.ts'
import { replay } from './replay.ts'

/** The stream as an author wrote it who did not know that this may happen. */
function strict({ stream, ...source }: Source): Source {
  const safeParse = (given: unknown[]) =>
    (given[8] as number) % 7 === 0
      ? { success: false, error: { issues: [{ path: [8], message: 'is a multiple of seven' }] } }
      : stream.record.safeParse(given)
  return { ...source, stream: { ...stream, record: { safeParse } as unknown as PullStream['record'] } as PullStream }
}

test('records with a time become rows, and what was proven without them is proven with them', async () => {
  const bench = await setup()
  await bench.start({ sources: [strict(bench.source)] })
  const [run] = await bench.sync()
  expect(run).toMatchObject({ state: 'partial', records: 1200 })
  const lost = run!.quarantined
  expect(lost).toBeGreaterThan(50)
  expect(await bench.verify()).toMatchObject({ rows: 1200 - lost, counted: 1200 - lost, wrong: [], quarantined: lost })
  const asked = bench.sim.calls.length
  expect(await replay(bench.store, [bench.source], { connector: 'binance' })).toEqual({
    ...{ tried: lost, inserted: lost, changed: 0, unneeded: 0, broken: 0 },
  })
  expect(bench.sim.calls).toHaveLength(asked)
  expect(await bench.rows()).toEqual(bench.truth())
  expect(await bench.verify()).toMatchObject({ rows: 1200, counted: 1200, wrong: [], open: [], quarantined: 0 })
})

test('a stretch that was wrong before stays wrong: replaying proves its own rows and no others', async () => {
  const bench = await setup()
  await bench.start({ sources: [strict(bench.source)] })
  const [run] = await bench.sync()
  await bench.store.query(`delete from binance.candles where timestamp = (select min(timestamp) from binance.candles)`)
  await replay(bench.store, [bench.source], {})
  expect(await bench.verify()).toMatchObject({ rows: 1200, counted: 1199, wrong: [{ counted: expect.any(Number) }] })
  expect(run!.quarantined).toBeGreaterThan(0)
})

test('records that are changes are not replayed', async () => {
  const bench = await setup()
  await bench.start({ sources: [strict(bench.source)] })
  await bench.sync()
  const partial = { ...bench.source, stream: { ...bench.source.stream, partial: true } as PullStream }
  await expect(replay(bench.store, [partial], {})).rejects.toMatchObject({ code: 'not-replayable' })
  expect((await bench.quarantine()).length).toBeGreaterThan(50)
})

/** The stream of a vendor that dates one of its candles far into the future. */
function astray({ stream, ...source }: Source): Source {
  const row: PullStream['row'] = (record, at) => {
    const made = stream.row(record, at)
    return (made.trades as number) % 7 === 0 ? { ...made, timestamp: Date.parse('2040-01-01T00:00:00Z') } : made
  }
  return { ...source, stream: { ...stream, row } as PullStream }
}

test('a record that lay outside of the time that was asked for stays in quarantine while it still does', async () => {
  const bench = await setup()
  await bench.start({ sources: [astray(bench.source)] })
  const [run] = await bench.sync()
  const lost = run!.quarantined
  expect(lost).toBeGreaterThan(50)
  expect(await replay(bench.store, [astray(bench.source)], {})).toMatchObject({
    tried: lost,
    inserted: 0,
    broken: lost,
  })
  expect((await bench.quarantine())[0]).toMatchObject({ reason: 'lies outside of the time that was asked for' })
  expect(await replay(bench.store, [bench.source], {})).toMatchObject({ tried: lost, inserted: lost, broken: 0 })
  expect(await bench.verify()).toMatchObject({ rows: 1200, counted: 1200, wrong: [], quarantined: 0 })
})
