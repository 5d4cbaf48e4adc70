import { chance } from '../random.ts'
import { type Life, lifeOf, longestLife, placedUntil } from './life.ts'
import { zoned } from './moscow.ts'
import { homeOf, placeOf, priceOf, sizeOf, sridOf } from './orders.ts'
import { places } from './places.ts'
import type { Shop } from './shop.ts'

/** How far back the order feed reaches, by the time of an order's present status; ms. */
export const feedKeep = 31 * 86_400_000

const codes = 2 ** 26

/** The orders of the feed at one moment, by the time of their latest status; numbers as in changes.ts. */
export type Snapshot = { at: number; base: number; first: number; keys: Float64Array }

export function snapshotAt(shop: Shop, at: number): Snapshot {
  const base = at - feedKeep
  const [first, to] = [placedUntil(shop, base - longestLife), placedUntil(shop, at)]
  const keys = new Float64Array(to - first)
  let count = 0
  for (let order = first; order < to; order++) {
    const { time } = statusOf(lifeOf(shop, order), at)
    if (time >= base) keys[count++] = Math.round((time - base) / 1000) * codes + (order - first)
  }
  return { at, base, first, keys: keys.subarray(0, count).sort() }
}

/** Numbers of the orders whose latest status is of [start, end], the newest first. */
export function* feedCodes({ base, first, keys }: Snapshot, start: number, end: number) {
  for (let at = keys.length - 1; at >= 0; at--) {
    const time = Math.floor(keys[at]! / codes) * 1000 + base
    if (time < start) return
    if (time <= end) yield (keys[at]! % codes) + first
  }
}

type Status = { status: 'created' | 'buyout' | 'cancel' | 'return' | 'returnDefective'; time: number }

function statusOf({ placed, cancelled, bought, returned, defective }: Life, now: number): Status {
  if (returned <= now) return { status: defective ? 'returnDefective' : 'return', time: returned }
  if (bought <= now) return { status: 'buyout', time: bought }
  return cancelled <= now ? { status: 'cancel', time: cancelled } : { status: 'created', time: placed }
}

/** The order with its latest status; `brand`, which is not sent, is for the filter. */
export function feedRow(shop: Shop, order: number, now: number) {
  const life = lifeOf(shop, order)
  const { status, time } = statusOf(life, now)
  const size = shop.catalogue.sizes[sizeOf(shop, order)]!
  const place = places[placeOf(shop, order, size)]!
  const home = homeOf(shop, order)
  const isMasked = !place.own && time >= shop.maskedSince
  return {
    ...{ nmId: size.good.nmId, chrtId: size.chrtId, srid: sridOf(shop, order) },
    ...{ createdAt: zoned(life.placed), updatedAt: zoned(time), status },
    ...(status === 'cancel' && { cancelType: life.cancelType }),
    ...{
      warehouseName: isMasked ? 'Склад WB' : place.name,
      warehouseRegion: isMasked ? '' : place.region,
      isMp: place.own,
    },
    ...{
      destinationCity: home.city,
      destinationDistrict: home.district.replace(' федеральный округ', '') || home.country,
    },
    sellerPrice: priceOf(shop, order, size).withDiscount / 100,
    isB2b: chance(shop.keys.b2b, order) < 0.03,
    brand: size.good.brand,
  }
}

/** The rows of all orders whose latest status is of `since` or later. */
export function* feedSince(shop: Shop, since: number, now: number) {
  const to = placedUntil(shop, now)
  for (let order = placedUntil(shop, since - longestLife); order < to; order++) {
    if (statusOf(lifeOf(shop, order), now).time < since) continue
    const { brand, ...row } = feedRow(shop, order, now)
    yield row
  }
}
