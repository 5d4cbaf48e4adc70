import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Row } from '../../src/sim/ozon/rows.ts'
import { contractOf } from '../setup/contract.ts'
import { type Name, setupOzon } from './bench.ts'
import { booksOf } from './books.ts'

type Bench = Awaited<ReturnType<typeof setupOzon>>

const day = 86_400_000
const here = 'gone_at is null'

/** What a table holds of the account, as texts by these columns, and what the vendor has, under the same names. */
async function compare(bench: Bench, table: string, columns: readonly string[], truth: readonly Row[]) {
  const texts = columns.map(name => `${name}::text as "${name}"`).join(', ')
  const stored = await bench.rows(`select ${texts} from ozon.${table} where ${here} and account = 'main'`)
  const known = (row: Row) => JSON.stringify(columns.map(name => (row[name] == null ? null : String(row[name]))))
  expect(stored.length).toBeGreaterThan(2)
  expect(stored.map(known).toSorted()).toEqual(truth.map(known).toSorted())
}

/** Every table against what the vendor has at this moment. */
async function compareAll(bench: Bench) {
  for (const { table, columns, rows } of booksOf(bench.truth)) await compare(bench, table, columns, rows)
}

const states = (runs: Record<Name, { state: string }>) => new Set(Object.values(runs).map(({ state }) => state))

test('every table holds what Ozon has, after the first time, after the shop has moved on, and after nothing has changed', async () => {
  const bench = await setupOzon()
  expect(states(await bench.collect())).toEqual(new Set(['success']))
  await compareAll(bench)

  await bench.pass(5 * day)
  bench.change({ products: 120, archived: 19 })
  expect(states(await bench.collect())).toEqual(new Set(['success']))
  await compareAll(bench)
  const [gone] = await bench.rows<{ n: number }>(
    `select count(distinct offer_id)::int as n from ozon.stocks where gone_at is not null`,
  )
  expect(gone!.n).toBeGreaterThan(5)

  await bench.pass(0)
  const third = await bench.collect()
  await compareAll(bench)
  for (const [name, { state, inserted, changed, records }] of Object.entries(third)) {
    const isReport = name === 'report'
    expect([name, state, inserted, changed]).toEqual([name, 'success', 0, isReport ? records : 0])
    expect(await bench.verify(name as Name)).toMatchObject({ wrong: [], open: [] })
  }
}, 180_000)

test('the numbers of a report bear its code and the time it was ordered, and no key goes to the host of its file', async () => {
  const bench = await setupOzon({ products: 30, archived: 4 })
  const { report } = await bench.collect('report')
  expect(report).toMatchObject({ state: 'success', records: 34, inserted: 34 })
  const reports = await bench.rows(
    `select visibility, count(*)::int as n, count(distinct report_code)::int as codes, min(report_created_at) as at
     from ozon.report_products group by 1 order by 1`,
  )
  const at = new Date('2026-11-22T03:00:10Z')
  expect(reports).toEqual([
    { visibility: 'ALL', n: 30, codes: 1, at },
    { visibility: 'ARCHIVED', n: 4, codes: 1, at },
  ])
  const files = bench.sim.calls.filter(({ method }) => method === 'GET')
  expect(files.map(({ status, leaked }) => [status, leaked])).toEqual([
    [200, false],
    [200, false],
  ])
})

test('what lies in warehouses is asked about products outside of the archive, as many as one question takes', async () => {
  const bench = await setupOzon()
  await bench.collect('products', 'analytics')
  const asked = bench.sim.calls.filter(({ path }) => path === '/v1/analytics/stocks')
  expect(asked.map(({ body }) => (body as { skus: string[] }).skus.length)).toEqual([100, 30])
  const [archived] = await bench.rows<{ n: number }>(
    `select count(*)::int as n from ozon.analytics_stocks join ozon.products using (account, sku) where archived`,
  )
  expect(archived!.n).toBe(0)
})

test('where warehouses are, their phones and words to couriers are nowhere', async () => {
  const bench = await setupOzon({ products: 3 })
  await bench.collect('warehouses')
  const [row] = await bench.rows<{ raw: object; is_rfbs: boolean; warehouse_id: string }>(
    'select * from ozon.warehouses order by warehouse_id desc limit 1',
  )
  expect(row).toMatchObject({ is_rfbs: true, warehouse_id: expect.stringMatching(/^1130\d{12}$/) })
  expect(row!.raw).toMatchObject({ address_info: { utc: 'UTC+03:00' } })
  expect(JSON.stringify(row)).not.toMatch(/phone|courier_comment|"address"|latitude/)
})

test('with real limits and a clock that moves, Ozon refuses nothing and waits for nobody', async () => {
  const bench = await setupOzon({ still: false, products: 90 })
  expect(states(await bench.collect())).toEqual(new Set(['success']))
  const { calls } = bench.sim
  expect(calls.filter(({ limited, leaked, status }) => limited || leaked || status !== 200)).toEqual([])
  const looks = calls.filter(({ path }) => path === '/v1/report/info').map(({ at }) => at)
  const waits = looks.slice(1).map((at, nth) => at - looks[nth]!)
  expect(looks.length).toBeGreaterThanOrEqual(4)
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(5_000)
})

const specs = [process.env.SLUICE_VENDOR_SPECS, join(import.meta.dirname, '../../../shared/data')].find(
  folder => folder && existsSync(join(folder, 'ozon')),
)
const why = specs ? '' : ' (not run: SLUICE_VENDOR_SPECS names no folder of descriptions)'

test.skipIf(!specs)(`every question is one that Ozon describes${why}`, async () => {
  const bench = await setupOzon({ products: 50 })
  await bench.collect()
  const contract = contractOf(join(specs!, 'ozon'))
  const described = bench.sim.calls.filter(({ method, path }) => contract.endpoints.includes(`${method} ${path}`))
  const headers = { 'client-id': '4711', 'api-key': 'x', 'content-type': 'application/json' }
  const violations = described.flatMap(({ method, path, body }) => contract.request({ method, path, headers, body }))
  expect(new Set(described.map(({ path }) => path)).size).toBe(7)
  expect(violations).toEqual([])
})
