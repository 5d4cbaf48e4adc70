import { chance } from '../random.ts'
import type { Shop } from './shop.ts'

const [second, hour, day] = [1_000, 3_600_000, 86_400_000]

/** Nothing happens to an order later than so many ms after it was placed. */
export const longestLife = 33 * day

/** How long the reports of orders and sales keep an order, from its date; ms. */
export const kept = 90 * day

type CancelType = 'app' | 'receipt' | 'expire' | 'other'

/**
 * What becomes of one order; times in ms, Infinity for what never happens.
 *
 *   placed     it is in the order feed; it has left the stock for the buyer
 *   shown      it is in the report of orders; hours later than placed when the payment was not confirmed at once
 *   packed     it gets its sticker, and its row a new lastChangeDate; does not happen once it is cancelled
 *   cancelled  it ends, with a type
 *   bought     it ends otherwise: a sale, whose money is 0 until it is
 *   settled    : the row of the sale comes again with its money
 *   returned   a sold good comes back; `defective` ones never reach the stock
 *   back       what was cancelled or returned is in the stock again
 */
export type Life = {
  placed: number
  shown: number
  packed: number
  cancelled: number
  cancelType: CancelType | null
  bought: number
  settled: number
  returned: number
  defective: boolean
  back: number
}

/**
 * When order `at` (from 0) was placed, ms at a full second. It never is before the one before. Of each four orders some
 * are one basket, placed in the same second.
 */
export function placedAt({ keys, since, orders }: Shop, at: number): number {
  const first = basketOf(keys.basket, at)
  const moment = since + ((first + 0.9 * chance(keys.moment, first)) * day) / orders
  return Math.floor(moment / second) * second
}

/** The number of the first order of the basket that holds this order. */
export function basketOf(key: number, at: number): number {
  const within = at & 3
  const draw = chance(key, at >>> 2)
  if (draw < 0.5 || within === 0) return at
  if (draw < 0.75) return within === 1 ? at - 1 : at
  return draw < 0.9 ? at - (within & 1) : at - within
}

/** How many orders were placed until then, that moment included. */
export function placedUntil(shop: Shop, time: number): number {
  let count = Math.max(0, Math.floor(((time - shop.since) * shop.orders) / day))
  while (count > 0 && placedAt(shop, count - 1) > time) count--
  while (placedAt(shop, count) <= time) count++
  return count
}

export function lifeOf(shop: Shop, at: number): Life {
  const { keys } = shop
  const placed = placedAt(shop, at)
  const late = chance(keys.late, at)
  const shown = late < shop.late ? placed + hour + seconds((late / shop.late) * 19 * hour) : placed
  const fate = chance(keys.fate, at)
  const end = chance(keys.end, at)
  if (fate < 0.16) return cancelledLife(shop, at, placed, shown, fate, end)
  const bought = placed + day + seconds(end * 8 * day)
  const turn = chance(keys.return, at)
  const returned = turn < 0.08 ? bought + day + seconds((turn / 0.08) * 19 * day) : Number.POSITIVE_INFINITY
  return {
    ...{ placed, shown, packed: packedAt(keys, at, shown), cancelled: Number.POSITIVE_INFINITY, cancelType: null },
    ...{ bought, settled: settledAt(shop, at, bought), returned, defective: turn < 0.01, back: returned + 2 * day },
  }
}

function cancelledLife({ keys }: Shop, at: number, placed: number, shown: number, fate: number, end: number): Life {
  const [cancelType, after, back] = cancelOf(fate, end)
  const cancelled = placed + seconds(after)
  const packed = packedAt(keys, at, shown)
  return {
    ...{ placed, shown, packed: packed < cancelled ? packed : Number.POSITIVE_INFINITY, cancelled, cancelType },
    ...{ bought: Number.POSITIVE_INFINITY, settled: Number.POSITIVE_INFINITY, returned: Number.POSITIVE_INFINITY },
    ...{ defective: false, back: cancelled + back },
  }
}

/** Why, how long after the order, and how long the way back takes. */
function cancelOf(fate: number, end: number): [CancelType, number, number] {
  if (fate < 0.09) return ['app', hour / 3 + end * 2 * day, 0]
  if (fate < 0.13) return ['receipt', 2 * day + end * 6 * day, 3 * day]
  return fate < 0.15 ? ['expire', 14 * day + end * 2 * day, 3 * day] : ['other', day + end * 3 * day, 3 * day]
}

/** Most warehouses report by the hour, so that many rows change in one second; some times have a fraction. */
function packedAt(keys: Shop['keys'], at: number, shown: number): number {
  const packed = shown + hour / 2 + seconds(chance(keys.pack, at) * 9 * hour)
  const kind = chance(keys.hour, at)
  if (kind < 0.6) return Math.ceil(packed / hour) * hour
  return kind < 0.8 ? packed + 100 * (1 + Math.floor(chance(keys.fraction, at) * 9)) : packed
}

/** The money of a sale comes at once, or at a full hour of the next day. */
function settledAt({ keys }: Shop, at: number, bought: number): number {
  const draw = chance(keys.settle, at)
  return draw < 0.3 ? bought : Math.ceil((bought + draw * 23 * hour) / hour) * hour
}

function seconds(ms: number): number {
  return Math.floor(ms / second) * second
}

/** The last of the times that is not after `now`, mass updates of the vendor included; NaN before the first of them. */
export function latest({ updates }: Shop, now: number, forgotten: number, first: number, ...others: number[]): number {
  if (first > now) return Number.NaN
  let last = first
  for (const time of others) if (time <= now && time > last) last = time
  for (const time of updates) if (time <= now && time > last && time < forgotten) last = time
  return last
}
