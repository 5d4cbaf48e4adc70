import { expect, test } from 'vitest'
import { regular } from '../../src/core/retry.ts'
import type { PullStream } from '../../src/core/stream.ts'
import { readCheckpoint } from '../../src/db/checkpoints.ts'
import { replay } from '../../src/engine/replay.ts'
import { mistrust } from '../../src/engine/verify.ts'
import { setupPull } from './bench.ts'
import { streamOf } from './connector.ts'
import { move } from './depot.ts'

const stored = 'select id::int, version, amount::text, note from depot.moves order by id'
const many = (count: number) => Array.from({ length: count }, (_, nth) => move(nth + 1))

test('pages are followed to the end, and the next run goes on where the last one ended', async () => {
  const bench = await setupPull('moves')
  bench.depot.moves = many(25)
  expect(await bench.sync()).toMatchObject([{ state: 'success', pages: 3, records: 25, inserted: 25, changed: 0 }])
  expect(await bench.sync()).toMatchObject([{ state: 'success', pages: 1, records: 0, inserted: 0 }])
  bench.depot.moves.push(move(26), move(3, { version: 2, amount: '9.99' }))
  expect(await bench.sync()).toMatchObject([{ state: 'success', records: 2, inserted: 1, changed: 1 }])
  expect(bench.depot.asked.map(line => /after=(\d+)/.exec(line)![1])).toEqual(['0', '10', '20', '25', '25'])
  const rows = await bench.rows<{ id: number; amount: string }>(stored)
  expect(rows).toHaveLength(26)
  expect(rows[2]).toEqual({ id: 3, version: 2, amount: '9.99', note: 'move 3' })
  expect(await bench.proven()).toMatchObject([{ kind: 'chain', rows: 26, complete: true }])
  expect(await bench.verify()).toMatchObject({ rows: 26, counted: 26, wrong: [], open: [], skipped: 0 })
})

test('rows that are lost are noticed, and --repair has everything asked for again', async () => {
  const bench = await setupPull('moves')
  bench.depot.moves = many(12)
  await bench.sync()
  await bench.rows('delete from depot.moves where id = 5')
  const proof = await bench.verify()
  expect(proof.wrong).toMatchObject([{ rows: 12, counted: 11 }])
  await mistrust(bench, bench.source(), proof)
  expect(await bench.sync()).toMatchObject([{ state: 'success', records: 12, inserted: 1, changed: 0 }])
  expect(await bench.verify()).toMatchObject({ wrong: [], counted: 12 })
})

test('what is forgotten reaches neither table, raw row nor quarantine', async () => {
  const bench = await setupPull('moves')
  bench.depot.moves = [move(1), move(2, { amount: 'free' })]
  expect(await bench.sync()).toMatchObject([{ state: 'partial', inserted: 1, quarantined: 1 }])
  expect(await bench.rows('select raw, account from depot.moves')).toEqual([
    { raw: { id: 1, version: 1, amount: '1.50', note: 'move 1', buyer: {} }, account: 'main' },
  ])
  const [bad] = await bench.quarantine()
  expect(bad).toMatchObject({ field: 'amount', value: '"free"', reason: 'is no amount' })
  expect(JSON.parse(bad!.record)).toEqual({ id: 2, version: 1, amount: 'free', note: 'move 2', buyer: {} })
  const everything = await bench.rows(
    'select r::text from sluice.runs r union all select q::text from sluice.quarantine q',
  )
  expect(JSON.stringify(everything)).not.toMatch(/\+7 999|Buyer/)
})

test('a run keeps what was wrong with its records, the most frequent first', async () => {
  const bench = await setupPull('moves')
  const wrong = (id: number) => move(id, { amount: -1 })
  bench.depot.moves = [move(1), wrong(2), wrong(3), move(4, { version: 0.5 }), move(5, { amount: '12345678901.00' })]
  const [run] = await bench.sync()
  expect(run).toMatchObject({ state: 'partial', records: 5, quarantined: 4, warning: '4 records are in quarantine' })
  expect(run!.findings).toEqual([
    { field: 'amount', reason: expect.stringContaining('expected string'), times: 2 },
    { field: 'amount', reason: 'has 11 digits before the point; the column holds 10', times: 1 },
    { field: 'version', reason: expect.stringContaining('int'), times: 1 },
  ])
})

test('a page that never comes is left out after every retry, the rest goes on, and it is asked for again later', async () => {
  const policy = { transient: regular({ retries: 2, every: '12m' }) }
  const bench = await setupPull('moves', { options: { policy } })
  bench.depot.moves = many(35)
  bench.depot.instead.push(path => (path.includes('after=10&') ? new Response('no', { status: 500 }) : undefined))
  const [run] = await bench.sync()
  expect(run).toMatchObject({ state: 'partial', records: 25, warning: 'not covered: 1 page that never came' })
  expect(bench.depot.asked.filter(line => line.includes('after=10&'))).toHaveLength(3)
  expect(await bench.skipped()).toMatchObject([{ cursor: { after: 10 }, times: 1 }])
  expect(await bench.verify()).toMatchObject({ rows: 25, counted: 25, skipped: 1, open: [] })

  bench.depot.instead = []
  await bench.pass(600_000)
  const runs = await bench.sync()
  expect(runs).toMatchObject([
    { span: 'now', state: 'success', records: 0 },
    { cause: 'heal', state: 'success', records: 10, inserted: 10 },
  ])
  expect(await bench.skipped()).toEqual([])
  expect(await bench.verify()).toMatchObject({ rows: 35, counted: 35, skipped: 0, wrong: [], open: [] })
  expect(await bench.proven()).toHaveLength(1)
})

test('a stream goes no further when too many of its records are broken, and keeps some of them as evidence', async () => {
  const bench = await setupPull('moves', { options: { limit: 100, tolerance: 0.2 } })
  bench.depot.moves = many(300).map(each => (each.id > 100 && each.id % 2 === 0 ? { ...each, amount: null } : each))
  const [run] = await bench.sync()
  expect(run).toMatchObject({ state: 'failed', errorCode: 'too-many-broken', pages: 1, records: 100 })
  expect(run!.error).toMatch(
    /^depot\/main moves: 50 of 200 records are broken, the first because amount: .*quarantine list$/,
  )
  expect(await bench.rows('select from depot.moves')).toHaveLength(100)
  expect(await bench.quarantine()).toHaveLength(20)
  expect(await bench.alerts()).toMatchObject([{ level: 'critical', code: 'too-many-broken' }])
  expect(await bench.rows('select stream from sluice.pauses')).toEqual([{ stream: 'moves' }])
  bench.depot.moves = many(300)
  expect(await bench.sync()).toMatchObject([{ state: 'success', records: 200 }])
  expect(await bench.rows('select stream from sluice.pauses')).toEqual([])
})

test('after a fix quarantined records become rows without a call, and an older one replaces nothing newer', async () => {
  const bench = await setupPull('moves')
  bench.depot.moves = [move(1), move(2, { amount: '2,50' }), move(3, { amount: '3,50' }), move(4, { amount: 'free' })]
  expect(await bench.sync()).toMatchObject([{ state: 'partial', inserted: 1, quarantined: 3 }])
  bench.depot.moves.push(move(3, { version: 2, amount: '33.00' }))
  await bench.sync()
  const asked = bench.depot.asked.length

  const { record } = bench.source().stream
  const lenient = { safeParse: (given: { amount: string }) => record.safeParse(mended(given)), parse: mended }
  await bench.restart({ record: lenient as unknown as typeof record })
  expect(await replay(bench.store, [bench.source()], { stream: 'moves' })).toEqual({
    ...{ tried: 3, inserted: 1, changed: 0, unneeded: 1, broken: 1 },
  })
  expect(bench.depot.asked).toHaveLength(asked)
  expect(await bench.rows(stored)).toEqual([
    { id: 1, version: 1, amount: '1.50', note: 'move 1' },
    { id: 2, version: 1, amount: '2.50', note: 'move 2' },
    { id: 3, version: 2, amount: '33.00', note: 'move 3' },
  ])
  expect(await bench.quarantine()).toMatchObject([{ field: 'amount', value: '"free"' }])
  expect(await bench.verify()).toMatchObject({ rows: 3, counted: 3, wrong: [], quarantined: 1 })
  expect(await replay(bench.store, [bench.source()], {})).toMatchObject({ tried: 1, broken: 1 })

  function mended(given: { amount: string }) {
    return { ...given, amount: given.amount.replace(',', '.') }
  }
})

test('a page of many records commits in sheets: only the last moves the cursor and the counters', async () => {
  const bench = await setupPull('bulk')
  bench.depot.moves = many(12_000)
  await bench.rows(`create table public.seen (version bigint, cursor jsonb, rows bigint, pages int)`)
  await bench.rows(`create function public.see() returns trigger language plpgsql as $$ begin
    insert into public.seen select new.version, new.cursor, (select count(*) from depot.moves),
      (select pages from sluice.runs where id = new.run_id); return null; end $$`)
  await bench.rows(`create constraint trigger seen after update on sluice.checkpoints deferrable initially deferred
    for each row execute function public.see()`)
  expect(await bench.sync()).toMatchObject([{ state: 'success', pages: 1, records: 12_000, inserted: 12_000 }])
  expect(await bench.rows('select cursor, rows::int, pages from public.seen order by version')).toEqual([
    { cursor: { after: 0 }, rows: 5_000, pages: 0 },
    { cursor: { after: 0 }, rows: 10_000, pages: 0 },
    { cursor: { after: 1 }, rows: 12_000, pages: 1 },
  ])
  expect(await bench.verify()).toMatchObject({ rows: 12_000, counted: 12_000, wrong: [] })
})

test('a page that is broken off between its sheets is asked for again, and nothing is doubled', async () => {
  const bench = await setupPull('bulk')
  bench.depot.moves = many(12_000).map(each => (each.id % 1000 === 7 ? { ...each, amount: 'free' } : each))
  await bench.rows(`create function public.refuse() returns trigger language plpgsql as $$ begin
    if new.id > 10000 then raise exception 'no more room here'; end if; return new; end $$`)
  await bench.rows('create trigger refuse before insert on depot.moves for each row execute function public.refuse()')
  expect(await bench.sync()).toMatchObject([{ state: 'failed', records: 0 }])
  expect(await bench.rows('select from depot.moves')).toHaveLength(9_990)
  expect((await readCheckpoint(bench.store, bench.slice, 'now'))?.cursor).toEqual({ after: 0 })
  await bench.rows('drop trigger refuse on depot.moves')
  expect(await bench.sync()).toMatchObject([{ state: 'partial', pages: 1, records: 12_000, quarantined: 12 }])
  expect(await bench.rows('select from depot.moves')).toHaveLength(11_988)
  expect(await bench.quarantine()).toHaveLength(12)
})

test('what the sheets of a broken off page have brought is counted, too', async () => {
  const bench = await setupPull('bulk')
  bench.depot.moves = many(5)
  await bench.sync()
  bench.depot.moves = many(12_000)
  await bench.rows(`create function public.refuse() returns trigger language plpgsql as $$ begin
    if new.id > 10000 then raise exception 'no more room here'; end if; return new; end $$`)
  await bench.rows('create trigger refuse before insert on depot.moves for each row execute function public.refuse()')
  expect(await bench.sync()).toMatchObject([{ state: 'failed', records: 0 }])
  expect(await bench.verify()).toMatchObject({ rows: 10_000, counted: 10_000, wrong: [] })
  await bench.rows('drop trigger refuse on depot.moves')
  expect(await bench.sync()).toMatchObject([{ state: 'success', records: 12_000 }])
  expect(await bench.verify()).toMatchObject({ rows: 12_000, counted: 12_000, wrong: [], open: [] })
})

test('a page that was left out and that the vendor makes one wait for is gone on with until it has come', async () => {
  let waits = 0
  const { parse } = streamOf('moves')
  const patient: typeof parse = (answer, cursor, at) =>
    waits-- > 0 ? { records: [], next: cursor, done: false, wait: '1m' } : parse(answer as never, cursor, at as never)
  const bench = await setupPull('moves', { stream: { parse: patient } as Partial<PullStream> })
  bench.depot.moves = many(35)
  bench.depot.instead.push(path => (path.includes('after=10&') ? new Response('no', { status: 500 }) : undefined))
  await bench.sync()
  expect(await bench.skipped()).toHaveLength(1)
  bench.depot.instead = []
  await bench.pass(600_000)
  waits = 4
  expect(await bench.sync()).toMatchObject([{ state: 'success' }, { cause: 'heal', state: 'success', inserted: 10 }])
  expect(await bench.skipped()).toEqual([])
  expect(await bench.verify()).toMatchObject({ rows: 35, counted: 35, wrong: [], open: [] })
})

test('a first page that never comes begins a chain with what the table holds', async () => {
  const bench = await setupPull('moves')
  bench.depot.moves = many(12)
  await bench.sync()
  await bench.rows('delete from depot.moves where id = 5')
  await mistrust(bench, bench.source(), await bench.verify())
  bench.depot.instead.push(path => (path.includes('after=0&') ? new Response('no', { status: 500 }) : undefined))
  expect(await bench.sync()).toMatchObject([{ state: 'partial' }])
  expect(await bench.verify()).toMatchObject({ rows: 11, counted: 11, wrong: [], skipped: 1 })
  bench.depot.instead = []
  await bench.pass(600_000)
  await bench.sync()
  expect(await bench.verify()).toMatchObject({ rows: 12, counted: 12, wrong: [], skipped: 0 })
})

test('a vendor that answers nothing has no pages left out without end, and what comes at the end later is not missed', async () => {
  const bench = await setupPull('moves')
  bench.depot.moves = many(35)
  await bench.sync()
  let asked = 0
  bench.depot.instead = [() => (asked++ < 200 ? new Response('no', { status: 500 }) : undefined)]
  expect(await bench.sync()).toMatchObject([{ state: 'failed', errorCode: 'vendor-error' }])
  expect((await bench.skipped()).length).toBeLessThanOrEqual(3)
  expect(asked).toBeLessThan(20)
  bench.depot.instead = []
  await bench.pass(3_600_000)
  await bench.sync()
  bench.depot.moves = many(90)
  for (let hour = 0; hour < 2; hour++) {
    await bench.pass(3_600_000)
    await bench.sync()
  }
  expect(await bench.rows('select from depot.moves')).toHaveLength(90)
  expect(await bench.skipped()).toEqual([])
  expect(await bench.verify()).toMatchObject({ rows: 90, counted: 90, wrong: [], open: [], skipped: 0 })
})
