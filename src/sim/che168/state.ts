import type { Dice } from './dice.ts'
import type { History } from './history.ts'

/** An advert's last listing and what changed after it, by the numbers of the events; -1: as it was in the opening. */
export type State = { listed: number; price: number; km: number; words: number }

/** The fields a `changed` event brings. Nearly all bring a price alone; one names the mileage as other sources do. */
export type Change = 'price' | 'km_age' | 'mileage' | 'both' | 'description'

export function changeOf(dice: Dice, nth: number): Change {
  const chance = dice('change', nth)
  if (chance < 0.92) return 'price'
  if (chance < 0.95) return 'km_age'
  if (chance < 0.96) return 'mileage'
  return chance < 0.98 ? 'both' : 'description'
}

/** What an advert is like after an event about it; a new listing sets all anew. */
export function stateAfter(history: History, dice: Dice, last: number): State {
  const state: State = { listed: -1, price: -1, km: -1, words: -1 }
  for (let nth = last; nth >= 0; nth = history.previous(nth)) {
    const kind = history.kind(nth)
    if (kind === 'added') return listedBy(nth, state)
    if (kind === 'removed') continue
    const change = changeOf(dice, nth)
    if (change === 'price' || change === 'both') state.price = Math.max(state.price, nth)
    if (change === 'km_age' || change === 'mileage' || change === 'both') state.km = Math.max(state.km, nth)
    if (change === 'description') state.words = Math.max(state.words, nth)
  }
  return state
}

function listedBy(nth: number, { price, km, words }: State): State {
  return { listed: nth, price: Math.max(nth, price), km: Math.max(nth, km), words: Math.max(nth, words) }
}
