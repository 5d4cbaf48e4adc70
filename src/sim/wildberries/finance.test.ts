import { expect, it } from 'vitest'
import { by, day, type Row, type Visit, visit } from './fixtures/visit.ts'

const path = '/api/finance/v1/sales-reports/detailed'
const period = { dateFrom: '2019-01-01', dateTo: '2026-12-31' }

/** Asks for the rows after the last one until there are no more. */
async function read({ post }: Visit, body: Row) {
  const rows: Row[] = []
  for (;;) {
    const { status, text } = await post(path, { ...body, rrdId: rows.at(-1)?.rrdId ?? 0 })
    if (status === 204) return rows
    rows.push(...(JSON.parse(text) as Row[]))
  }
}

it('gives all rows page by page, by the id of the last one', async () => {
  const there = visit()
  const rows = await read(there, { ...period, limit: 700 })
  expect(rows).toEqual(there.truth('finance'))
  expect(rows.length).toBeGreaterThan(7_000)
  const ids = rows.map(({ rrdId }) => rrdId as number)
  expect(ids).toEqual(ids.toSorted((one, other) => one - other))
  expect(new Set(ids).size).toBe(ids.length)
})

it('has a week once it is over, and a day once that is', async () => {
  const { truth, clock } = visit()
  const last = () => [...new Set(truth('finance').map(({ dateTo }) => dateTo))].at(-1)
  expect(last()).toBe('2026-11-15')
  expect(truth('financeDaily').at(-1)).toMatchObject({ dateFrom: '2026-11-21', dateTo: '2026-11-21' })
  clock.now += day
  expect(last()).toBe('2026-11-22')
})

it('tells later what happened later, with greater ids', () => {
  const { truth, clock } = visit()
  const before = truth('financeDaily')
  clock.now += 10 * day
  const after = truth('financeDaily')
  expect(after.slice(0, before.length)).toEqual(before)
  expect(after.length).toBeGreaterThan(before.length + 500)
})

it('has the money of the sales and returns of its period', () => {
  const { truth } = visit({ refresh: 0 })
  const rows = truth('financeDaily').filter(({ docTypeName }) => docTypeName !== '')
  const money = new Map(rows.map(row => [`${row.docTypeName === 'Возврат' ? 'R' : 'S'} ${row.srid}`, row.forPay]))
  const sales = truth('sales').filter(({ date, forPay }) => forPay !== 0 && String(date) < '2026-11-22')
  expect(sales.length).toBeGreaterThan(5_000)
  for (const { saleID, srid, forPay } of sales)
    expect(money.get(`${String(saleID)[0]} ${srid}`)).toBe(Math.abs(forPay as number))
})

it('reaches back to 2024-01-29 and no further', () => {
  const { truth } = visit({ sellers: [{ name: 'shop', goods: 5, orders: 3, since: Date.UTC(2023, 0, 1) }] })
  const rows = truth('finance')
  expect(String(rows[0]!.saleDt) >= '2024-01-29T00:00:00+03:00').toBe(true)
  expect(rows[0]).toMatchObject({ dateFrom: '2024-01-29', dateTo: '2024-02-04' })
})

it('takes a period with its last day, and the fields asked for', async () => {
  const there = visit()
  const week = { dateFrom: '2026-11-02', dateTo: '2026-11-08' }
  const rows = await read(there, { ...week, fields: ['rrdId', 'forPay'] })
  const wanted = there.truth('finance').filter(({ dateFrom }) => dateFrom === '2026-11-02')
  expect(wanted.length).toBeGreaterThan(100)
  expect(rows).toEqual(wanted.map(({ rrdId, forPay }) => ({ rrdId, forPay })))
  expect(by('rrdId', await read(there, { ...week, period: 'daily' })).size).toBe(rows.length)
})

it.each([
  {},
  { dateFrom: '2026-01-01' },
  { dateFrom: 'a', dateTo: '2026-01-01' },
  { ...period, limit: 100_001 },
  { ...period, period: 'monthly' },
  { ...period, fields: ['colour'] },
])('%j is refused', async body => {
  expect((await visit().post(path, body)).status).toBe(400)
})
