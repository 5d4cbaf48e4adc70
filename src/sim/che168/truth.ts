import { type Car, carOf } from './car.ts'
import { type Data, dataOf } from './data.ts'
import { toldTime } from './event.ts'
import type { Kind } from './history.ts'
import type { Market } from './market.ts'
import { type Broken, brokenOf } from './write.ts'

/**
 * An advert as a complete collector holds it.
 *
 * - lastId, change, at: the last event about it since the collector began, and the time (ms) that it tells; without one
 *   null, `added` and the time of its row in /offers
 * - data: what is true of it, with the types that are meant; a field that cannot be read is null, and `broken` tells which
 *   (of an advert that is gone: what it was at last, even if a collector came too late to read it)
 * - car: what a normaliser can read from it, were it not for the broken field: that one is told as it is true
 */
export type Held = {
  innerId: string
  isActive: boolean
  lastId: number | null
  change: Kind
  at: number
  broken: Broken | null
  data: Omit<Data, 'year'> & { year: number | null }
  car: Car
}

/** An event as it was: the time is the one that it tells, ms. */
export type Happened = { id: number; innerId: string; change: Kind; at: number }

/** Adverts that had gone before the collector began, and did not come back, are not known to it. */
export function* truthOf(market: Market, at: number, since: number): Generator<Held> {
  const { history } = market
  const [count, before] = [history.countAt(at), history.countAt(since)]
  const wasHere = presence(market, before)
  const known = market.shelf(count).known()
  for (let index = 0; index < known; index++) {
    const shelf = market.shelf(count)
    const last = shelf.last(index)
    if (last >= before || wasHere(index)) yield heldOf(market, index, last, last >= before, shelf.isHere(index))
  }
}

/** Who is there at a time, in one bit each, as the shelf moves on. */
function presence(market: Market, count: number): (index: number) => boolean {
  const shelf = market.shelf(count)
  const here = Uint8Array.from({ length: shelf.known() }, (_, index) => Number(shelf.isHere(index)))
  return index => here[index] === 1
}

function heldOf(market: Market, index: number, last: number, isEvent: boolean, isActive: boolean): Held {
  const car = market.current(index, last)
  const listing = car.state.listed < 0 ? -1 - index : car.state.listed
  const time = isEvent ? market.history.timeOf(last) : car.listed
  const broken = brokenOf(market, index)
  const data = dataOf(market, car)
  return {
    ...{ innerId: car.innerId, isActive, lastId: isEvent ? market.idOf(last) : null },
    change: isEvent ? market.history.kind(last) : 'added',
    at: toldTime(market, time, isEvent ? last : listing),
    ...{ broken, data: broken ? { ...data, [broken.field]: null } : data, car: carOf(market, car) },
  }
}

export function* happenings(market: Market, from: number, to: number, now: number): Generator<Happened> {
  const { history, names } = market
  const end = Math.min(history.countAt(now), to - market.idOf(0) + 1)
  for (let nth = Math.max(0, from - market.idOf(0)); nth < end; nth++) {
    const [innerId, at] = [names.innerId(history.advert(nth)), toldTime(market, history.timeOf(nth), nth)]
    yield { id: market.idOf(nth), innerId, change: history.kind(nth), at }
  }
}
