import { keyOf } from '../random.ts'
import { type Catalogue, catalogueOf } from './goods.ts'
import type { Seller, World } from './world.ts'

const day = 86_400_000

/** A key for each thing that is drawn for an order or a supply. */
const drawn = [
  ...['basket', 'moment', 'late', 'fraction', 'pack', 'hour', 'fate', 'end', 'settle', 'return', 'good', 'size'],
  ...['place', 'home', 'price', 'discount', 'spp', 'sticker', 'supply', 'stage', 'amount', 'loss', 'b2b'],
] as const
type Keys = Readonly<Record<(typeof drawn)[number], number>>

/** A seller with everything made up that its records are derived from. */
export type Shop = Required<Seller> & {
  /** Its place in the list of sellers. */
  number: number
  /** The seller's id, a UUID: the claim `sid` of its tokens. */
  sid: string
  catalogue: Catalogue
  keys: Keys
  late: number
  /** Ascending; ms. */
  updates: readonly number[]
  maskedSince: number
}

/** @param now the default of `since` is 90 days before. */
export function openShops(world: World, now: number): Shop[] {
  return world.sellers.map((seller, number) => openShop(world, seller, number, now))
}

function openShop(world: World, seller: Seller, number: number, now: number): Shop {
  const { seed = 1, late = 0.02, updates = [], maskedSince = Date.UTC(2026, 7, 14, 21) } = world
  const { name, goods = 40 } = seller
  return {
    ...{ type: 'personal', orders: 100, own: 0.2, supplyEvery: 4 * day, since: now - 90 * day, ...seller, goods },
    categories: seller.categories ?? ['statistics', 'analytics', 'supplies', 'marketplace', 'finance'],
    number,
    sid: uuidOf(seed, 'seller', name),
    catalogue: catalogueOf(seed, name, number, goods),
    keys: Object.fromEntries(drawn.map(word => [word, keyOf(seed, name, word)])) as Keys,
    late,
    updates: updates.toSorted((one, other) => one - other),
    maskedSince,
  }
}

/** The same words give the same 32 hexadecimal digits. */
export function hexOf(...words: (string | number)[]): string {
  return [0, 1, 2, 3].map(part => (keyOf(part, ...words, part) >>> 0).toString(16).padStart(8, '0')).join('')
}

export function uuidOf(...words: (string | number)[]): string {
  const hex = hexOf(...words)
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20)].join('-')
}
