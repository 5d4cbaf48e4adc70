import { z } from 'zod'
import type { Answer, Ask, Listing } from '../../core/ask.ts'
import { milliseconds } from '../../core/duration.ts'
import { BadPage } from '../../core/failure.ts'
import { count } from '../../core/option.ts'
import type { Page } from '../../core/page.ts'
import { date, dayOf, daysAfter, textOf, timeOf } from './moscow.ts'
import { duration } from './settings.ts'

/**
 * Where a report of changes (orders, sales) stands. It is asked for what has changed since `dateFrom`, until a page is
 * short; and beside that for whole days, of which two reasons are known:
 *
 *   sweep   once a day the days before, since rows come late, and sums are filled in without a new time of change
 *   crowd   more rows share one time of change than a page holds, so that `dateFrom` would never get past it: everything
 *           the vendor still keeps is read by days, and the changes go on behind that time
 *
 * - dateFrom: the next question's, in the vendor's own text or in ours
 * - reached: the latest time of change that changes have come to, in the vendor's own text
 * - floor: nothing before this is asked for again: the time behind a crowd
 * - days: the next day that is read, and the last one
 * - swept: the last day (Moscow) on which days were read once more
 */
export const changesCursor = z.strictObject({
  dateFrom: z.string().min(1),
  reached: z.string().optional(),
  floor: z.string().optional(),
  days: z.strictObject({ next: date, last: date, why: z.enum(['sweep', 'crowd']) }).optional(),
  swept: date.optional(),
})

export type ChangesCursor = z.output<typeof changesCursor>

export const changesOptions = z.strictObject({
  overlap: duration('7d')
    .default('2h')
    .meta({ about: 'how far before the last change the next run begins: rows appear late' }),
  sweep_days: count(0, 30).default(2).meta({ about: 'how many days are read once more each day; 0: none' }),
  page_rows: count(2, 1_000_000)
    .default(80_000)
    .meta({ about: 'rows a full page has; one of less than half as many is the last' }),
})

type Options = z.output<typeof changesOptions>

/** The day from which on everything is asked for; the vendor gives what it still keeps. */
export const beginning = '2019-01-01'

/** Rows are kept for 90 days from the date of the order (12-reports). */
const kept = 90

/** A time of change that lies further ahead of the vendor's clock (ms) is a slip of the pen, and no cursor. */
const ahead = 86_400_000

export function askChanges(path: string, { dateFrom, days }: ChangesCursor): Ask {
  return { path, query: days ? { dateFrom: days.next, flag: 1 } : { dateFrom, flag: 0 } }
}

/**
 * Reads one answer, whose records have been read one by one. The bound of `dateFrom` is inclusive, so that the next page
 * begins with the last rows of this one.
 * @throws BadPage when the answer is no list
 */
export function readChanges(answer: Answer, cursor: ChangesCursor, options: Options): Page<ChangesCursor> {
  const { list } = answer
  if (!list) throw new BadPage('bad-page', 'the answer is not a list of rows')
  const now = answer.at.getTime()
  if (cursor.days) return afterDay(cursor, cursor.days, now)
  const { days, ...rest } = cursor
  const found = latestOf(list, now)
  const isFull = list.count * 2 >= options.page_rows
  const told = noticeOf(cursor, list)
  if (isFull && found === undefined)
    throw new BadPage('bad-page', 'neither the first row nor the last one says when it changed')
  if (isFull && timeOf(found!)! <= timeOf(cursor.dateFrom)!) return crowd(rest, now)
  const reached = later(cursor.reached, found)
  const next = reached === undefined ? rest : { ...rest, reached }
  if (isFull) return { next: { ...next, dateFrom: found! }, done: false, ...told }
  return { ...atEnd(next, now, options), ...told }
}

/** Nothing newer for now. The next run begins some time before the last change; once a day, days are read before that. */
function atEnd(cursor: ChangesCursor, now: number, { overlap, sweep_days }: Options): Page<ChangesCursor> {
  const today = dayOf(now)
  const next = { ...cursor, dateFrom: beforeLast(cursor, milliseconds(overlap)) }
  if (sweep_days === 0 || cursor.swept === undefined || cursor.swept >= today)
    return { next: { ...next, swept: later(cursor.swept, today)! }, done: true }
  const days = { next: daysAfter(today, -sweep_days), last: daysAfter(today, -1), why: 'sweep' as const }
  return { next: { ...next, days }, done: false }
}

/** Never before the floor, and where nothing has ever come, where it was. */
function beforeLast({ dateFrom, reached, floor }: ChangesCursor, overlap: number): string {
  if (reached === undefined) return dateFrom
  return later(floor, textOf(timeOf(reached)! - overlap))!
}

/** Any row that shares the crowded time, or comes before it, is among the days; what comes behind it is not skipped. */
function crowd(cursor: ChangesCursor, now: number): Page<ChangesCursor> {
  const time = timeOf(cursor.dateFrom)!
  const days = { next: daysAfter(dayOf(time), -kept), last: dayOf(now), why: 'crowd' as const }
  const next = { ...cursor, reached: later(cursor.reached, cursor.dateFrom)!, floor: textOf(time + 1), days }
  return { next, done: false }
}

function afterDay(
  { days: _, ...cursor }: ChangesCursor,
  { next: day, last, why }: NonNullable<ChangesCursor['days']>,
  now: number,
): Page<ChangesCursor> {
  if (day < last) return { next: { ...cursor, days: { next: daysAfter(day, 1), last, why } }, done: false }
  if (why === 'crowd') return { next: { ...cursor, dateFrom: cursor.floor ?? cursor.dateFrom }, done: false }
  return { next: { ...cursor, swept: dayOf(now) }, done: true }
}

/** The later time of change of the first and the last row, which should be the last one's; undefined where both are none. */
function latestOf({ first, last }: Listing, now: number): string | undefined {
  const row = z.looseObject({ lastChangeDate: z.string() })
  const texts = [first, last].flatMap(each => row.safeParse(each).data?.lastChangeDate ?? [])
  const known = texts.filter(text => (timeOf(text) ?? Number.POSITIVE_INFINITY) <= now + ahead)
  return known.reduce<string | undefined>(later, undefined)
}

/** The later one of two times; of equal ones the second. */
function later(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return timeOf(one)! > timeOf(other)! ? one : other
}

/** What the user should know of the first page of all: how far back the vendor's history reaches. */
function noticeOf({ dateFrom }: ChangesCursor, { first }: Listing): { notice?: string } {
  const oldest = z.looseObject({ lastChangeDate: z.string() }).safeParse(first).data?.lastChangeDate
  if (dateFrom !== beginning || oldest === undefined) return {}
  const told = `asked for everything since ${beginning}; the oldest change the vendor still has is of ${oldest} Moscow time`
  return { notice: `${told} (it keeps about ${kept} days of orders)` }
}
