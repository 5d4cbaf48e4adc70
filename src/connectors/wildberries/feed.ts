import { z } from 'zod'
import type { Answer, Ask } from '../../core/ask.ts'
import { BadPage } from '../../core/failure.ts'
import type { Page } from '../../core/page.ts'
import { zoned } from './moscow.ts'
import { amount, id, read } from './record.ts'
import { following, news, pageSize, policy, retry } from './settings.ts'
import { wildberries } from './vendor.ts'

/**
 * Where the feed stands. `since` (RFC 3339) is where the period begins; the pages of one listing share it, and the
 * `snapshot` that the first of them has named, and go on by `offset`. `begun` counts how often this listing has begun anew.
 */
const feedCursor = z.strictObject({
  since: z.string(),
  snapshot: z.string().optional(),
  offset: z.int().min(0),
  begun: z.int().optional(),
})

type FeedCursor = z.output<typeof feedCursor>

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000]

/** No period may begin earlier (11-analytics). */
const kept = 31 * day

/** Where the first period begins: less the time a question may be on its way. */
const reach = kept - 10 * minute

/** How long a snapshot lasts is not documented: a listing that was interrupted for longer begins anew. */
const lifetime = 3 * day

/** A listing whose snapshot the vendor refuses begins anew so often. */
const most = 3

/** The question's period and snapshot: those of the listing under way, or those of a new one. */
function listing({ since, snapshot, offset }: FeedCursor, now: number) {
  const goesOn = snapshot !== undefined && Date.parse(snapshot) > now - lifetime
  if (goesOn) return { since, snapshot, offset }
  const start = Math.max(Date.parse(since), now - reach)
  return { since: new Date(start).toISOString(), offset: 0 }
}

function ask(cursor: FeedCursor, now: number, limit: number): Ask {
  const { since, snapshot, offset } = listing(cursor, now)
  return {
    ...{ path: '/api/analytics/v1/order-feed', host: 'analytics' },
    json: {
      selectedPeriod: { start: since },
      pagination: { ...(snapshot ? { snapshotTime: snapshot } : {}), offset, limit },
    },
    ...(snapshot ? { accepts: [400] } : {}),
  }
}

const envelope = z.object({
  data: z.object({
    snapshotTime: z.iso.datetime({ offset: true }),
    currency: z.string().min(1),
    orders: z.array(z.unknown()),
  }),
})

/** The next run begins an hour before the last snapshot: the period counts by the time of the status. */
function readFeed({ status, json }: Answer, cursor: FeedCursor, now: number, limit: number): Page<FeedCursor> {
  if (status === 400) return beginAnew(cursor, now, json)
  const { since, snapshot, offset } = listing(cursor, now)
  if (json === undefined) return { records: [], next: { since, offset: 0 }, done: true }
  const { data } = read(envelope, json, 'list of orders with its snapshotTime and currency')
  const first = snapshot ?? data.snapshotTime
  const records = data.orders.map(order => (isObject(order) ? { ...order, currency: data.currency } : order))
  const told = noticeOf(cursor, since)
  if (records.length >= limit)
    return {
      records,
      next: { ...begunOf(cursor), since, snapshot: first, offset: offset + limit },
      done: false,
      ...told,
    }
  const next = new Date(Date.parse(first) - hour).toISOString()
  return { records, next: { since: next, offset: 0 }, done: true, ...told }
}

/**
 * A period that has become too old while its pages were turned begins a day later, and two days the next time: base tokens
 * have a page in three hours.
 * @throws BadPage when the vendor refuses one listing after the other
 */
function beginAnew({ since, begun = 0 }: FeedCursor, now: number, json: unknown): Page<FeedCursor> {
  if (begun >= most) throw new BadPage('bad-page', `the vendor refuses its own snapshot: ${JSON.stringify(json)}`)
  const next = { since, offset: 0, begun: begun + 1 }
  if (Date.parse(since) >= now - kept) return { records: [], next, done: false }
  const later = new Date(now - kept + next.begun * day).toISOString()
  return { records: [], next: { ...next, since: later }, done: false, notice: shortText(later) }
}

function begunOf({ begun }: FeedCursor): { begun?: number } {
  return begun === undefined ? {} : { begun }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What the user should know where the feed does not reach back to where it was left. */
function noticeOf(cursor: FeedCursor, since: string): { notice?: string } {
  if (cursor.snapshot !== undefined || Date.parse(since) <= Date.parse(cursor.since)) return {}
  return { notice: shortText(since) }
}

function shortText(since: string): string {
  return `the order feed reaches back 31 days: orders whose status has not changed since ${since} are not in it`
}

/**
 * POST /api/analytics/v1/order-feed: every order that was placed, with its latest status; it will succeed orders and
 * sales. The currency stands beside the list, and is put into each order.
 */
export const feed = wildberries.pull({
  name: 'order_feed',
  table: 'wildberries.order_feed',
  limit: { order_feed: 1 },
  cursor: feedCursor,
  record: z.looseObject({
    ...{ srid: z.string().min(1), nmId: id, chrtId: id, createdAt: zoned, updatedAt: zoned, status: z.string().min(1) },
    ...{ cancelType: z.string().nullish(), warehouseName: z.string(), warehouseRegion: z.string(), isMp: z.boolean() },
    ...{ destinationCity: z.string(), destinationDistrict: z.string(), sellerPrice: amount, isB2b: z.boolean() },
    currency: z.string().min(1),
  }),
  options: z.strictObject({ batch_size: pageSize(10_000, 10_000) }),
})({
  ...({ key: ['account', 'srid'], newer: ['updated_at'], schedule: news, priority: following } as const),
  ...{ retry, policy },
  start: () => ({ since: new Date(0).toISOString(), offset: 0 }),
  request: (cursor, { to, options }) => ask(cursor, to.getTime(), options.batch_size),
  parse: (answer, cursor, { to, options }) => readFeed(answer, cursor, to.getTime(), options.batch_size),
  row: order => ({
    srid: order.srid,
    nm_id: order.nmId,
    chrt_id: order.chrtId,
    created_at: order.createdAt,
    updated_at: order.updatedAt,
    status: order.status,
    cancel_type: order.cancelType,
    warehouse_name: order.warehouseName,
    warehouse_region: order.warehouseRegion,
    is_mp: order.isMp,
    destination_city: order.destinationCity,
    destination_district: order.destinationDistrict,
    seller_price: order.sellerPrice,
    currency: order.currency,
    is_b2b: order.isB2b,
  }),
})
