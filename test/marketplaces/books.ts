import type { Store } from '../../src/db/store.ts'
import type { Subject } from '../../src/sim/ozon/truth.ts'
import type { Stream } from '../../src/sim/wildberries/truth.ts'
import { booksOf } from '../ozon/books.ts'
import type { World } from './world.ts'

type Row = Record<string, unknown>
type Column = { name: string; type: string }

/** What a column is called at Wildberries where it is not simply spelled another way, or how it follows from the row. */
type Names = Readonly<Record<string, string | ((row: Row) => unknown)>>

/** A table, its stream at the imitated vendor, the endpoint that brings it, and its columns. */
type Ledger = { table: string; stream: Stream; endpoint: string; names: Names }

const rouble = { currency: () => 'RUB' }
const never = '0001-01-01T00:00:00'
const changes = { last_change_at: 'lastChangeDate', income_id: 'incomeID', ...rouble }
const supply = {
  supply_key: ({ supplyID, preorderID }: Row) => (preorderID ? `p${preorderID}` : `s${supplyID}`),
  ...{ supply_id: 'supplyID', preorder_id: 'preorderID', status_id: 'statusID', box_type_id: 'boxTypeID' },
}
const house = (name: string) => ({ [`${name}_id`]: `${name.replace('_w', 'W')}ID` })
const sum = (name: string) => (row: Row) =>
  (row.warehouses as { warehouseName: string; quantity: number }[]).find(each => each.warehouseName === name)
    ?.quantity ?? 0

/** Goods bear what the vendor tells of their supply as `supply`. */
const ofSupply =
  (field: string) =>
  ({ supply: told }: Row) =>
    (told as Row)[field]
const goods: Names = {
  ...{ supply_key: supply.supply_key, income_id: 'supplyID', preorder_id: 'preorderID', nm_id: 'nmID', ...rouble },
  ...{ supplier_article: 'vendorCode', quantity: 'acceptedQuantity', announced_quantity: 'quantity' },
  ...{ status_id: ofSupply('statusID'), last_change_date: ofSupply('updatedDate'), total_price: () => null },
  date: ({ supply: told }) => (told as Row).factDate ?? (told as Row).supplyDate,
  date_close: ({ supply: told }) => ((told as Row).statusID === 5 ? (told as Row).updatedDate : null),
}

const ledgers: readonly Ledger[] = [
  {
    ...{ table: 'orders', stream: 'orders', endpoint: 'orders' },
    names: { ...changes, cancel_date: ({ cancelDate }) => (cancelDate === never ? null : cancelDate) },
  },
  { table: 'sales', stream: 'sales', endpoint: 'sales', names: { ...changes, sale_id: 'saleID' } },
  { table: 'order_feed', stream: 'feed', endpoint: 'feed', names: rouble },
  { table: 'supplies', stream: 'supplies', endpoint: 'supplies', names: supply },
  {
    ...{ table: 'supply_details', stream: 'supplyDetails', endpoint: 'supplies' },
    names: {
      ...{ ...supply, ...rouble, virtual_type_id: 'virtualTypeID' },
      ...{ ...house('warehouse'), ...house('actual_warehouse'), ...house('transit_warehouse') },
    },
  },
  { table: 'incomes', stream: 'supplyGoods', endpoint: 'supplies', names: goods },
  { table: 'stocks', stream: 'stocks', endpoint: 'stocks', names: {} },
  { table: 'seller_stocks', stream: 'sellerStocks', endpoint: 'sellerStocks', names: {} },
  {
    ...{ table: 'remains', stream: 'remains', endpoint: 'remains' },
    names: {
      quantity_total: sum('Всего находится на складах'),
      in_way_to_client: sum('В пути до получателей'),
      in_way_from_client: sum('В пути возвраты на склад WB'),
    },
  },
  { table: 'finance', stream: 'finance', endpoint: 'finance', names: {} },
]

/** Columns that say how a row came here, or what was made of it. */
const ours = ['account', 'asked_at', 'gone_at', 'is_processed', 'is_mapped', 'details_current', 'goods_current', 'raw']

/** When (ms) the vendor was last asked for it with success. */
function lastAsked({ wildberries }: World, seller: string, endpoint: string): number {
  const found = wildberries.calls.findLast(
    call => call.seller === seller && call.endpoint === endpoint && (call.status === 200 || call.status === 204),
  )
  if (!found) throw new Error(`${seller} has never asked for ${endpoint}`)
  return found.at
}

/** What differs between the tables of a seller on Wildberries and what a collector that missed nothing would hold. */
export async function wrongOfWildberries(world: World, seller: string) {
  const found: unknown[] = []
  for (const ledger of ledgers) {
    const { table, stream, endpoint, names } = ledger
    const columns = await columnsOf(world.store, table)
    const moment = lastAsked(world, seller, endpoint)
    const supplies = new Map(
      world.truthOf.wildberries(seller, 'supplies', moment).map(row => [supply.supply_key(row), row]),
    )
    const truth = world.truthOf.wildberries(seller, stream, moment).map(row => {
      const whole: Row = { ...row, supply: supplies.get(supply.supply_key(row)) }
      return JSON.stringify(columns.map(column => textOf(column, worth(whole, column.name, names))))
    })
    found.push(
      ...differences(`wildberries.${table} of ${seller}`, await stored(world.store, table, seller, columns), truth),
    )
  }
  return found
}

async function columnsOf(store: Store, table: string): Promise<Column[]> {
  return store.query<Column>(
    `select column_name as name, data_type as type from information_schema.columns
     where table_schema = 'wildberries' and table_name = $1 and column_name <> all($2) and data_type <> 'jsonb'
     order by ordinal_position`,
    [table, ours],
  )
}

/** The rows of a seller that the vendor has not taken away, their values as text: money without zeros at its end, times in ms. */
async function stored(store: Store, table: string, seller: string, columns: readonly Column[]): Promise<string[]> {
  const values = columns.map(({ name, type }) => {
    if (type === 'timestamp with time zone') return `(extract(epoch from ${name}) * 1000)::bigint::text`
    return type === 'numeric' ? `trim_scale(${name})::text` : `${name}::text`
  })
  const here = ['stocks', 'seller_stocks', 'remains'].includes(table) ? 'and gone_at is null' : ''
  const rows = await store.query<{ row: string[] }>(
    `select array[${values.join(', ')}] as row from wildberries.${table} where account = $1 ${here}`,
    [seller],
  )
  return rows.map(({ row }) => JSON.stringify(row))
}

function worth(row: Row, column: string, names: Names): unknown {
  const name = names[column] ?? column.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
  return typeof name === 'string' ? row[name] : name(row)
}

/** Times without an offset are those of Moscow, days begin there. */
function textOf({ type }: Column, value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (type !== 'timestamp with time zone') return String(value)
  const text = String(value).length === 10 ? `${value}T00:00:00` : String(value)
  return String(Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}+03:00`))
}

/** The paths by which Ozon is asked for what its truth calls by these names. */
const paths: Readonly<Partial<Record<Subject, string>>> = {
  products: '/v3/product/list',
  stocks: '/v4/product/info/stocks',
  fbs: '/v2/product/info/stocks-by-warehouse/fbs',
  fbo: '/v1/product/info/stocks-by-warehouse/fbo',
  analytics: '/v1/analytics/stocks',
  report: '/v1/report/products/create',
  archive: '/v1/report/products/create',
}

/** When (ms) Ozon was asked for a subject with success, in order. A report tells of the moment in which it was ordered. */
export function askedOfOzon({ ozon }: World, subject: Subject): number[] {
  const wanted = { report: 'ALL', archive: 'ARCHIVED' }[subject as string]
  const isMeant = (body: unknown) => !wanted || (body as { visibility?: string }).visibility === wanted
  return ozon.calls
    .filter(({ path, status, body }) => path === paths[subject] && status === 200 && isMeant(body))
    .map(({ at }) => at)
}

/** What differs between the tables of Ozon's seller and what Ozon had when it was asked last. */
export async function wrongOfOzon(world: World) {
  const found: unknown[] = []
  const books = booksOf(subject => world.truthOf.ozon(subject, askedOfOzon(world, subject).at(-1)!))
  for (const { table, columns, rows } of books) {
    const texts = columns.map(name => `${name}::text`).join(', ')
    const held = await world.store.query<{ row: (string | null)[] }>(
      `select array[${texts}] as row from ozon.${table} where account = 'main' and gone_at is null`,
    )
    const truth = rows.map(row => JSON.stringify(columns.map(name => (row[name] == null ? null : String(row[name])))))
    found.push(
      ...differences(
        `ozon.${table}`,
        held.map(({ row }) => JSON.stringify(row)),
        truth,
      ),
    )
  }
  return found
}

/** Rows that lack and rows that are too much, the first of each; and an empty table is none that agrees. */
export function differences(what: string, held: readonly string[], truth: readonly string[]): unknown[] {
  const [lacking, surplus] = [counted(truth, held), counted(held, truth)]
  if (truth.length === 0) return [{ what, truth: 'is empty, which proves nothing' }]
  if (lacking.length + surplus.length === 0) return []
  return [{ what, held: held.length, truth: truth.length, lacking: lacking.slice(0, 3), surplus: surplus.slice(0, 3) }]
}

/** What stands more often in one list than in the other. */
function counted(list: readonly string[], other: readonly string[]): string[] {
  const left = new Map<string, number>()
  for (const each of other) left.set(each, (left.get(each) ?? 0) + 1)
  return list.filter(each => {
    const count = left.get(each) ?? 0
    left.set(each, count - 1)
    return count <= 0
  })
}
