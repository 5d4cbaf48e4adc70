import { z } from 'zod'
import type { Answer } from '../../core/ask.ts'
import { BadPage } from '../../core/failure.ts'
import { count, instant } from '../../core/option.ts'
import { askChange, readChange } from './anchor.ts'
import { changeType, fields, innerId, moment, read, vendorId, whole } from './answer.ts'
import { daily, onceADay, patience, policy, retry } from './settings.ts'
import { che168 } from './vendor.ts'

/** Adverts on a page; nobody can change it. */
const size = 20

/**
 * Where the list stands.
 *
 * - page: the one to ask for; 0 until the anchor is known
 * - anchor: the change id from which on events have to be gone through again, because pages move while they are turned
 * - began: when the anchor was asked for
 * - tries: how many days without an event were asked about for it
 * - taken: pages of the present run
 * - ended: the list is whole; nothing but the anchor is asked for until it is to be taken anew
 */
const cursor = z.strictObject({
  page: z.int().min(0),
  anchor: z.int().min(0),
  began: z.iso.datetime().nullable(),
  tries: z.int().min(0),
  taken: z.int().min(0),
  ended: z.boolean(),
})
type Cursor = z.output<typeof cursor>

const options = z.strictObject({
  max_pages: count(1, 10_000_000)
    .optional()
    .meta({ flag: 'max-pages', about: 'end a run after so many pages of adverts; the next one goes on' }),
  expected: count(1, 1_000_000_000)
    .default(250_000)
    .meta({ env: 'CHE168_EXPECTED', about: 'how many adverts there may be: for progress only' }),
  relist_days: count(0, 3650).default(30).meta({ about: 'days after which the list is taken anew; 0: never' }),
  list_since: instant()
    .optional()
    .meta({ flag: 'list-since', about: 'take the list anew if it was begun before this time' }),
  ...patience,
  ...daily,
})
type Options = z.output<typeof options>

const envelope = z.looseObject({
  result: z.array(z.unknown()),
  meta: z.looseObject({ page: whole, next_page: whole.nullable() }),
})

/**
 * GET /offers: every advert there is, 20 a page, without a total. Before the first page the change id of the day before is
 * taken: from there on `changes` goes through what happened while pages were turned, and until now. What a list holds is as
 * old as that id at least, so that it never overwrites what an event has said.
 */
export const offers = che168.pull({
  name: 'offers',
  table: 'che168.raw_data',
  limit: { offers: 1 },
  part: z.strictObject({ source: z.literal('initial_load') }),
  cursor,
  record: z.looseObject({
    ...{ id: vendorId, inner_id: innerId, change_type: changeType.nullish(), created_at: moment, data: fields },
  }),
  options,
  flags: { is_processed: 'changed' },
  doubts: { view: 'che168.unlisted', columns: ['inner_id'], flag: 'is_asked' },
})({
  ...({ key: ['account', 'inner_id'], newer: ['is_whole', 'last_change_id'], schedule: onceADay } as const),
  ...{ retry, policy, priority: { initial: 'high', usual: 'normal' } as const },
  parts: () => [{ source: 'initial_load' as const }],
  batch: () => size,
  start: () => ({ page: 0, anchor: 0, began: null, tries: 1, taken: 0, ended: false }),
  request: (at, { to }) => (turns(at) ? { path: '/offers', query: { page: at.page } } : askChange(to, at.tries)),
  parse: (answer, at, { to, options }) =>
    turns(at) ? readPage(answer, at, options) : readAnchor(answer, at, to, options),
  skip: at => (turns(at) ? { ...at, page: at.page + 1, taken: at.taken + 1 } : undefined),
  row: ({ id, inner_id, change_type, created_at, data }, { part, answer, cursor }) => {
    const isWhole = Object.keys(data).length > 0
    const isGone = change_type === 'removed'
    return {
      ...{
        inner_id,
        vendor_id: id,
        change_type: change_type ?? 'added',
        created_at,
        first_created_at: created_at,
        data,
      },
      ...{ first_loaded_at: answer.at, last_updated_at: answer.at, source: part.source },
      ...{ active_status: isGone ? 1 : 0, removed_at: isGone ? created_at : null },
      ...{ last_change_id: Math.max((cursor?.anchor ?? 0) - 1, 0), is_whole: isWhole, is_asked: isWhole },
    }
  },
})

/** Whether a page of adverts is asked for. */
function turns({ page, ended }: Cursor): boolean {
  return page > 0 && !ended
}

/** The anchor of a list that begins. One that is whole and not due again is left as it is. */
function readAnchor({ json }: Answer, at: Cursor, to: Date, options: Options) {
  const anchor = readChange(json, at.tries)
  if (at.ended && !isDue(at, to, options)) return { records: [], next: { ...at, tries: 1 }, done: true }
  if (anchor === undefined) return { records: [], next: { ...at, tries: at.tries + 1 }, done: false }
  const next = { page: 1, anchor, began: to.toISOString(), tries: 1, taken: 0, ended: false }
  return { records: [], next, done: false, left: left(next, options) }
}

function isDue({ began }: Cursor, to: Date, { relist_days, list_since }: Options): boolean {
  if (began === null) return true
  const since = new Date(began)
  const isOld = relist_days > 0 && to.getTime() - since.getTime() >= relist_days * 86_400_000
  return isOld || (list_since !== undefined && since < list_since)
}

/** @throws BadPage when the page is another one than was asked for, or leads nowhere */
function readPage({ json }: Answer, at: Cursor, options: Options) {
  const { result, meta } = read(envelope, json)
  const { page, next_page } = meta
  if (page !== at.page) throw new BadPage('bad-page', `page ${at.page} was asked for, and meta.page is ${page}`)
  if (next_page === null)
    return { records: result, next: { ...at, taken: 0, ended: true }, done: true, left: 0, ...wholeOf(at) }
  if (next_page <= page) throw new BadPage('bad-page', `page ${page} leads back: meta.next_page is ${next_page}`)
  if (result.length === 0) throw new BadPage('bad-page', `page ${page} is empty, and meta.next_page is ${next_page}`)
  const next = { ...at, page: next_page, taken: at.taken + 1 }
  const done = options.max_pages !== undefined && next.taken >= options.max_pages
  return {
    records: result,
    next: { ...next, taken: done ? 0 : next.taken },
    done,
    more: done,
    left: done ? 0 : left(next, options),
  }
}

function wholeOf({ began }: Cursor) {
  return began === null ? {} : { whole: new Date(began) }
}

/** How many adverts the run has still to come to, as far as can be guessed. */
function left({ page, taken }: Cursor, { expected, max_pages }: Options): number {
  const pages = max_pages === undefined ? Number.POSITIVE_INFINITY : max_pages - taken
  return Math.max(0, Math.min(expected - (page - 1) * size, pages * size))
}
