import { keyOf } from '../random.ts'
import { offerOf, type Product, placeOfId, placeOfOffer, placeOfSku, productAt } from './product.ts'
import { added, isKept, type Stock, stockAt } from './stock.ts'
import { type Scheme, type Warehouse, warehousesOf } from './warehouse.ts'
import type { Seller } from './world.ts'

/** A seller's goods, reckoned when they are asked for and held nowhere. */
export type Shop = {
  warehouses: readonly Warehouse[]
  /** Products in the order of their ids, from a place on. */
  products(from: number, archived: boolean): Iterable<Product>
  count(archived: boolean): number
  byId(product: number): Product | undefined
  bySku(sku: number): Product | undefined
  byOffer(offer: string): Product | undefined
  /** The warehouses of these schemes that keep the product, with what lies there now. */
  kept(product: Product, schemes: readonly Scheme[], now: number): Kept[]
  /** What lies there under one scheme; undefined when no warehouse of it keeps the product. */
  total(product: Product, scheme: Scheme, now: number): Stock | undefined
}

export type Kept = Stock & { warehouse: Warehouse }

/** Goods in the archive lie in nobody's own warehouse any more. */
const leftOver: readonly Scheme[] = ['fbo', 'fbp']

export function openShop(seed: number, seller: Seller): Shop {
  const key = keyOf(seed, seller.clientId, 'products')
  const warehouses = warehousesOf(seed, seller)
  const end = seller.products + (seller.archived ?? 0)
  const given = new Map((seller.offers ?? []).map((offer, at) => [offer, at]))

  const product = (at: number) => productAt(key, at, at >= seller.products, seller.offers?.[at])
  const found = (at: number | undefined) => (at !== undefined && at >= 0 && at < end ? product(at) : undefined)

  const kept: Shop['kept'] = ({ at, archived }, schemes, now) =>
    warehouses
      .filter(({ scheme }) => schemes.includes(scheme) && (!archived || leftOver.includes(scheme)))
      .filter(warehouse => isKept(warehouse, at))
      .map(warehouse => ({ warehouse, ...stockAt(warehouse, at, now) }))

  return {
    warehouses,
    kept,
    products: function* (from, archived) {
      const [first, last] = archived ? [seller.products, end] : [0, seller.products]
      for (let at = Math.max(from, first); at < last; at++) yield product(at)
    },
    count: archived => (archived ? end - seller.products : seller.products),
    byId: id => found(placeOfId(id)),
    bySku: sku => found(placeOfSku(sku)),
    byOffer(offer) {
      const place = given.get(offer) ?? placeOfOffer(offer)
      const one = found(place)
      return one?.offer_id === offer && (given.has(offer) || offerOf(key, place) === offer) ? one : undefined
    },
    total(one, scheme, now) {
      const stocks = kept(one, [scheme], now)
      return stocks.length === 0 ? undefined : added(stocks)
    },
  }
}
