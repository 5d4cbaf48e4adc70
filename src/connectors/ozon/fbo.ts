import { z } from 'zod'
import { sixHourly } from '../../core/daily.ts'
import { id, pieces, read, turn, turning } from './answer.ts'
import { daily, paged } from './daily.ts'
import { policy } from './retry.ts'
import { ozon } from './vendor.ts'

const envelope = z.object({ ...turning, products: z.array(z.unknown()) })

/**
 * POST /v1/product/info/stocks-by-warehouse/fbo: what lies in Ozon's warehouses, a beta of 2026-07-02 that not every account
 * has (see fault.ts). Empty lists ask for everything, as others use it. Warehouses have no name here.
 */
export const fbo = ozon.pull({
  name: 'fbo_stocks',
  table: 'ozon.fbo_stocks',
  limit: { calls: 1, fbo_stocks: 1 },
  cursor: z.strictObject({ cursor: z.string() }),
  record: z.object({
    ...{ sku: id, product_id: id, offer_id: z.string().min(1), warehouse_id: id },
    ...{ present: pieces, reserved: pieces },
  }),
  options: z.strictObject({ ...daily, ...paged }),
  flags: { is_processed: 'asked' },
})({
  mode: 'snapshot',
  key: ['account', 'sku', 'warehouse_id'],
  schedule: sixHourly,
  policy,
  priority: 'high',
  batch: ({ page_size }) => page_size,
  start: () => ({ cursor: '' }),
  request: ({ cursor }, { options }) => ({
    path: '/v1/product/info/stocks-by-warehouse/fbo',
    json: { cursor, limit: options.page_size, offer_ids: [], skus: [] },
  }),
  parse: ({ json }, at) => {
    const page = read(envelope, json)
    return { records: page.products, ...turn(page, at) }
  },
  row: record => record,
})
