import type { History } from './history.ts'

/** The adverts that are in the market at one time, in the order in which they were listed. */
export type Shelf = {
  /** Adverts in it. */
  size(): number
  /** The one that was listed nth of those that are there, counted from 0. */
  at(nth: number): number
  isHere(advert: number): boolean
  /** The last event about it; -1: there was none. */
  last(advert: number): number
  /** Adverts that are there or have been. */
  known(): number
}

const block = 512

/** A shelf that can be moved through time; forward is cheap, backward begins anew. */
export function openShelf(history: History, adverts: number): (count: number) => Shelf {
  let shelf = filled(adverts)
  return count => {
    if (count < shelf.count()) shelf = filled(adverts)
    for (let nth = shelf.count(); nth < count; nth++) shelf.happens(nth, history.kind(nth), history.advert(nth))
    return shelf
  }
}

/**
 * Every listing has a place of its own, in order; who goes leaves it empty. Blocks of places know how many are taken, so
 * that the nth is found without a walk over all.
 */
function filled(adverts: number) {
  const placeOf = Array.from({ length: adverts }, (_, index) => index)
  const places = Array.from({ length: adverts }, (_, index) => index)
  const taken: number[] = []
  for (let place = 0; place < adverts; place++) taken[Math.floor(place / block)] = 1 + (place % block)
  const last: number[] = []
  let size = adverts
  let count = 0

  const list = (advert: number) => {
    const place = places.push(advert) - 1
    placeOf[advert] = place
    const at = Math.floor(place / block)
    taken[at] = (taken[at] ?? 0) + 1
    size++
  }
  const unlist = (advert: number) => {
    const place = placeOf[advert]!
    places[place] = -1
    placeOf[advert] = -1
    taken[Math.floor(place / block)]!--
    size--
  }
  return {
    happens(nth: number, kind: string, advert: number) {
      if (kind === 'added') list(advert)
      if (kind === 'removed') unlist(advert)
      last[advert] = nth
      count++
    },
    count: () => count,
    size: () => size,
    at: (nth: number) => found(places, taken, nth),
    isHere: (advert: number) => (placeOf[advert] ?? -1) >= 0,
    last: (advert: number) => last[advert] ?? -1,
    known: () => placeOf.length,
  }
}

function found(places: number[], taken: number[], nth: number): number {
  let [at, left] = [0, nth]
  while (left >= taken[at]!) left -= taken[at++]!
  for (let place = at * block; ; place++) if (places[place]! >= 0 && left-- === 0) return places[place]!
}
