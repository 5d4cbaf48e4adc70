import { type Answer, json } from './answer.ts'
import type { Ask, Endpoint } from './ask.ts'
import { feedCodes, feedKeep, feedRow, type Snapshot, snapshotAt } from './latest.ts'
import { rfc3339, utc } from './moscow.ts'
import { unfit } from './refuse.ts'
import type { Shop } from './shop.ts'

type Wish = {
  start: number
  end: number
  offset: number
  limit: number
  nmIds: number[]
  brandNames: string[]
  snapshot: number | null
  filters: string
}

/**
 * The feed of orders in real time. The first page tells the moment of a snapshot, which every later page has to name
 * together with the same period and filters; the description says so much, and here anything else is refused. Filters
 * by subject and tag are taken and let nothing through, since no subject here has an id.
 */
export function feed(): Endpoint {
  const told = new Map<string, string>()
  const snapshots = new Map<number, Snapshot>()

  const snapshotOf = (shop: Shop, at: number) => {
    const known = snapshots.get(shop.number)
    if (known?.at === at) return known
    const fresh = snapshotAt(shop, at)
    snapshots.set(shop.number, fresh)
    return fresh
  }

  const moment = (ask: Ask, { snapshot, filters, offset }: Wish) => {
    if (snapshot === null) {
      if (offset > 0) throw unfit(400, 'pagination.snapshotTime: required for all pages but the first', ask)
      const at = Math.floor(ask.now / 1000) * 1000
      told.set(`${ask.shop.number} ${at} ${filters}`, filters)
      return at
    }
    if (told.has(`${ask.shop.number} ${snapshot} ${filters}`)) return snapshot
    throw unfit(400, 'pagination.snapshotTime: not of a first page with this period and these filters', ask)
  }

  return {
    ...{ name: 'feed', method: 'POST', path: /^\/api\/analytics\/v1\/order-feed$/ },
    ...{ category: 'analytics', limit: 'feed' },
    answer: ask => {
      const wish = wishOf(ask)
      const at = moment(ask, wish)
      return page(ask.shop, snapshotOf(ask.shop, at), wish)
    },
  }
}

function page(shop: Shop, snapshot: Snapshot, wish: Wish): Answer {
  const { start, end, nmIds, brandNames, offset, limit } = wish
  const orders = []
  let skipped = 0
  for (const code of feedCodes(snapshot, start, Math.min(end, snapshot.at))) {
    if (orders.length === limit) break
    if (nmIds.length + brandNames.length === 0 && skipped < offset) {
      skipped++
      continue
    }
    const { brand, ...row } = feedRow(shop, code, snapshot.at)
    const isWanted =
      (nmIds.length === 0 || nmIds.includes(row.nmId)) && (brandNames.length === 0 || brandNames.includes(brand))
    if (isWanted && skipped++ >= offset) orders.push(row)
  }
  return json(200, { data: { snapshotTime: utc(snapshot.at), currency: 'RUB', orders } }, orders.length)
}

/**
 * Reads the question. Without an end the period ends now. The 31 days are counted from each question, which is the stricter
 * reading: a walk of many pages may find its period too old.
 */
function wishOf(ask: Ask): Wish {
  const body = (ask.body ?? {}) as Record<string, unknown>
  const {
    selectedPeriod,
    pagination = {},
    ...filters
  } = body as { selectedPeriod?: Record<string, unknown>; pagination?: Record<string, unknown> }
  const start = rfc3339(selectedPeriod?.start)
  const end = selectedPeriod?.end === undefined ? Number.POSITIVE_INFINITY : rfc3339(selectedPeriod.end)
  const pages = paginationOf(ask, pagination)
  if (start === undefined) throw unfit(400, 'selectedPeriod.start: a time with an offset is required', ask)
  if (end === undefined) throw unfit(400, 'selectedPeriod.end: not a time with an offset', ask)
  if (start < ask.now - feedKeep) throw unfit(400, 'selectedPeriod.start: not earlier than 31 days ago', ask)
  if (start > end) throw unfit(400, 'selectedPeriod.start: not later than end', ask)
  return { start, end, ...pages, ...filtersOf(ask, filters, selectedPeriod) }
}

function paginationOf(ask: Ask, { snapshotTime, offset = 0, limit = 50 }: Record<string, unknown>) {
  const snapshot = snapshotTime === undefined ? null : rfc3339(snapshotTime)
  if (snapshot === undefined) throw unfit(400, 'pagination.snapshotTime: not a time with an offset', ask)
  if (!isWhole(offset)) throw unfit(400, 'pagination.offset: not a whole number', ask)
  if (!isWhole(limit) || limit < 1 || limit > 10_000) throw unfit(400, 'pagination.limit: from 1 to 10000', ask)
  return { snapshot, offset, limit }
}

const most = { nmIds: 1_000, subjectIds: 50, brandNames: 50, tagIds: 50 }

function filtersOf(ask: Ask, filters: Record<string, unknown>, period: unknown) {
  const lists = Object.entries(most).map(([name, count]) => {
    const list = filters[name] ?? []
    if (!Array.isArray(list) || list.length > count) throw unfit(400, `${name}: a list of up to ${count}`, ask)
    return list
  })
  const [nmIds, subjectIds, brandNames, tagIds] = lists
  const isHopeless = subjectIds!.length + tagIds!.length > 0
  return { nmIds: isHopeless ? [-1] : nmIds!, brandNames: brandNames!, filters: JSON.stringify([period, lists]) }
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
