import { z } from 'zod'
import type { Answer } from '../../core/ask.ts'
import type { Page } from '../../core/page.ts'
import type { Subject } from '../../core/stream.ts'
import { currency, flag, id, read, text, whole } from './record.ts'
import { policy, retry } from './settings.ts'
import { askSupply, isKnown } from './supply.ts'
import { wildberries } from './vendor.ts'

const incomesCursor = z.strictObject({ offset: z.int().min(0) })

/** Goods of a page (07-orders-fbw). */
const limit = 1_000

/** A supply that is accepted: nothing more comes of it. */
const accepted = '5'

const goods = z.looseObject({
  ...{ barcode: text, vendorCode: text, nmID: id, needKiz: flag, tnved: text, techSize: text, color: text },
  ...{ supplierBoxAmount: whole, quantity: whole, readyForSaleQuantity: whole, acceptedQuantity: whole },
  unloadingQuantity: whole,
})

/**
 * GET /api/v1/supplies/{ID}/goods: what is in a supply. It stands in the columns of the report `supplier/incomes`, which the
 * vendor has removed, as far as there is a source for them; dates and status are those of the supply.
 */
export const incomes = wildberries.pull({
  name: 'incomes',
  table: 'wildberries.incomes',
  limit: { supply: 1 },
  cursor: incomesCursor,
  record: goods,
  for: {
    table: 'wildberries.supplies',
    columns: ['supply_key', 'supply_id', 'preorder_id', 'fact_date', 'supply_date', 'updated_date', 'status_id'],
    take: 1,
    flag: 'goods_current',
  },
})({
  ...({ key: ['account', 'supply_key', 'nm_id', 'barcode', 'tech_size'], schedule: [{ after: 'supplies' }] } as const),
  ...{ retry, policy },
  start: () => ({ offset: 0 }),
  request: ({ offset }, { rows }) => askSupply(rows, '/goods', { limit, offset }),
  parse: (answer, { offset }, { rows }) => readGoods(answer, offset, rows),
  row: (record, { rows }) => ({ ...supplyOf(rows[0]!), ...goodsOf(record) }),
})

function readGoods(answer: Answer, offset: number, rows: readonly Subject[]): Page<z.output<typeof incomesCursor>> {
  const isEmpty = !isKnown(answer, rows) || answer.json === undefined
  const records = isEmpty ? [] : read(z.array(z.unknown()), answer.json, 'list of goods')
  return { records, next: { offset: offset + limit }, done: records.length < limit }
}

function goodsOf(record: z.output<typeof goods>) {
  return {
    nm_id: record.nmID,
    barcode: record.barcode ?? '',
    tech_size: record.techSize ?? '',
    supplier_article: record.vendorCode,
    quantity: record.acceptedQuantity,
    announced_quantity: record.quantity,
    ready_for_sale_quantity: record.readyForSaleQuantity,
    unloading_quantity: record.unloadingQuantity,
    supplier_box_amount: record.supplierBoxAmount,
    need_kiz: record.needKiz,
    tnved: record.tnved,
    color: record.color,
    total_price: null,
    currency,
  }
}

/** `dateClose` had no exact successor: a supply that is accepted was closed when it changed last. */
function supplyOf(supply: Subject) {
  const { supply_key, supply_id, preorder_id, status_id } = supply
  const [fact, planned, changed] = [supply.fact_date, supply.supply_date, supply.updated_date].map(instantOf)
  return {
    ...{ supply_key: supply_key!, income_id: supply_id, preorder_id, status_id },
    date: fact ?? planned,
    last_change_date: changed,
    date_close: status_id === accepted ? changed : null,
  }
}

/** A time as the database writes it in UTC: `2025-07-18 08:37:32.5+00`. */
function instantOf(text: string | null | undefined): Date | null {
  return text ? new Date(text.replace(' ', 'T').replace(/\+00$/, 'Z')) : null
}
