import { invalid } from './answer.ts'
import { type Data, dataOf } from './data.ts'
import { writtenTime } from './event.ts'
import { filterOf, placeOf } from './filter.ts'
import type { Current, Market } from './market.ts'
import { numberOf } from './question.ts'
import type { Shelf } from './shelf.ts'
import type { Manners } from './world.ts'
import { type Sent, written } from './write.ts'

/** Rows in a page; nobody can change it. */
const limit = 20

/**
 * A page of the adverts that are active now, in the order of their listing. The order does not change but the pages do:
 * who goes makes all behind it move up by one, so that a reader of pages misses one; who comes stands first, so that the
 * reader sees one twice, or last. A page behind the last is empty and has no next.
 */
export function offersOf(market: Market, manners: Manners, count: number, query: URLSearchParams) {
  const page = numberOf(query, 'page')
  if (page === null || page < 1) throw invalid('page')
  const shelf = market.shelf(count)
  const listed = filterOf(market, manners, shelf, count, query)
  const size = listed?.length ?? shelf.size()
  const from = (page - 1) * limit
  const rows = []
  for (let nth = from; nth < Math.min(size, from + limit); nth++) {
    const index = listed ? listed[nth]! : shelf.at(placeOf(manners, size, nth))
    rows.push(rowOf(market, manners, shelf, index))
  }
  return { result: rows, meta: { page, next_page: from + limit < size ? page + 1 : null, limit } }
}

/**
 * A row looks like an event and is none: `id` is the vendor's own for the advert. All samples say `added`; the time is
 * taken to be that of the listing, which the vendor does not say.
 */
function rowOf(market: Market, manners: Manners, shelf: Shelf, index: number) {
  const car = market.current(index, shelf.last(index))
  return {
    ...{ id: car.internalId, inner_id: car.innerId, change_type: 'added' },
    created_at: writtenTime(market, car.listed, car.state.listed < 0 ? -1 - index : car.state.listed),
    data: sentOf(market, car, manners.vinListed ?? true),
  }
}

export function sentOf(market: Market, car: Current, withVin: boolean): Sent {
  const data: Data = dataOf(market, car)
  const sent = written(market, car, data)
  if (!withVin) delete sent.vin
  return sent
}
