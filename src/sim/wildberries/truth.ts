import { rowsSince } from './changes.ts'
import { kept } from './life.ts'
import { ownShelves, wbShelves } from './shelves.ts'
import type { Shop } from './shop.ts'
import { stockAt } from './stock.ts'

export type Moment = {
  now: number
  /** The time (ms) up to which the reports know the world: the last refresh. */
  known: number
  /** When (ms) the collector began; what was already forgotten then it cannot know. */
  since: number
}

type Row = Record<string, unknown>

const streams = {
  orders: (shop: Shop, { known, since }: Moment): Iterable<Row> => rowsSince(shop, 'orders', since - kept, known),
  sales: (shop: Shop, { known, since }: Moment): Iterable<Row> => rowsSince(shop, 'sales', since - kept, known),
  stocks: (shop: Shop, { now, known }: Moment): Iterable<Row> => wbShelves(shop, stockAt(shop, known), now),
  sellerStocks: (shop: Shop, { known }: Moment): Iterable<Row> => ownShelves(shop, stockAt(shop, known)),
}

/** The kinds of records of which the truth can be asked. */
export type Stream = keyof typeof streams
export const streamNames = Object.keys(streams) as Stream[]

/** What a complete collector holds now, one record after the other, in the vendor's words. */
export function truthOf(shop: Shop, stream: Stream, moment: Moment): Iterable<Row> {
  return streams[stream](shop, moment)
}
