import { lowerBound } from './bound.ts'
import { type Life, lifeOf, placedUntil } from './life.ts'
import { dayOf, midnight, monday, zoned } from './moscow.ts'
import { priceOf, sizeOf, sridOf } from './orders.ts'
import type { Shop } from './shop.ts'

const day = 86_400_000
/** Nothing older than 2024-01-29 can be had. */
const oldest = Date.UTC(2024, 0, 28, 21)

export type Period = 'daily' | 'weekly'

/** What may be paid or charged for an order; four times the order's number and the place in this list are its code. */
const operations = [
  { supplierOperName: 'Логистика', docTypeName: '', quantity: 0 },
  { supplierOperName: 'Продажа', docTypeName: 'Продажа', quantity: 1 },
  { supplierOperName: 'Возврат', docTypeName: 'Возврат', quantity: 1 },
] as const

const codes = 2 ** 30

/**
 * All operations until the end of a day, one number each, made of the day and of the code. They grow from day to day, as
 * do the ids of the rows, and within a day with the number of the order.
 */
export type Operations = { end: number; keys: Float64Array }

export function operationsUntil(shop: Shop, end: number): Operations {
  const count = placedUntil(shop, end - 1)
  const keys = new Float64Array(count * operations.length)
  let found = 0
  for (let order = 0; order < count; order++)
    for (const [kind, time] of timesOf(lifeOf(shop, order)).entries())
      if (time >= oldest && time < end) keys[found++] = Math.floor((time - oldest) / day) * codes + 4 * order + kind
  return { end, keys: keys.subarray(0, found).sort() }
}

/**
 * The rows of operations of [from, to) whose report is complete, with a greater rrdId than `after`, in its order. Their
 * names are public ones as far as the description at hand goes, which does not list them; the sum to be paid is `forPay`,
 * as in the report of sales.
 */
export function* moneyRows(
  shop: Shop,
  { keys }: Operations,
  period: Period,
  from: number,
  to: number,
  now: number,
  after = 0,
) {
  const end = Math.min(to, period === 'daily' ? midnight(now) : monday(now))
  const first = Math.max(after - base(shop) + 1, Math.floor((from - oldest) / day) * codes)
  for (let at = lowerBound(keys, first); at < keys.length; at++) {
    const code = keys[at]! % codes
    const [order, kind] = [Math.floor(code / 4), code % 4]
    const life = lifeOf(shop, order)
    const time = timesOf(life)[kind]!
    if (time >= end && Math.floor((time - oldest) / day) > Math.floor((end - oldest) / day)) return
    if (time >= from && time < end)
      yield { rrdId: base(shop) + keys[at]!, ...rowOf(shop, order, life, kind, time, period) }
  }
}

function base({ number }: Shop): number {
  return (number + 1) * 2 ** 45
}

/** When each operation was; a buyer who refuses at once costs no delivery. */
function timesOf({ bought, cancelled, cancelType, returned }: Life): [number, number, number] {
  return [cancelType === 'app' ? Number.POSITIVE_INFINITY : Math.min(bought, cancelled), bought, returned]
}

function rowOf(shop: Shop, order: number, life: Life, kind: number, time: number, period: Period) {
  const size = shop.catalogue.sizes[sizeOf(shop, order)]!
  const price = priceOf(shop, order, size)
  const first = period === 'daily' ? midnight(time) : monday(time)
  const last = period === 'daily' ? first : first + 6 * day
  const { quantity, ...operation } = operations[kind]!
  return {
    reportId: (shop.number + 1) * 100_000 + Math.floor(first / day),
    ...{ dateFrom: dayOf(first), dateTo: dayOf(last), currency: 'RUB', ...operation },
    ...{ orderDt: zoned(life.placed), saleDt: zoned(time), srid: sridOf(shop, order) },
    ...{ nmId: size.good.nmId, vendorCode: size.good.vendorCode, barcode: size.barcode, techSize: size.techSize },
    ...{ quantity, retailPrice: price.total / 100, retailAmount: quantity * (price.finished / 100) },
    ...{ forPay: quantity * (price.pay / 100), deliveryRub: kind === 0 ? 56.4 : 0 },
  }
}
