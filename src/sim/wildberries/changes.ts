import { lowerBound } from './bound.ts'
import { kept, type Life, lifeOf, longestLife, placedUntil } from './life.ts'
import { orderChanged, orderRow } from './orders.ts'
import { saleChanged, saleRow } from './sales.ts'
import type { Shop } from './shop.ts'

/** The two reports that are read by the time of the last change. */
export type Report = 'orders' | 'sales'

/**
 * The rows of a report in the order of their last change, as they are at one moment: one number a row, made of the time
 * in tenths of a second and of the row's code, so that a million take 8 MB. The code of an order is its number; of a
 * sale twice the order's number, and one more for a return.
 */
export type Changes = { at: number; base: number; first: number; keys: Float64Array }

const codes = 2 ** 26

export function changesAt(shop: Shop, report: Report, at: number): Changes {
  const [from, to] = [placedUntil(shop, at - kept - 1), placedUntil(shop, at)]
  const base = Math.floor((at - kept) / 1000) * 1000
  const first = report === 'orders' ? from : 2 * from
  const keys = new Float64Array(report === 'orders' ? to - from : 2 * (to - from))
  let count = 0
  for (let order = from; order < to; order++)
    eachRow(shop, report, order, lifeOf(shop, order), at, (code, changed) => {
      keys[count++] = Math.round((changed - base) / 100) * codes + (code - first)
    })
  return { at, base, first, keys: keys.subarray(0, count).sort() }
}

/** Codes of up to `limit` rows that changed at `from` or later, the earliest change first, `may` letting them through. */
export function pageOf(changes: Changes, from: number, limit: number, may: (code: number) => boolean): number[] {
  const { keys, base, first } = changes
  const page: number[] = []
  for (let at = lowerBound(keys, ((from - base) / 100) * codes); at < keys.length && page.length < limit; at++) {
    const code = (keys[at]! % codes) + first
    if (may(code)) page.push(code)
  }
  return page
}

/** The number of the order that a code speaks of. */
export function orderOf(report: Report, code: number): number {
  return report === 'orders' ? code : code >>> 1
}

export function rowOf(shop: Shop, report: Report, code: number, at: number) {
  return report === 'orders' ? orderRow(shop, code, at) : saleRow(shop, code >>> 1, at, code % 2 === 1)
}

/** All rows there are at `at` whose order was placed at `from` or later. */
export function* rowsSince(shop: Shop, report: Report, from: number, at: number) {
  const to = placedUntil(shop, at)
  for (let order = placedUntil(shop, from - 1); order < to; order++) yield* rowsOfOrder(shop, report, order, at)
}

/** The rows whose `date` lies in [from, to), of orders placed at `floor` or later. */
export function* rowsOfDay(shop: Shop, report: Report, from: number, to: number, floor: number, at: number) {
  const earliest = Math.max(floor, report === 'orders' ? from : from - longestLife)
  const end = placedUntil(shop, Math.min(to - 1, at))
  for (let order = placedUntil(shop, earliest - 1); order < end; order++) {
    const life = lifeOf(shop, order)
    const [first, second] = report === 'orders' ? [life.placed] : [life.bought, life.returned]
    const rows = [...rowsOfOrder(shop, report, order, at)]
    for (const [nth, row] of rows.entries()) {
      const date = nth === 0 ? first : second
      if (date! >= from && date! < to) yield row
    }
  }
}

function* rowsOfOrder(shop: Shop, report: Report, order: number, at: number) {
  const [row, back] =
    report === 'orders'
      ? [orderRow(shop, order, at)]
      : [saleRow(shop, order, at, false), saleRow(shop, order, at, true)]
  if (row) yield row
  if (back) yield back
}

function eachRow(
  shop: Shop,
  report: Report,
  order: number,
  life: Life,
  at: number,
  take: (code: number, changed: number) => void,
) {
  if (report === 'orders') return given(order, orderChanged(shop, life, at), take)
  given(2 * order, saleChanged(shop, life, at, false), take)
  given(2 * order + 1, saleChanged(shop, life, at, true), take)
}

function given(code: number, changed: number, take: (code: number, changed: number) => void) {
  if (!Number.isNaN(changed)) take(code, changed)
}
