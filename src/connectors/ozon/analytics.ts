import { z } from 'zod'
import { amount, id, pieces, read } from './answer.ts'
import { policy } from './retry.ts'
import { ozon } from './vendor.ts'

const envelope = z.object({ items: z.array(z.unknown()) })

const some = pieces.nullish()
const text = z.string().nullish()
const ratio = amount.nullish()

/** Goods that lie nowhere in particular have neither warehouse nor zone, and are a row of their own. */
const place = id.nullish().transform(given => given ?? 0)
const zone = z
  .string()
  .nullish()
  .transform(given => given ?? '')

/**
 * POST /v1/analytics/stocks: what lies in Ozon's warehouses and on its way there, by warehouse and cluster, and how long it
 * will last. It is asked about 100 skus at most and answers them on one page. In real time since 2026-08-17; it has no
 * `reserved`.
 */
export const analytics = ozon.pull({
  name: 'analytics',
  table: 'ozon.analytics_stocks',
  limit: { calls: 1, analytics_stocks: 1 },
  cursor: z.strictObject({}),
  record: z.object({
    ...{ sku: id, offer_id: z.string().min(1), name: text },
    ...{ warehouse_id: place, warehouse_name: text, placement_zone: zone },
    ...{ cluster_id: place, cluster_name: text, macrolocal_cluster_id: id.nullish() },
    ...{ available_stock_count: pieces, valid_stock_count: some, waiting_docs_stock_count: some },
    ...{ expiring_stock_count: some, transit_stock_count: some, requested_stock_count: some, excess_stock_count: some },
    ...{ other_stock_count: some, stock_defect_stock_count: some, transit_defect_stock_count: some },
    ...{ return_from_customer_stock_count: some, return_to_seller_stock_count: some },
    ...{ ads: ratio, ads_cluster: ratio, idc: ratio, idc_cluster: ratio },
    ...{ days_without_sales: some, days_without_sales_cluster: some },
    ...{ turnover_grade: text, turnover_grade_cluster: text, item_tags: z.array(z.string()).nullish() },
  }),
  flags: { is_processed: 'asked' },
  for: {
    table: 'ozon.products',
    columns: ['sku'],
    where: { has_sku: true, archived: false, gone_at: null },
    take: 100,
  },
})({
  mode: 'snapshot',
  key: ['account', 'sku', 'warehouse_id', 'cluster_id', 'placement_zone'],
  schedule: [{ after: 'products' }],
  policy,
  start: () => ({}),
  request: (_, { rows }) => ({ path: '/v1/analytics/stocks', json: { skus: rows.map(({ sku }) => sku) } }),
  parse: ({ json }) => ({ records: read(envelope, json).items, next: {}, done: true }),
  row: record => record,
})
