import { z } from 'zod'
import { BadPage } from '../../core/failure.ts'
import { moment, read, whole } from './answer.ts'
import { dateOf, later, latest } from './date.ts'

/**
 * Where the feed stands.
 *
 * - change_id: the first event that is not yet taken; null until it is known where to begin
 * - since: where the feed was begun; older events are none of ours, though a page may repeat them
 * - date: the last day of which every event was taken
 * - until: the day with which the present run ends, where it is to end with one
 * - tries: how many days without an event were asked about to find the beginning
 */
export const feedCursor = z.strictObject({
  change_id: z.int().min(0).nullable(),
  since: z.int().min(0).nullable(),
  date: z.iso.date().nullable(),
  until: z.iso.date().nullable(),
  tries: z.int().min(0),
})
export type Feed = z.output<typeof feedCursor>

const envelope = z.looseObject({
  result: z.array(z.unknown()),
  meta: z.looseObject({
    cur_change_id: whole.nullish(),
    next_change_id: whole.nullish(),
    limit: whole.nullish(),
  }),
})

/** What orders an event, as far as it can be read. */
const head = z.object({ id: whole, created_at: moment.catch(null) })

type Event = { record: unknown; id: number | undefined; date: string | null }

/** What a page of events says, and where it leads. */
type Turned = {
  records: unknown[]
  next: Feed
  done: boolean
  lost?: string
  more?: boolean
  warning?: string
  notice?: string
}

/**
 * Reads a page of events that was asked for from an id on, that one included. The feed ends in several forms: without
 * events, with a next id that is null or not there, or with one that is not after the present one. A run that is to take
 * `days` days ends before the first event of the day after them. A list that was begun knows of all events before `listed`.
 *
 * A page without events that leads on ends it, too, but proves nothing: the feed stays where it is, no day counts as done, and
 * the run warns of it. To follow it might be to pass over events.
 *
 * @throws BadPage when it is another page than was asked for, or a full one that leads to itself
 */
export function readFeed(
  json: unknown,
  at: Feed & { change_id: number },
  { today, days, listed = 0 }: { today: string; days?: number | undefined; listed?: number },
): Turned {
  const { result, meta } = read(envelope, json)
  const { cur_change_id: told, next_change_id: next } = meta
  const asked = at.change_id
  if (told !== null && told !== undefined && told !== asked)
    throw new BadPage('bad-page', `change ${asked} was asked for, and meta.cur_change_id is ${told}`)
  const isFull = result.length >= (meta.limit ?? 20)
  const moves = next !== null && next !== undefined && next > asked
  if (isFull && result.length > 0 && next !== null && next !== undefined && !moves)
    throw new BadPage('bad-page', `the full page from change ${asked} leads to itself: next_change_id is ${next}`)
  if (result.length === 0 && moves)
    return { records: [], next: { ...at, until: null }, done: true, warning: emptyText(asked, next) }
  const events = inOrder(result, today).filter(({ id }) => id === undefined || id >= (at.since ?? 0))
  const ended = result.length === 0 || !moves
  const known = events.flatMap(({ id }) => (id === undefined ? [] : [id]))
  const after = moves ? next : Math.max(asked, ...known.map(id => id + 1))
  const page = cut(events, at, days)
  return { ...onward(page, at, { after, ended, today }), ...lostOf(asked, known, { today, listed }) }
}

/** A time to come is an error of the vendor's, by which no day is done. */
function inOrder(result: readonly unknown[], today: string): Event[] {
  const events = result.map(record => {
    const { id, created_at } = head.safeParse(record).data ?? {}
    const date = created_at ? dateOf(created_at) : null
    return { record, id, date: date !== null && date > today ? today : date }
  })
  return events.toSorted((a, b) => (a.id ?? Number.MAX_SAFE_INTEGER) - (b.id ?? Number.MAX_SAFE_INTEGER))
}

/** The events of the days that are wished for, and the first one after them. Those without an id may not come once more. */
function cut(events: readonly Event[], at: Feed, days: number | undefined) {
  const first = events.find(({ date }) => date !== null)?.date
  const done = at.date ?? (first ? later(first, -1) : null)
  const until = days === undefined ? null : (at.until ?? (done && later(done, days)))
  const end =
    until === null ? -1 : events.findIndex(({ id, date }) => id !== undefined && date !== null && date > until)
  if (end < 0) return { kept: events, until }
  const kept = events.filter(({ id }, place) => place < end || id === undefined)
  return { kept, until, beyond: events[end]!.id! }
}

type Cut = { kept: readonly Event[]; until: string | null; beyond?: number }

/** Days are done when an event of a later one has come, and up to today at the end of the feed. */
function onward({ kept, until, beyond }: Cut, at: Feed, end: { after: number; ended: boolean; today: string }) {
  const records = kept.map(({ record }) => record)
  if (beyond !== undefined) {
    const next = { ...at, change_id: beyond, date: latest(at.date, until), until: null }
    return { records, next, done: true, more: true }
  }
  const newest = kept.reduce<string | null>((newest, { date }) => latest(newest, date), null)
  const passed = end.ended ? end.today : newest && later(newest, -1)
  const next = { ...at, change_id: end.after, date: latest(at.date, passed), until: end.ended ? null : until }
  return { records, next, done: end.ended }
}

function emptyText(asked: number, next: number): string {
  return `there is nothing from change ${asked} on, though the vendor names ${next} as the next one: nothing is passed over, and the next run asks from ${asked} again; where this stays so, ask the vendor`
}

/**
 * The vendor forgets old events without a word: it then answers from a later one than was asked for. What a list holds that
 * was begun since is not lost.
 */
function lostOf(asked: number, ids: readonly number[], { today, listed }: { today: string; listed: number }) {
  const first = Math.min(...ids.filter(id => id >= asked))
  if (!Number.isFinite(first) || first === asked || asked <= 1) return {}
  const text = `the feed begins with change ${first} where ${asked} was asked for`
  if (first <= listed) return { notice: `${text}: what lies between is in the list, which was begun since` }
  return {
    lost: `${text}: what lies between may be lost; take the list anew with: sluice sync che168.offers --list-since ${later(today, 1)}`,
  }
}
