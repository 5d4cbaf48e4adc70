import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { type Bench, day, minute, noon, setupSeller } from './bench.ts'

type Row = Record<string, unknown>

/** Where each stream's rows lie, what the marketplace calls its truth, and what tells a record there apart. */
const streams: [stream: string, truth: Parameters<Bench['sim']['truth']>[1], key: (row: Row) => string][] = [
  ['orders', 'orders', ({ srid }) => String(srid)],
  ['sales', 'sales', ({ saleID }) => String(saleID)],
  ['order_feed', 'feed', ({ srid }) => String(srid)],
  ['supplies', 'supplies', row => keyOf(row)],
  ['supply_details', 'supplyDetails', row => keyOf(row)],
  ['incomes', 'supplyGoods', row => `${keyOf(row)} ${row.barcode}`],
  ['stocks', 'stocks', ({ chrtId, warehouseId }) => `${chrtId} ${warehouseId}`],
  ['seller_stocks', 'sellerStocks', ({ chrtId, warehouseId }) => `${chrtId} ${warehouseId}`],
  ['remains', 'remains', ({ barcode }) => String(barcode)],
  ['finance', 'finance', ({ rrdId }) => String(rrdId)],
]

function keyOf({ supplyID, preorderID }: Row): string {
  return preorderID ? `p${preorderID}` : `s${supplyID}`
}

/** What stands in the tables, as the marketplace has sent it, by its key. */
const stored: Record<string, string> = {
  orders: 'select raw, srid as key from wildberries.orders',
  sales: 'select raw, sale_id as key from wildberries.sales',
  order_feed: "select raw - 'currency' as raw, srid as key from wildberries.order_feed",
  supplies: 'select raw, supply_key as key from wildberries.supplies',
  supply_details: 'select raw, supply_key as key from wildberries.supply_details',
  incomes: "select raw, supply_key || ' ' || barcode as key from wildberries.incomes",
  stocks: "select raw, chrt_id || ' ' || warehouse_id as key from wildberries.stocks where gone_at is null",
  seller_stocks:
    "select raw, chrt_id || ' ' || warehouse_id as key from wildberries.seller_stocks where gone_at is null",
  remains: 'select raw, barcode as key from wildberries.remains where gone_at is null',
  finance: 'select raw, rrd_id::text as key from wildberries.finance',
}

async function collect(bench: Bench) {
  const runs = []
  for (const [stream] of streams) runs.push(await bench.sync(stream))
  return runs
}

/** Supplies bear no phone here, and goods and details no ids of their supply: those stand in columns. */
function told({ phone: _, supplyID, preorderID, ...row }: Row, stream: string): Row {
  return stream === 'supplies' ? { ...row, supplyID, preorderID } : row
}

/** What lacks in a table, what is too much, and what is not as it was sent. */
async function differences(bench: Bench, since: number) {
  const found: [stream: string, what: string, key: string, row: unknown][] = []
  for (const [stream, truth, keyIn] of streams) {
    const rows = await bench.rows<{ raw: Row; key: string }>(stored[stream]!)
    const held = new Map(rows.map(({ key, raw }) => [key, raw]))
    for (const row of bench.sim.truth('shop', truth, since)) {
      const [key, expected] = [keyIn(row), told(row, stream)]
      const came = held.get(key)
      held.delete(key)
      if (!came) found.push([stream, 'lacks', key, expected])
      else if (!isDeepStrictEqual(sorted(came), sorted(expected)))
        found.push([stream, 'differs', key, [came, expected]])
    }
    for (const [key, row] of held) found.push([stream, 'is too much', key, row])
  }
  return found
}

/** The database keeps the fields of an object in an order of its own. */
function sorted(row: Row): unknown {
  return Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1))
}

test('everything the marketplace has is collected, again after the world has moved on, and then nothing changes', async () => {
  const bench = await setupSeller({
    world: { pageRows: 700, updates: [noon - 5 * day] },
    options: {
      ...{ orders: { page_rows: 700 }, sales: { page_rows: 700 }, order_feed: { batch_size: 400 } },
      ...{ stocks: { batch_size: 10 }, seller_stocks: { batch_size: 7 }, finance: { batch_size: 500 } },
    },
  })
  const first = await collect(bench)
  expect(first.map(({ stream, state, error }) => [stream, state, error])).toEqual(
    streams.map(([stream]) => [stream, 'success', null]),
  )
  expect(await differences(bench, noon)).toEqual([])

  await bench.at(noon + 3 * day + 20 * minute)
  for (const run of await collect(bench))
    expect([run.stream, run.state, run.error]).toEqual([run.stream, 'success', null])
  expect(await differences(bench, noon)).toEqual([])

  const quiet = await collect(bench)
  expect(quiet.filter(({ inserted, changed }) => inserted + changed > 0)).toEqual([])
  for (const [stream] of streams) expect(await bench.verify(stream), stream).toMatchObject({ wrong: [] })
  expect(await bench.quarantine()).toEqual([])
  expect(await bench.alerts()).toEqual([])
}, 120_000)
