import { tableOf } from './file.ts'
import { analyticsRow, heldRow, listItem, ownRow, ownSchemes, type Row, stockItem, vendorRow } from './rows.ts'
import type { Shop } from './shop.ts'
import type { Seller } from './world.ts'

/**
 * What there is to know of a seller's shop:
 *
 *   products    items of /v3/product/list, those of the archive last
 *   stocks      items of /v4/product/info/stocks, without the archive
 *   fbs         rows of /v2/product/info/stocks-by-warehouse/fbs, FBS and rFBS
 *   held        rows of /v1/product/info/warehouse/stocks, of all own warehouses
 *   fbo         rows of /v1/product/info/stocks-by-warehouse/fbo
 *   analytics   rows of /v1/analytics/stocks
 *   report      rows of the product report by their headers, as the seller's layout has them
 *   archive     the same of the report of archived products
 */
export const subjects = ['products', 'stocks', 'fbs', 'held', 'fbo', 'analytics', 'report', 'archive'] as const
export type Subject = (typeof subjects)[number]

/** All rows of a subject at a time, in the vendor's field names and order. */
export function* truthOf(shop: Shop, seller: Seller, subject: Subject, now: number): Iterable<Row> {
  if (subject === 'report' || subject === 'archive') return yield* reported(shop, seller, subject, now)
  for (const product of shop.products(0, false)) yield* rowsOf(shop, product, subject, now)
  if (subject !== 'products') return
  for (const product of shop.products(0, true)) yield listItem(shop, product, now)
}

function rowsOf(shop: Shop, product: Parameters<Shop['kept']>[0], subject: Subject, now: number): Row[] {
  switch (subject) {
    case 'products':
      return [listItem(shop, product, now)]
    case 'stocks':
      return [stockItem(shop, product, now)]
    case 'fbs':
      return shop.kept(product, ownSchemes, now).map(kept => ownRow(product, kept))
    case 'held':
      return shop.kept(product, ownSchemes, now).map(kept => heldRow(product, kept))
    case 'fbo':
      return shop.kept(product, ['fbo'], now).map(kept => vendorRow(product, kept))
    default:
      return shop.kept(product, ['fbo'], now).map(kept => analyticsRow(product, kept))
  }
}

function reported(shop: Shop, { clientId, layout = {} }: Seller, subject: Subject, now: number): Iterable<Row> {
  const visibility = subject === 'archive' ? 'ARCHIVED' : 'ALL'
  return tableOf(shop, {
    ...{ code: '', clientId, type: 'seller_products', created: now, takes: 0, error: '' },
    ...{ layout, english: false, xlsx: false },
    ask: { visibility, offers: [], skus: [], search: '', warehouses: [] },
  }).rows
}
