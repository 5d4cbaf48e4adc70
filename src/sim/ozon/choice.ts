import { type Body, ids, invalid, oneOf, texts } from './body.ts'
import type { Product } from './product.ts'
import type { Shop } from './shop.ts'

/** The states of products by which a question may choose. ALL is all but the archive. */
const visibilities = [
  ...['ALL', 'VISIBLE', 'INVISIBLE', 'EMPTY_STOCK', 'NOT_MODERATED', 'MODERATED', 'DISABLED', 'STATE_FAILED'],
  ...['READY_TO_SUPPLY', 'VALIDATION_STATE_PENDING', 'VALIDATION_STATE_FAIL', 'VALIDATION_STATE_SUCCESS', 'TO_SUPPLY'],
  ...['IN_SALE', 'REMOVED_FROM_SALE', 'BANNED', 'OVERPRICED', 'CRITICALLY_OVERPRICED', 'EMPTY_BARCODE'],
  ...['BARCODE_EXISTS', 'QUARANTINE', 'ARCHIVED', 'OVERPRICED_WITH_STOCK', 'PARTIAL_APPROVED', 'AUTO_ARCHIVED'],
  ...['MANUAL_ARCHIVED', 'SEASONAL_AUTO_ARCHIVED', 'VISIBLE_WITH_FBO_STOCK', 'IMAGE_ABSENT'],
]

/** All products are sound here: states of trouble hold none of them. */
const sound = ['ALL', 'VISIBLE', 'MODERATED', 'VALIDATION_STATE_SUCCESS', 'IN_SALE', 'ARCHIVED', 'MANUAL_ARCHIVED']

/** The products a question is about, in the order of their ids. */
export type Choice = { from(place: number): Iterable<Product>; total(): number }

export function visibilityOf(body: Body): string {
  return oneOf(body, 'visibility', visibilities)
}

export function isOfArchive(visibility: string): boolean {
  return visibility.endsWith('ARCHIVED')
}

/** The products of one visibility, all or those that are named by articles and product ids. */
export function chosen(shop: Shop, filter: Body): Choice {
  const visibility = visibilityOf(filter)
  const archived = isOfArchive(visibility)
  const byOffer = texts(filter, 'offer_id', 1000).map(shop.byOffer)
  const byId = ids(filter, 'product_id', 1000).map(shop.byId)
  if (!sound.includes(visibility)) return named([])
  if (filter.offer_id === undefined && filter.product_id === undefined) {
    return { from: place => shop.products(place, archived), total: () => shop.count(archived) }
  }
  return named(found([...byOffer, ...byId]).filter(product => product.archived === archived))
}

/**
 * The products named in one of two lists, of which exactly one has to be given; those of the archive are not told.
 *
 * @throws Refusal 400 when both are given, or none.
 */
export function namedBy(shop: Shop, body: Body, offers: string, skus: string): Choice {
  const byOffer = texts(body, offers, 1000).map(shop.byOffer)
  const bySku = ids(body, skus, 1000).map(shop.bySku)
  if (byOffer.length > 0 === bySku.length > 0) throw invalid(`either ${offers} or ${skus} is required`)
  return named(found([...byOffer, ...bySku]).filter(({ archived }) => !archived))
}

/** Everything outside of the archive when neither list names a product, as the beta method is used in the wild. */
export function namedOrAll(shop: Shop, body: Body, offers: string, skus: string): Choice {
  const [byOffer, bySku] = [texts(body, offers), ids(body, skus)]
  if (byOffer.length + bySku.length > 0) return namedBy(shop, body, offers, skus)
  return { from: place => shop.products(place, false), total: () => shop.count(false) }
}

function found(products: (Product | undefined)[]): Product[] {
  const known = products.filter(product => product !== undefined)
  return [...new Map(known.map(product => [product.at, product])).values()].toSorted((a, b) => a.at - b.at)
}

function named(products: readonly Product[]): Choice {
  return { from: place => products.filter(({ at }) => at >= place), total: () => products.length }
}
