import { chance } from '../random.ts'
import { largePlace, wbPlaces } from './places.ts'
import type { Shop } from './shop.ts'

const [second, hour, day] = [1_000, 3_600_000, 86_400_000]

/**
 * The life of one supply; times in ms, Infinity for what never happens.
 *
 *   created    a preorder without a supplyID, status 1; a virtual one is a supply and accepted at once
 *   planned    it has a supplyID and a day, status 2; one in twelve never comes so far
 *   allowed    status 3
 *   gate       it is unloaded at the gate, status 6: its factDate
 *   accepting  it is being accepted, status 4
 *   accepted   status 5: the goods are in the stock
 */
export type SupplyLife = {
  created: number
  planned: number
  allowed: number
  gate: number
  accepting: number
  accepted: number
  virtual: boolean
}

export function supplyLife({ keys, since, supplyEvery }: Shop, nth: number): SupplyLife {
  const draw = (stage: number) => chance(keys.stage ^ stage, nth)
  const created = whole(since + (nth + 0.5 * draw(0)) * supplyEvery)
  const kind = chance(keys.supply, nth)
  if (kind < 1 / 12) {
    const [planned, allowed, gate] = [created, created, created]
    return { created, planned, allowed, gate, accepting: created, accepted: created, virtual: true }
  }
  const planned = kind < 2 / 12 ? Number.POSITIVE_INFINITY : created + whole((4 + 26 * draw(1)) * hour)
  const allowed = planned + whole((1 + 23 * draw(2)) * hour)
  const gate = allowed + whole((1 + 3 * draw(3)) * day)
  const accepting = gate + whole((2 + 18 * draw(4)) * hour)
  return {
    created,
    planned,
    allowed,
    gate,
    accepting,
    accepted: accepting + whole((4 + 36 * draw(5)) * hour),
    virtual: false,
  }
}

/** How many supplies were created until then. */
export function suppliesUntil(shop: Shop, now: number): number {
  let count = Math.max(0, Math.ceil((now - shop.since) / shop.supplyEvery))
  while (count > 0 && supplyLife(shop, count - 1).created > now) count--
  return count
}

export function supplyId({ number }: Shop, nth: number): number {
  return 20_000_000 + number * 1_000_000 + nth
}

/** Virtual supplies have none. */
export function preorderId({ number }: Shop, nth: number): number {
  return 70_000_000 + number * 1_000_000 + nth
}

/** The place a supply goes to: one after the other. */
export function destination(nth: number): number {
  return nth % wbPlaces
}

/** Which supply the goods of an order came with: the last accepted before, 0 for first stock and the seller's own. */
export function supplyFor(shop: Shop, time: number, place: number): number {
  if (place >= wbPlaces) return 0
  const last = Math.floor((time - shop.since) / shop.supplyEvery)
  for (let nth = last - ((((last - place) % wbPlaces) + wbPlaces) % wbPlaces); nth >= 0; nth -= wbPlaces)
    if (supplyLife(shop, nth).accepted <= time) return supplyId(shop, nth)
  return 0
}

/** So many of a size are expected to be ordered from a place in a span of ms. */
export function demand({ catalogue, orders, own }: Shop, size: number, place: number, span: number): number {
  const { good, share } = catalogue.sizes[size]!
  const expected = (orders * share * span) / day
  if (place >= wbPlaces) return (expected * own) / 2
  const lies = good.large ? place === largePlace : place !== largePlace
  return lies ? (expected * (1 - own)) / (good.large ? 1 : largePlace) : 0
}

/** Pieces of a size that a supply announces and that are accepted in the end. */
export function suppliedOf(shop: Shop, nth: number, size: number): { announced: number; accepted: number } {
  const wanted = demand(shop, size, destination(nth), wbPlaces * shop.supplyEvery)
  const index = nth * shop.catalogue.sizes.length + size
  const announced = Math.ceil(wanted * (1.3 + 0.4 * chance(shop.keys.amount, index)))
  const lost = announced > 0 && chance(shop.keys.loss, index) < 0.05 ? 1 : 0
  return { announced, accepted: announced - lost }
}

function whole(ms: number): number {
  return Math.floor(ms / second) * second
}
