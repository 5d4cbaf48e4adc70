import { invalid } from './answer.ts'
import { type Event, eventOf } from './event.ts'
import type { Market } from './market.ts'
import { numberOf } from './question.ts'
import type { Manners } from './world.ts'

const limit = 20
const moscow = 3 * 3_600_000

/** The first event that is still kept when so many have happened. */
function oldest(market: Market, count: number): number {
  return Math.max(0, count - (market.world.kept ?? Number.POSITIVE_INFINITY))
}

/**
 * The events from a change id on, that one included; 20 of them. Below the oldest that is kept it answers from there and
 * says nothing of it. At the end of the feed:
 *
 *   null     the page that reaches the head has no next: null, though there are rows
 *   absent   the page that reaches the head tells the id that comes next; a page without rows has no next_change_id
 *   same     the same, and a page without rows tells the id that it was asked for
 *   mixed    one of these, by the change id asked for
 */
export function changesOf(market: Market, manners: Manners, count: number, query: URLSearchParams) {
  const asked = numberOf(query, 'change_id')
  if (asked === null) throw invalid('change_id')
  const first = Math.max(asked - market.idOf(0), oldest(market, count))
  const result: Event[] = []
  for (let nth = first; nth < Math.min(count, first + limit); nth++) result.push(listed(eventOf(market, nth), manners))
  const next = market.idOf(first + result.length)
  const meta = first + limit < count ? { next_change_id: next, limit } : end(market, manners, asked, result, next)
  return { result: untidy(market, manners, asked, result), meta: { cur_change_id: asked, ...meta } }
}

function end({ dice }: Market, { end = 'mixed' }: Manners, asked: number, rows: Event[], next: number) {
  const forms = ['null', 'absent', 'same'] as const
  const form = end === 'mixed' ? forms[Math.floor(3 * dice('end', asked))] : end
  if (form === 'null') return { next_change_id: null, limit }
  if (rows.length > 0) return { next_change_id: next, limit }
  return form === 'same' ? { next_change_id: asked, limit } : {}
}

function listed(event: Event, { vinListed = true }: Manners): Event {
  if (vinListed || event.data?.vin === undefined) return event
  const { vin: _, ...data } = event.data
  return { ...event, data }
}

/** One event comes again, of this page or of those before it, and the rows come in reverse. */
function untidy(market: Market, { untidy = 0 }: Manners, asked: number, rows: Event[]): Event[] {
  const { dice, idOf } = market
  if (rows.length === 0 || dice('untidy', asked) >= untidy) return rows
  const first = rows[0]!.id - idOf(0)
  const again = Math.max(0, first - 40) + Math.floor(dice('again here', asked) * Math.min(first + rows.length, 60))
  return [eventOf(market, Math.min(again, first + rows.length - 1)), ...rows].toReversed()
}

/**
 * The id of the first event of a date that is kept, or of the first one after it. Null: nothing has happened since that
 * day began, or it is not there yet.
 */
export function changeIdOf(market: Market, manners: Manners, count: number, query: URLSearchParams) {
  const date = query.get('date') ?? ''
  const begins = Date.parse(`${date}T00:00:00Z`)
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(begins)) throw invalid('date')
  if (new Date(begins).toISOString().slice(0, 10) !== date) throw invalid('date')
  const since = manners.zone === 'msk' ? begins - moscow : begins
  const first = Math.max(market.history.firstAt(since), oldest(market, count))
  return { change_id: first < count ? market.idOf(first) : null }
}
