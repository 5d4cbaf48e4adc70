import { dataOf } from './data.ts'
import type { Current, Market } from './market.ts'
import { changeOf } from './state.ts'
import { type Sent, written, writtenField } from './write.ts'

/** An event as it is sent: the envelope and, unless the advert is removed, data. */
export type Event = { id: number; inner_id: string; change_type: string; created_at: string; data?: Sent }

/** What an event says; the same whoever asks and when. */
export function eventOf(market: Market, nth: number): Event {
  const { history, names, dice } = market
  const [kind, index] = [history.kind(nth), history.advert(nth)]
  const head = {
    ...{ id: market.idOf(nth), inner_id: names.innerId(index), change_type: kind },
    created_at: writtenTime(market, history.timeOf(nth), nth),
  }
  if (kind === 'removed') return dice('no data', nth) < 0.5 ? { ...head, data: {} } : head
  const car = market.current(index, nth)
  return { ...head, data: kind === 'added' ? written(market, car, dataOf(market, car)) : changes(market, car, nth) }
}

function changes(market: Market, car: Current, nth: number): Sent {
  const change = changeOf(market.dice, nth)
  const price = () => ({ new_price: writtenField(market, car.index, 'price', car.price) })
  const km = () => writtenField(market, car.index, 'km_age', car.km)
  if (change === 'both') return { ...price(), new_km_age: km() }
  if (change === 'km_age') return { new_km_age: km() }
  if (change === 'mileage') return { new_mileage: km() }
  return change === 'description' ? { new_description: car.words } : price()
}

const moscow = 3 * 3_600_000

/** In UTC or in Moscow's time, with ms or without: by the key of what it belongs to. */
export function writtenTime({ dice }: Market, time: number, key: number): string {
  const chance = dice('time', key)
  const local = new Date(time + (chance < 0.5 ? 0 : moscow)).toISOString()
  const digits = chance % 0.5 < 0.1 ? local.slice(0, 19) : local.slice(0, 23)
  return digits + (chance < 0.5 ? 'Z' : '+03:00')
}

/** The time that is written, ms: some are written without their ms. */
export function toldTime({ dice }: Market, time: number, key: number): number {
  return dice('time', key) % 0.5 < 0.1 ? Math.floor(time / 1000) * 1000 : time
}
