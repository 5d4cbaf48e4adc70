import { z } from 'zod'
import { count } from '../../core/option.ts'
import { askChange, readChange } from './anchor.ts'
import { changeType, fields, innerId, moment, whole } from './answer.ts'
import { dateOf } from './date.ts'
import { feedCursor, readFeed } from './feed.ts'
import { daily, onceADay, patience, policy, retry } from './settings.ts'
import { che168 } from './vendor.ts'

/** What the list of adverts tells of its beginning (offers.ts). */
const anchored = z.looseObject({ anchor: z.int().min(1) })

const removed = z.looseObject({ change_type: z.literal('removed'), created_at: moment.catch(null) })

/** That an advert was removed counts whatever stands beside it: what cannot be read there is none. */
function bared(event: unknown): unknown {
  const { data } = removed.safeParse(event)
  return data ? { ...data, created_at: data.created_at?.toISOString(), data: {} } : event
}

/**
 * GET /changes: what has become of adverts, event by event, 20 a page. It begins with the anchor of the list, so that
 * nothing is missed that happened while its pages were turned, or with today where there is no list. Each event is kept
 * once; the table's trigger makes of it what it means for its advert (migrations/005_gone.sql).
 */
export const changes = che168.pull({
  name: 'changes',
  table: 'che168.events',
  limit: { changes: 1 },
  begins: 'offers',
  cursor: feedCursor,
  record: z.preprocess(
    bared,
    z.looseObject({
      ...{ id: whole, inner_id: innerId, change_type: changeType },
      ...{ created_at: moment, data: fields },
    }),
  ),
  options: z.strictObject({
    max_dates: count(1, 10_000)
      .optional()
      .meta({ flag: 'max-dates', about: 'end a run of changes after so many days of them; the next one goes on' }),
    ...patience,
    ...daily,
  }),
})({
  ...({ key: ['account', 'change_id'], newer: ['change_id'], schedule: onceADay } as const),
  ...{ retry, policy, batch: () => 20 },
  start: ({ begins }) => {
    const { anchor = null } = anchored.safeParse(begins).data ?? {}
    return { change_id: anchor, since: anchor, date: null, until: null, tries: 0 }
  },
  request: ({ change_id, tries }, { to }) =>
    change_id === null ? askChange(to, tries) : { path: '/changes', query: { change_id } },
  parse: ({ json }, at, { to, options, begins }) => {
    const { change_id, tries } = at
    const { anchor: listed = 0 } = anchored.safeParse(begins).data ?? {}
    const told = { today: dateOf(to), days: options.max_dates, listed }
    if (change_id !== null) return readFeed(json, { ...at, change_id }, told)
    const first = readChange(json, tries)
    const next = first === undefined ? { ...at, tries: tries + 1 } : { ...at, change_id: first, since: first, tries: 0 }
    return { records: [], next, done: false }
  },
  row: ({ id, inner_id, change_type, created_at, data }) => ({
    change_id: id,
    inner_id,
    change_type,
    created_at,
    data,
  }),
})
