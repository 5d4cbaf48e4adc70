import { z } from 'zod'
import { BadPage } from '../../core/failure.ts'
import { counted, id, read } from './answer.ts'
import { before, daily, paged } from './daily.ts'
import { policy } from './retry.ts'
import { ozon } from './vendor.ts'

const visibility = z.enum(['ALL', 'ARCHIVED'])

const envelope = z.object({
  result: z.object({ items: z.array(z.unknown()), total: z.int().min(0).optional(), last_id: z.string() }),
})

/**
 * POST /v3/product/list: all products, those outside of the archive first and then the archive. Each page leads to the next
 * by `last_id`. The sku is told since 2026-07-09.
 *
 * `lacks` of the cursor are products which Ozon counts and did not list: of both visibilities, so that a long archive does
 * not make up for a short list before it.
 */
export const products = ozon.pull({
  name: 'products',
  table: 'ozon.products',
  limit: { calls: 1, product_list: 1 },
  cursor: z.strictObject({ visibility, last_id: z.string(), ...counted, lacks: z.int().min(0).default(0) }),
  record: z.looseObject({
    product_id: id,
    offer_id: z.string().min(1),
    sku: id.nullish(),
    archived: z.boolean(),
    has_fbo_stocks: z.boolean(),
    has_fbs_stocks: z.boolean(),
    is_discounted: z.boolean().nullish(),
    quants: z.array(z.unknown()).nullish(),
  }),
  options: z.strictObject({ ...daily, ...paged }),
  flags: { is_processed: 'changed' },
})({
  mode: 'snapshot',
  key: ['account', 'product_id'],
  schedule: before,
  policy,
  batch: ({ page_size }) => page_size,
  start: () => ({ visibility: 'ALL', last_id: '', items: 0, records: 0, lacks: 0 }),
  request: (at, { options }) => ({
    path: '/v3/product/list',
    json: { filter: { visibility: at.visibility }, last_id: at.last_id, limit: options.page_size },
  }),
  parse: ({ json }, at, { options }) => {
    const { items, total, last_id } = read(envelope, json).result
    const seen = { items: at.items + items.length, records: at.records + items.length }
    const isCounted = total !== undefined && seen.items >= total && items.length < options.page_size
    const isLast = items.length === 0 || last_id === '' || isCounted
    if (!isLast && last_id === at.last_id) throw new BadPage('bad-page', 'last_id leads to the same page again')
    if (!isLast) return { records: items, next: { ...at, ...seen, last_id }, done: false }
    const lacks = at.lacks + Math.max(0, (total ?? 0) - seen.items)
    const next = { visibility: 'ARCHIVED', last_id: '', items: 0, records: seen.records, lacks } as const
    if (at.visibility === 'ALL') return { records: items, next, done: false }
    return { records: items, next, done: true, ...(lacks > 0 ? { total: seen.records + lacks } : {}) }
  },
  row: ({ product_id, offer_id, sku, archived, has_fbo_stocks, has_fbs_stocks, is_discounted, quants }) => ({
    ...{ product_id, offer_id, sku: known(sku), has_sku: known(sku) !== null, archived },
    ...{ has_fbo_stocks, has_fbs_stocks, is_discounted: is_discounted ?? null, quants: quants ?? null },
  }),
})

/** A product that was never offered has no sku: it is left out, or 0. */
function known(sku: z.output<typeof id> | null | undefined): z.output<typeof id> | null {
  return sku === undefined || sku === null || Number(sku) === 0 ? null : sku
}
