import { z } from 'zod'
import type { Answer, Ask } from '../../core/ask.ts'
import { sixHourly } from '../../core/daily.ts'
import { BadPage } from '../../core/failure.ts'
import type { Page } from '../../core/page.ts'
import { id } from './record.ts'
import { daily, pageSize, policy, retry } from './settings.ts'
import { wildberries } from './vendor.ts'

const stocksCursor = z.strictObject({ offset: z.int().min(0) })

type StocksCursor = z.output<typeof stocksCursor>

const pieces = z.int().min(0)
const place = { nmId: id, chrtId: id, warehouseId: id, warehouseName: z.string(), regionName: z.string() }

const shape = {
  ...({ limit: { stocks: 1 }, cursor: stocksCursor, flags: { is_processed: 'asked' } } as const),
  format: { kind: 'json', records: '$.data.items' },
} as const

const steps = {
  ...({ mode: 'snapshot', key: ['account', 'nm_id', 'chrt_id', 'warehouse_id'], priority: 'high' } as const),
  ...{ retry, policy, schedule: sixHourly, start: () => ({ offset: 0 }) },
}

/**
 * POST …/stocks-report/wb-warehouses: what lies in the vendor's warehouses now, by size and warehouse. Since 2026-08-15 all
 * warehouses in Russia are one with the id -999999.
 */
export const stocks = wildberries.pull({
  ...shape,
  name: 'stocks',
  table: 'wildberries.stocks',
  record: z.looseObject({ ...place, quantity: pieces, inWayToClient: pieces, inWayFromClient: pieces }),
  options: z.strictObject({ batch_size: pageSize(100_000, 250_000), ...daily }),
})({
  ...steps,
  request: (cursor, { options }) => ask('wb', cursor, options.batch_size),
  parse: (answer, cursor, { options }) => readStocks(answer, cursor, options.batch_size),
  row: stock => ({
    ...rowOf(stock),
    in_way_to_client: stock.inWayToClient,
    in_way_from_client: stock.inWayFromClient,
  }),
})

/** POST …/stocks-report/seller-warehouses (since 2026-08-24): what lies in the seller's own warehouses now. */
export const sellerStocks = wildberries.pull({
  ...shape,
  name: 'seller_stocks',
  table: 'wildberries.seller_stocks',
  record: z.looseObject({ ...place, quantity: pieces }),
  options: z.strictObject({ batch_size: pageSize(1_000, 250_000), ...daily }),
})({
  ...steps,
  request: (cursor, { options }) => ask('seller', cursor, options.batch_size),
  parse: (answer, cursor, { options }) => readStocks(answer, cursor, options.batch_size),
  row: stock => rowOf(stock),
})

function ask(whose: 'wb' | 'seller', { offset }: StocksCursor, limit: number): Ask {
  return { path: `/api/analytics/v1/stocks-report/${whose}-warehouses`, host: 'analytics', json: { limit, offset } }
}

/** A page that is not full is the last. No content (204) is an empty one. */
function readStocks({ list }: Answer, { offset }: StocksCursor, limit: number): Page<StocksCursor> {
  if (!list) throw new BadPage('bad-page', 'the answer holds no list of stocks')
  return { next: { offset: offset + limit }, done: list.count < limit }
}

const common = z.object({ ...place, quantity: pieces })

function rowOf({ nmId, chrtId, warehouseId, warehouseName, regionName, quantity }: z.output<typeof common>) {
  return {
    ...{ nm_id: nmId, chrt_id: chrtId, warehouse_id: warehouseId, warehouse_name: warehouseName },
    ...{ region_name: regionName, quantity },
  }
}
