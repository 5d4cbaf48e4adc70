import { invalid, problem, Refusal } from './answer.ts'
import type { Market } from './market.ts'
import { sentOf } from './offers.ts'
import type { Manners } from './world.ts'

/** One advert that is active: flat, or wrapped. One that is unknown or was removed is not found. */
export function offerOf(market: Market, { wrapped = false }: Manners, count: number, query: URLSearchParams) {
  const innerId = query.get('inner_id') ?? ''
  if (!/^\d{1,12}$/.test(innerId)) throw invalid('inner_id')
  const index = market.names.indexOf(innerId)
  const shelf = market.shelf(count)
  const isKnown = index < shelf.known() && market.names.innerId(index) === innerId
  if (!isKnown || !shelf.isHere(index)) throw new Refusal(problem(404))
  const data = sentOf(market, market.current(index, shelf.last(index)), true)
  return wrapped ? { data } : data
}
