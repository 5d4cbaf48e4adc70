import { expect, test } from 'vitest'
import { setupPull } from '../../test/pull/bench.ts'
import { move } from '../../test/pull/depot.ts'
import { finishRuns, setup as setupTime } from '../../test/setup/engine.ts'
import { rangeText } from '../core/range.ts'
import { newborn, sliceOf } from '../core/source.ts'
import { beginSpan, dropCheckpoint } from '../db/checkpoints.ts'
import { readPauses } from '../db/pauses.ts'
import { dismiss } from '../db/quarantine.ts'
import { prepareNewborn, swapNewborn } from './generation.ts'
import { plan } from './plan.ts'

/** A stream of the depot, and how it is loaded anew. */
async function setup(name: string) {
  const bench = await setupPull(name)
  const load = async () => {
    await prepareNewborn(bench.store, bench.source(), {})
    const wish = { source: newborn(bench.source()), parts: [{}], cause: 'sync' as const }
    return bench.finish((await plan(bench.engine(), wish)).runs)
  }
  const swap = (acceptsFewer = false) => swapNewborn(bench, bench.source(), {}, acceptsFewer)
  return { ...bench, load, swap }
}

const amounts = 'select id::int, amount from depot.moves order by id'
const numbers = (count: number) => Array.from({ length: count }, (_, nth) => nth + 1)

test('damaged rows are replaced when the new generation is complete, with what is proven of them; until then nothing changes', async () => {
  const bench = await setup('moves')
  bench.depot.moves.push(...numbers(25).map(id => move(id)))
  await bench.sync()
  const whole = await bench.rows(amounts)
  await bench.rows('update depot.moves set amount = 0, version = 99 where id < 10')
  await bench.rows('delete from depot.moves where id = 20')
  await bench.rows(`insert into depot.moves (account, id, version, amount, currency) values ('other', 1, 1, 7, 'EUR')`)
  const damaged = await bench.rows(amounts)
  expect(await bench.load()).toMatchObject([{ stream: 'moves~new', state: 'success', records: 25 }])
  expect(await bench.rows(amounts)).toEqual(damaged)
  const { before, after, kept } = await bench.swap()
  expect([before, after]).toEqual([24, 25])
  expect(await bench.rows(`select id::int, amount from depot.moves where account = 'main' order by id`)).toEqual(whole)
  expect(await bench.rows(`select amount from depot.moves where account = 'other'`)).toEqual([{ amount: '7.00' }])
  expect(await bench.rows(`select count(*)::int as n from ${kept}`)).toEqual([{ n: 24 }])
  expect(await bench.verify()).toMatchObject({ rows: 25, counted: 25, wrong: [], open: [] })
  bench.depot.moves.push(move(26))
  expect(await bench.sync()).toMatchObject([{ state: 'success', inserted: 1 }])
  expect(await bench.verify()).toMatchObject({ rows: 26, counted: 26, wrong: [], open: [] })
})

test('a new generation that is incomplete, or suspiciously smaller, replaces nothing; the latter can be accepted', async () => {
  const bench = await setup('moves')
  bench.depot.moves.push(...numbers(20).map(id => move(id)))
  await bench.sync()
  await expect(bench.swap()).rejects.toMatchObject({ code: 'new-incomplete' })
  bench.depot.moves.splice(5, 15)
  bench.depot.moves[0]!.amount = 'free'
  expect(await bench.load()).toMatchObject([{ state: 'partial' }])
  await expect(bench.swap()).rejects.toMatchObject({ code: 'new-incomplete' })
  bench.depot.moves[0]!.amount = '1.50'
  await prepareNewborn(bench.store, bench.source(), {}, true)
  expect(await bench.load()).toMatchObject([{ state: 'success', records: 5 }])
  await expect(bench.swap()).rejects.toThrow('5 rows where 20 are in use')
  expect(await bench.rows(amounts)).toHaveLength(20)
  expect(await bench.swap(true)).toMatchObject({ before: 20, after: 5 })
  expect(await bench.rows(amounts)).toHaveLength(5)
})

test('as many new rows as the vendor has forgotten do not hide that it has forgotten them', async () => {
  const bench = await setup('moves')
  bench.depot.moves.push(...numbers(20).map(id => move(id)))
  await bench.sync()
  bench.depot.moves.splice(0, 1, move(21))
  bench.depot.moves.sort((a, b) => a.id - b.id)
  expect(await bench.load()).toMatchObject([{ state: 'success', records: 20 }])
  await expect(bench.swap()).rejects.toMatchObject({ code: 'new-smaller', message: expect.stringContaining('lacks 1') })
  expect(await bench.rows(amounts)).toHaveLength(20)
  expect(await bench.swap(true)).toMatchObject({ before: 20, after: 20, lacking: 1 })
})

test('what is collected while the new generation waits is not lacking in it: it is asked for again', async () => {
  const bench = await setup('moves')
  bench.depot.moves.push(...numbers(20).map(id => move(id)))
  await bench.sync()
  await bench.load()
  await bench.pass(60_000)
  bench.depot.moves.push(move(21))
  await bench.sync()
  expect(await bench.swap()).toMatchObject({ before: 21, after: 20, lacking: 0 })
  await bench.sync()
  expect(await bench.rows(amounts)).toHaveLength(21)
  expect(await bench.verify()).toMatchObject({ rows: 21, counted: 21, wrong: [], open: [] })
})

test('a record in quarantine keeps the new generation from its place, however often the load goes on without it', async () => {
  const bench = await setup('moves')
  bench.depot.moves.push(...numbers(20).map(id => move(id)))
  await bench.sync()
  bench.depot.moves[7]!.amount = 'free'
  expect(await bench.load()).toMatchObject([{ state: 'partial' }])
  expect(await bench.load()).toMatchObject([{ state: 'success' }])
  await expect(bench.swap()).rejects.toMatchObject({
    code: 'new-incomplete',
    message: expect.stringContaining('moves~new'),
  })
  expect(await bench.rows(amounts)).toHaveLength(20)
  await dismiss(bench.store, { connector: 'depot', stream: 'moves~new' })
  expect(await bench.swap(true)).toMatchObject({ before: 20, after: 19, lacking: 1 })
})

test('what was in quarantine before is there afterwards: the vendor may no longer have it', async () => {
  const bench = await setup('moves')
  bench.depot.moves.push(...numbers(20).map(id => move(id)))
  bench.depot.moves[0]!.amount = 'free'
  await bench.sync()
  bench.depot.moves.shift()
  await bench.load()
  await bench.swap()
  expect(await bench.quarantine()).toMatchObject([{ stream: 'moves', field: 'amount', value: '"free"' }])
})

test('a load whose table had to be made anew begins from nothing, whatever it had brought before', async () => {
  const bench = await setup('moves')
  bench.depot.moves.push(...numbers(20).map(id => move(id)))
  await bench.sync()
  await bench.load()
  await bench.rows('alter table depot.moves add column remark text')
  expect(await bench.load()).toMatchObject([{ state: 'success', records: 20 }])
  expect(await bench.swap()).toMatchObject({ before: 20, after: 20, lacking: 0 })
})

test('a stream that was paused because it had gone wrong goes on when it has been loaded anew', async () => {
  const bench = await setup('moves')
  bench.depot.moves.push(...numbers(200).map(id => move(id)))
  for (const each of bench.depot.moves) each.amount = 'free'
  expect(await bench.sync()).toMatchObject([{ state: 'failed', errorCode: 'too-many-broken' }])
  for (const each of bench.depot.moves) each.amount = '1.50'
  await bench.load()
  expect(await readPauses(bench.store)).toMatchObject([{ stream: 'moves' }])
  await bench.swap()
  expect(await readPauses(bench.store)).toEqual([])
  expect(await bench.alerts()).toEqual([])
})

test('of a list, rows that the new generation lacks are marked as gone, unless they are suspiciously many', async () => {
  const bench = await setup('stock')
  for (const id of numbers(30)) bench.depot.stock.set(id, id * 2)
  await bench.sync()
  await bench.rows('update depot.stock set quantity = -1 where id = 3')
  await bench.rows(`insert into depot.stock values (999, 5, sluice.now())`)
  expect(await bench.load()).toMatchObject([{ state: 'success' }])
  await bench.rows(`insert into depot.stock select id, 5, sluice.now() from generate_series(1000, 1003) id`)
  await expect(bench.swap()).rejects.toThrow('lacks 5 of those')
  await bench.rows('delete from depot.stock where id >= 1000')
  expect(await bench.swap()).toMatchObject({ before: 31, after: 30, lacking: 1 })
  expect(await bench.rows('select quantity from depot.stock where id = 3')).toEqual([{ quantity: 6 }])
  expect(await bench.rows('select id::int from depot.stock where gone_at is not null')).toEqual([{ id: 999 }])
  expect(await bench.verify()).toMatchObject({ rows: 30, counted: 30, wrong: [] })
})

test('records with a time are loaded anew, too, with the partitions they need, and go on from where the new generation ends', async () => {
  const bench = await setupTime({ now: '2026-03-01T04:00:30Z' })
  const { engine } = await bench.start()
  await bench.sync()
  await bench.store.query('update binance.candles set close_price = 0, trades = trades + 1')
  await bench.store.query('drop table binance.candles_2026_03')
  const part = bench.slice().part
  await prepareNewborn(bench.store, bench.source, part)
  const { runs } = await plan(engine, { source: newborn(bench.source), parts: [part], cause: 'sync' })
  const world = { store: bench.store, at: bench.at, now: bench.now, calls: () => bench.sim.calls.length }
  expect(await finishRuns(world, runs)).toMatchObject([{ state: 'success', records: 240 }])
  const theirs = sliceOf(newborn(bench.source), part)
  const before = { from: new Date('2026-02-28T00:00:00Z'), to: new Date('2026-03-01T00:00:00Z') }
  await beginSpan(bench.store, theirs, before)
  const isRefused = expect(swapNewborn(bench, bench.source, part, false)).rejects
  await isRefused.toMatchObject({ code: 'new-incomplete', message: expect.stringContaining('2026-02-28') })
  await dropCheckpoint(bench.store, theirs, rangeText(before))
  await swapNewborn(bench, bench.source, part, false)
  expect(await bench.rows()).toEqual(bench.truth())
  await bench.pass(600_000)
  expect(await bench.sync()).toMatchObject([{ state: 'success', records: 10 }])
  expect(await bench.verify()).toMatchObject({ rows: 250, counted: 250, wrong: [], open: [] })
})

test('a run that is under way when the generations change begins anew from the new one', async () => {
  const bench = await setup('moves')
  bench.depot.moves.push(...numbers(15).map(id => move(id)))
  await bench.sync()
  await bench.load()
  bench.depot.moves.push(
    ...numbers(30)
      .slice(15)
      .map(id => move(id)),
  )
  const held = Promise.withResolvers<void>()
  let isHeld = false
  const { fetch } = bench.depot
  bench.depot.fetch = async request => {
    if (request.url.includes('after=2') && !isHeld) {
      isHeld = true
      await held.promise
    }
    return fetch(request)
  }
  const ids = await bench.want()
  while (!isHeld) await new Promise(resolve => setImmediate(resolve))
  await bench.swap(true)
  held.resolve()
  bench.depot.fetch = fetch
  expect(await bench.finish(ids)).toMatchObject([{ state: 'success' }])
  expect(await bench.rows(amounts)).toHaveLength(30)
  expect(await bench.verify()).toMatchObject({ rows: 30, counted: 30, wrong: [], open: [] })
})
