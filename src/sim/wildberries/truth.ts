import { rowsSince } from './changes.ts'
import { goodsOf, listRow, supplyDetails } from './delivered.ts'
import { allFields, remainsOf } from './heaps.ts'
import { feedKeep, feedSince } from './latest.ts'
import { kept } from './life.ts'
import { midnight } from './moscow.ts'
import { moneyRows, operationsUntil, type Period } from './operations.ts'
import { ownShelves, wbShelves } from './shelves.ts'
import type { Shop } from './shop.ts'
import { stockAt } from './stock.ts'
import { suppliesUntil } from './supply.ts'

export type Moment = {
  now: number
  /** The time (ms) up to which the reports know the world: the last refresh. */
  known: number
  /** When (ms) the collector began; what was already forgotten then it cannot know. */
  since: number
}

type Row = Record<string, unknown>

type Tell = (shop: Shop, moment: Moment) => Iterable<Row>

/**
 * - supplies, supplyDetails, supplyGoods: every supply there is, as it is now; the latter two bear its ids beside what is sent
 * - stocks, sellerStocks, remains: what the last refresh knew; remains grouped by everything, in Russian
 * - finance, financeDaily: the rows of the weeks, or days, that are over
 */
const streams = {
  orders: (shop, { known, since }) => rowsSince(shop, 'orders', since - kept, known),
  sales: (shop, { known, since }) => rowsSince(shop, 'sales', since - kept, known),
  feed: (shop, { now, since }) => feedSince(shop, since - feedKeep, now),
  supplies: (shop, { now }) => supplyRows(shop, now, nth => [listRow(shop, nth, now)]),
  supplyDetails: (shop, { now }) =>
    supplyRows(shop, now, nth => [{ ...idsOf(shop, nth, now), ...supplyDetails(shop, nth, now) }]),
  supplyGoods: (shop, { now }) =>
    supplyRows(shop, now, nth => goodsOf(shop, nth, now).map(row => ({ ...idsOf(shop, nth, now), ...row }))),
  stocks: (shop, { now, known }) => wbShelves(shop, stockAt(shop, known), now),
  sellerStocks: (shop, { known }) => ownShelves(shop, stockAt(shop, known)),
  remains: (shop, { now, known }) => remainsOf(shop, stockAt(shop, known), allFields, 'ru', now >= shop.maskedSince),
  finance: (shop, { now }) => money(shop, 'weekly', now),
  financeDaily: (shop, { now }) => money(shop, 'daily', now),
} satisfies Record<string, Tell>

function* supplyRows(shop: Shop, now: number, rowsOf: (nth: number) => Row[]) {
  for (let nth = 0; nth < suppliesUntil(shop, now); nth++) yield* rowsOf(nth)
}

function idsOf(shop: Shop, nth: number, now: number) {
  const { supplyID, preorderID } = listRow(shop, nth, now)
  return { supplyID, preorderID }
}

function money(shop: Shop, period: Period, now: number) {
  return moneyRows(shop, operationsUntil(shop, midnight(now)), period, 0, now, now)
}

/** The kinds of records of which the truth can be asked. */
export type Stream = keyof typeof streams
export const streamNames = Object.keys(streams) as Stream[]

/** What a complete collector holds now, one record after the other, in the vendor's words. */
export function truthOf(shop: Shop, stream: Stream, moment: Moment): Iterable<Row> {
  return streams[stream](shop, moment)
}
