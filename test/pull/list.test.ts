import { expect, test } from 'vitest'
import { z } from 'zod'
import type { PullStream } from '../../src/core/stream.ts'
import { replay } from '../../src/engine/replay.ts'
import { setupPull } from './bench.ts'
import { streamOf } from './connector.ts'

const here = 'select id::int, quantity from depot.stock where gone_at is null order by id'
const gone = 'select id::int from depot.stock where gone_at is not null order by id'

async function setup(count = 25, stream: Partial<PullStream> = {}) {
  const bench = await setupPull('stock', { stream })
  for (let id = 1; id <= count; id++) bench.depot.stock.set(id, id * 10)
  const sync = async () => {
    await bench.pass(60_000)
    return bench.sync()
  }
  return { ...bench, sync }
}

test('a complete list marks what it lacks as gone, and what comes back is there again', async () => {
  const bench = await setup()
  expect(await bench.sync()).toMatchObject([{ state: 'success', pages: 3, inserted: 25, changed: 0 }])
  bench.depot.stock.delete(7)
  bench.depot.stock.set(8, 1)
  expect(await bench.sync()).toMatchObject([{ state: 'success', records: 24, inserted: 0, changed: 1 }])
  expect(await bench.rows(gone)).toEqual([{ id: 7 }])
  expect(await bench.verify()).toMatchObject({ rows: 24, counted: 24, wrong: [], open: [] })
  bench.depot.stock.set(7, 70)
  await bench.sync()
  expect(await bench.rows(gone)).toEqual([])
  expect(await bench.rows(here)).toHaveLength(25)
  expect(await bench.proven()).toMatchObject([{ kind: 'snapshot', rows: 25, total: 25, complete: true }])
})

test('a list that the vendor counts longer than it came proves nothing and marks nothing', async () => {
  const bench = await setup()
  await bench.sync()
  bench.depot.stock.delete(7)
  const short = () => Response.json({ items: [{ id: 1, quantity: 5 }], total: 24, pages: 1 })
  bench.depot.instead = [short]
  const [run] = await bench.sync()
  expect(run).toMatchObject({ state: 'partial', warning: 'not covered: 23 of the 24 records the vendor counts' })
  expect(await bench.rows(gone)).toEqual([])
  expect(await bench.verify()).toMatchObject({ rows: 25, counted: 25, wrong: [] })
})

test('a list that was not whole is asked for once more ten minutes later, before its next turn, and no more than once', async () => {
  const bench = await setup()
  await bench.sync()
  const short = () => Response.json({ items: [{ id: 1, quantity: 5 }], total: 24, pages: 1 })
  bench.depot.instead = [short]
  const [run] = await bench.sync()
  const repair = await bench.rows<{ id: string; state: string; reason: string }>(
    `select id::text, state, reason from sluice.runs where cause = 'heal'`,
  )
  expect(repair).toMatchObject([{ state: 'waiting', reason: `asks again for what run ${run!.id} lacked` }])
  const asked = bench.depot.asked.length
  await bench.pass(540_000)
  expect(bench.depot.asked).toHaveLength(asked)
  expect(await bench.finish([repair[0]!.id])).toMatchObject([{ state: 'partial', cause: 'heal' }])
  expect(await bench.rows(`select from sluice.runs where state = 'waiting'`)).toEqual([])
  bench.depot.instead = []
  expect(await bench.sync()).toMatchObject([{ state: 'success' }])
})

test('whoever asks by hand need not wait for a repair that waits', async () => {
  const bench = await setup()
  await bench.sync()
  bench.depot.instead = [() => Response.json({ items: [{ id: 1, quantity: 5 }], total: 24, pages: 1 })]
  await bench.sync()
  bench.depot.instead = []
  const before = bench.now()
  const [again] = await bench.sync()
  expect(again).toMatchObject({ warning: null, state: 'success', cause: 'heal' })
  expect(bench.now() - before).toBeLessThan(300_000)
})

test('a vendor that lists nothing any more is not believed at once', async () => {
  const bench = await setup()
  await bench.sync()
  bench.depot.stock.clear()
  const [run] = await bench.sync()
  expect(run).toMatchObject({ state: 'success', warning: expect.stringContaining('listed 25 before') })
  expect(await bench.alerts()).toMatchObject([{ code: 'empty' }])
  expect(await bench.rows(here)).toHaveLength(25)
})

test('a list with a page that never came, or with a broken record, marks nothing as gone', async () => {
  const bench = await setup()
  await bench.sync()
  bench.depot.stock.delete(7)
  bench.depot.instead = [path => (path === '/stock?page=2' ? new Response('', { status: 502 }) : undefined)]
  expect(await bench.sync()).toMatchObject([
    { state: 'partial', warning: expect.stringContaining('1 page that never came') },
  ])
  bench.depot.instead = []
  bench.depot.stock.set(9, 1.5)
  expect(await bench.sync()).toMatchObject([{ state: 'partial', quarantined: 1 }])
  expect(await bench.skipped()).toEqual([])
  expect(await bench.rows(gone)).toEqual([])
  bench.depot.stock.set(9, 2)
  expect(await bench.sync()).toMatchObject([{ state: 'success' }])
  expect(await bench.rows(gone)).toEqual([{ id: 7 }])
})

test('a list that was begun and broken off is begun anew by the next run, and gone on with by the same one', async () => {
  const bench = await setup(35)
  let broken = true
  bench.depot.instead = [path => (broken && path === '/stock?page=3' ? new Response('{}', { status: 400 }) : undefined)]
  expect(await bench.sync()).toMatchObject([{ state: 'failed', pages: 2 }])
  expect(await bench.verify()).toMatchObject({ rows: 20, counted: 20, open: [{}] })
  broken = false
  expect(await bench.sync()).toMatchObject([{ state: 'success', pages: 4, records: 35, inserted: 15 }])
  expect(bench.depot.asked).toEqual([1, 2, 3, 1, 2, 3, 4].map(page => `GET /stock?page=${page}`))
  expect(await bench.verify()).toMatchObject({ rows: 35, counted: 35, open: [] })
})

test('a list that comes in sheets and is broken off between them counts every row once', async () => {
  const bench = await setup()
  await bench.sync()
  const items = Array.from({ length: 6_000 }, (_, nth) => ({ id: nth + 1, quantity: nth }))
  bench.depot.instead = [() => Response.json({ items, total: items.length, pages: 1 })]
  await bench.rows(`create function public.refuse() returns trigger language plpgsql as $$ begin
    if new.id > 5000 then raise exception 'no more room here'; end if; return new; end $$`)
  await bench.rows('create trigger refuse before insert on depot.stock for each row execute function public.refuse()')
  expect(await bench.sync()).toMatchObject([{ state: 'failed' }])
  expect(await bench.verify()).toMatchObject({ rows: 5_000, counted: 5_000, wrong: [] })
  await bench.rows('drop trigger refuse on depot.stock')
  expect(await bench.sync()).toMatchObject([{ state: 'success' }])
  expect(await bench.verify()).toMatchObject({ rows: 6_000, counted: 6_000, wrong: [] })
})

test('what is listed in an older state than the stored one is there all the same', async () => {
  const bench = await setup(10, { newer: ['quantity'] })
  await bench.sync()
  bench.depot.stock.set(7, 60)
  expect(await bench.sync()).toMatchObject([{ state: 'success', records: 10, inserted: 0, changed: 0 }])
  expect(await bench.rows(gone)).toEqual([])
  expect(await bench.rows('select quantity from depot.stock where id = 7')).toEqual([{ quantity: 70 }])
  expect(await bench.verify()).toMatchObject({ rows: 10, counted: 10, wrong: [] })
  bench.depot.stock.delete(7)
  await bench.sync()
  expect(await bench.rows(gone)).toEqual([{ id: 7 }])
  bench.depot.stock.set(7, 50)
  await bench.sync()
  expect(await bench.rows(gone)).toEqual([])
  expect(await bench.verify()).toMatchObject({ rows: 10, counted: 10, wrong: [] })
})

test('a record in quarantine does not bring back what a later list has marked as gone', async () => {
  const bench = await setup(10)
  await bench.sync()
  bench.depot.stock.set(9, 1.5)
  await bench.sync()
  bench.depot.stock.delete(9)
  await bench.sync()
  expect(await bench.rows(gone)).toEqual([{ id: 9 }])
  const record = z.object({ id: z.int(), quantity: z.number().transform(Math.floor) })
  await bench.restart({ record })
  expect(await replay(bench.store, [bench.source()], {})).toMatchObject({ tried: 1, broken: 0 })
  expect(await bench.rows(gone)).toEqual([{ id: 9 }])
  expect(await bench.verify()).toMatchObject({ rows: 9, counted: 9, wrong: [] })
})

test('what the vendor counts on the first page is remembered by a list that has to wait', async () => {
  let waits = 1
  const { parse } = streamOf('stock')
  const told: typeof parse = (answer, cursor, at) => {
    const { total, ...page } = parse(answer as never, cursor, at as never)
    if ((cursor as { page: number }).page === 1) return { ...page, total } as never
    return waits-- > 0 ? { records: [], next: cursor, done: false, wait: '1m' } : { ...page, done: true }
  }
  const bench = await setup(25, { parse: told } as Partial<PullStream>)
  expect(await bench.sync()).toMatchObject([
    { state: 'partial', warning: 'not covered: 5 of the 25 records the vendor counts' },
  ])
})

test('a list of several accounts is not collected into a table that does not tell them apart', async () => {
  const bench = await setupPull('stock', { connector: { credentials: z.strictObject({ key: z.string() }) } })
  bench.depot.stock.set(1, 10)
  const [run] = await bench.sync()
  expect(run).toMatchObject({ state: 'failed', errorCode: 'schema-mismatch' })
  expect(run!.error).toBe('depot.stock has no column "account" (text), and depot.stock is collected for accounts')
  expect(bench.depot.asked).toEqual([])
})
