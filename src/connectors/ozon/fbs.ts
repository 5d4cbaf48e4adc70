import { z } from 'zod'
import { sixHourly } from '../../core/daily.ts'
import { id, pieces, read, turn, turning } from './answer.ts'
import { daily, paged } from './daily.ts'
import { policy } from './retry.ts'
import { ozon } from './vendor.ts'

const envelope = z.object({ ...turning, products: z.array(z.unknown()) })

/**
 * POST /v2/product/info/stocks-by-warehouse/fbs: what lies in the seller's own warehouses (FBS and rFBS). It wants to be asked
 * about skus, 1000 at most: those of our products outside of the archive.
 */
export const fbs = ozon.pull({
  name: 'fbs_stocks',
  table: 'ozon.fbs_stocks',
  limit: { calls: 1, fbs_stocks: 1 },
  cursor: z.strictObject({ cursor: z.string() }),
  record: z.object({
    ...{ sku: id, product_id: id, offer_id: z.string().min(1), warehouse_id: id, warehouse_name: z.string().nullish() },
    ...{ present: pieces, reserved: pieces, free_stock: pieces },
  }),
  options: z.strictObject({ ...daily, ...paged }),
  flags: { is_processed: 'asked' },
  for: {
    table: 'ozon.products',
    columns: ['sku'],
    where: { has_sku: true, archived: false, gone_at: null },
    take: 1000,
  },
})({
  mode: 'snapshot',
  key: ['account', 'sku', 'warehouse_id'],
  schedule: options => [...sixHourly(options), { after: 'products' }],
  policy,
  priority: 'high',
  batch: ({ page_size }) => page_size,
  start: () => ({ cursor: '' }),
  request: ({ cursor }, { rows, options }) => ({
    path: '/v2/product/info/stocks-by-warehouse/fbs',
    json: { cursor, limit: options.page_size, sku: rows.map(({ sku }) => sku) },
  }),
  parse: ({ json }, at) => {
    const page = read(envelope, json)
    return { records: page.products, ...turn(page, at) }
  },
  row: record => record,
})
