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

/** Columns that do not say what the marketplace has sent, with its times read as Moscow time. */
const msk = (field: string) => `(raw ->> '${field}')::timestamp at time zone 'Europe/Moscow'`
const wrong = [
  `select srid from wildberries.orders where date <> ${msk('date')}
     or last_change_at <> ${msk('lastChangeDate')} or total_price::text::float <> (raw ->> 'totalPrice')::float
     or (cancel_date is null) <> (raw ->> 'cancelDate' = '0001-01-01T00:00:00') or cancel_date <> ${msk('cancelDate')}
     or is_cancel <> (raw ->> 'isCancel')::boolean or nm_id <> (raw ->> 'nmId')::bigint or currency <> 'RUB' or raw ? 'phone'`,
  `select sale_id from wildberries.sales where date <> ${msk('date')} or for_pay <> (raw ->> 'forPay')::numeric
     or price_with_disc <> (raw ->> 'priceWithDisc')::numeric or sale_id <> raw ->> 'saleID'`,
  `select srid from wildberries.order_feed where created_at <> (raw ->> 'createdAt')::timestamptz
     or updated_at <> (raw ->> 'updatedAt')::timestamptz or seller_price <> (raw ->> 'sellerPrice')::numeric`,
  `select supply_key from wildberries.supplies where supply_id is distinct from (raw ->> 'supplyID')::bigint
     or updated_date is distinct from (raw ->> 'updatedDate')::timestamptz or raw ? 'phone' or not details_current or not goods_current`,
  "select supply_key from wildberries.supply_details where raw ? 'phone' or quantity <> (raw ->> 'quantity')::int",
  `select i.supply_key from wildberries.incomes i join wildberries.supplies s using (account, supply_key)
     where i.income_id is distinct from s.supply_id or i.date is distinct from coalesce(s.fact_date, s.supply_date)
     or i.date_close is distinct from case when s.status_id = 5 then s.updated_date end
     or i.quantity <> (i.raw ->> 'acceptedQuantity')::int or i.total_price is not null`,
  `select nm_id from wildberries.stocks where quantity <> (raw ->> 'quantity')::int
     or in_way_to_client <> (raw ->> 'inWayToClient')::int or is_processed`,
  `select nm_id from wildberries.remains r where quantity_total is null or in_way_to_client is null
     or quantity_total <> (select sum(quantity) from wildberries.stocks s where s.chrt_id::text = ltrim(substr(r.barcode, 3), '0'))`,
  "select rrd_id from wildberries.finance where for_pay is distinct from (raw ->> 'forPay')::numeric",
  `select srid from wildberries.all_orders where source is null or placed_at is null or nm_id is null
     or (source <> 'orders') <> exists (select from wildberries.order_feed f where f.srid = all_orders.srid)`,
]

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
  for (const query of wrong) expect(await bench.rows(query), query).toEqual([])
  expect(await bench.quarantine()).toEqual([])
  expect(await bench.alerts()).toEqual([])
}, 120_000)
