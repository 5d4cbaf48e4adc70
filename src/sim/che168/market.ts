import { type Advert, advertOf } from './advert.ts'
import { type Dice, diceOf } from './dice.ts'
import { type History, openHistory } from './history.ts'
import { type Names, namesOf } from './names.ts'
import { openShelf, type Shelf } from './shelf.ts'
import { type State, stateAfter } from './state.ts'
import { wordsOf } from './words.ts'
import type { World } from './world.ts'

/** An advert as it is at some time. */
export type Current = Advert & {
  innerId: string
  internalId: number
  state: State
  /** The description in force. */
  words: string
}

/** The imitated market: what is in it at any time, and what happens. Everything is made when it is asked for. */
export type Market = {
  world: World
  dice: Dice
  names: Names
  history: History
  /** The id of an event by its number. */
  idOf(nth: number): number
  /** What was in the market when so many events had happened. */
  shelf(count: number): Shelf
  /** An advert after an event about it; -1: as it was in the opening. */
  current(index: number, last: number): Current
  /** Whether the advert has a field that cannot be read. */
  isBroken(index: number): boolean
}

/** @throws Error for a market that cannot be. */
export function openMarket(world: World): Market {
  const { seed = 1, adverts, firstId = 8_350_524, broken } = world
  if (!(adverts >= 1 && adverts <= 4_000_000)) throw new Error(`a market has 1 to 4,000,000 adverts, not ${adverts}`)
  const dice = diceOf(seed)
  const [names, history] = [namesOf(seed), openHistory(world, dice)]
  return {
    ...{ world, dice, names, history, idOf: nth => firstId + nth, shelf: openShelf(history, adverts) },
    current: (index, last) => currently({ world, dice, names, history }, index, last),
    isBroken: index => broken !== undefined && dice('broken', index) * broken < 1,
  }
}

type Tools = Pick<Market, 'world' | 'dice' | 'names' | 'history'>

function currently({ world, dice, names, history }: Tools, index: number, last: number): Current {
  const advert = advertOf(world, dice, index)
  const state = stateAfter(history, dice, last)
  return {
    ...advert,
    ...{ innerId: names.innerId(index), internalId: names.internalId(index), state },
    price: state.price < 0 ? advert.price : repriced(advert.price, dice('new price', state.price)),
    km: state.km < 0 ? advert.km : advert.km + 100 + Math.floor(2_000 * dice('new km', state.km)),
    words: wordsOf(dice, state.words < 0 ? index : -1 - state.words),
    listed: state.listed < 0 ? advert.listed : history.timeOf(state.listed),
  }
}

/** New prices are not round. One that was 0 becomes a price. */
function repriced(price: number, chance: number): number {
  return Math.max(6_000, Math.round((price || 50_000) * (0.85 + 0.2 * chance)))
}
