import { expect, test } from 'vitest'
import { setupPull } from './bench.ts'
import { move } from './depot.ts'

const stored = 'select id, price::text from depot.report order by id'
const csv = (text: string) => new TextEncoder().encode(`\uFEFF${text}`)

test('a report is begun, waited for, and taken from where it lies, without our credentials', async () => {
  const bench = await setupPull('report')
  bench.depot.report = { polls: 2, body: csv('id;price\r\n"A;1";1.50\r\nB;20\r\n'), type: 'text/csv; charset=utf-8' }
  expect(await bench.sync()).toMatchObject([{ state: 'success', pages: 5, records: 2, inserted: 2 }])
  const poll = 'GET /report/7'
  expect(bench.depot.asked).toEqual(['POST /report', poll, poll, poll, 'GET /files/7'])
  expect(await bench.rows(stored)).toEqual([
    { id: 'A;1', price: '1.50' },
    { id: 'B', price: '20.00' },
  ])
})

test('a vendor that needs longer is waited for without a worker, and no retry is spent', async () => {
  const bench = await setupPull('report', { options: { wait: '1m' } })
  bench.depot.report = { polls: 2, body: csv('id;price\nA;1\n'), type: 'text/csv' }
  const [id] = await bench.want()
  const began = bench.now()
  await bench.finish([id!])
  expect(await bench.run(id!)).toMatchObject({ state: 'success', retries: 0, deaths: 0, pages: 5 })
  expect(bench.now() - began).toBeGreaterThanOrEqual(120_000)
})

test('a report that is broken in the middle brings nothing, and is told with its line', async () => {
  const bench = await setupPull('report')
  bench.depot.report = { polls: 0, body: csv('id;price\nA;1\nB;"2\n'), type: 'text/csv' }
  const [run] = await bench.sync()
  expect(run).toMatchObject({ state: 'failed', errorCode: 'bad-csv' })
  expect(run!.error).toMatch(/^depot\/main report: .*line 3/)
  expect(await bench.rows(stored)).toEqual([])
})

test('records of a large list are read one by one, exactly, and commit in sheets', async () => {
  const bench = await setupPull('journal')
  bench.depot.moves = Array.from({ length: 11_000 }, (_, nth) => move(nth + 1))
  bench.depot.moves[7_777] = move(7_778, { amount: 'free' })
  expect(await bench.sync()).toMatchObject([
    { state: 'partial', pages: 1, records: 11_000, inserted: 10_999, quarantined: 1 },
  ])
  expect(await bench.rows('select count(*)::int as n, sum(amount)::text as sum from depot.moves')).toEqual([
    { n: 10_999, sum: `${(11_000 * 11_001) / 2 + 5_500 - 7_778.5}0` },
  ])
  expect(bench.depot.asked).toEqual(['GET /journal'])
})

test('a list that is cut off brings nothing, and is asked for again', async () => {
  const bench = await setupPull('journal')
  bench.depot.moves = [move(1), move(2)]
  const whole = JSON.stringify({ data: { items: bench.depot.moves } })
  const cut = [whole.slice(0, -10), whole.slice(0, 80)]
  bench.depot.instead = [
    () => (cut.length > 0 ? new Response(cut.pop(), { headers: { 'content-type': 'application/json' } }) : undefined),
  ]
  expect(await bench.sync()).toMatchObject([{ state: 'success', records: 2, inserted: 2 }])
  expect(bench.depot.asked).toHaveLength(3)
})
