import { expect, test } from 'vitest'
import { setupPull } from './bench.ts'

const here = 'select id::int, quantity from depot.stock where gone_at is null order by id'
const gone = 'select id::int from depot.stock where gone_at is not null order by id'

async function setup(count = 25) {
  const bench = await setupPull('stock')
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
