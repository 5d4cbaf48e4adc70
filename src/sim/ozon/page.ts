import { type Place, placeOf } from './body.ts'
import type { Product } from './product.ts'
import type { Row } from './rows.ts'

/** A stretch of rows; `next` is the place after the last of them, and there is more when `more` says so. */
export type Page = { rows: Row[]; next: Place; more: boolean }

/** Up to `limit` rows of these products from a cursor on. A page may end between two rows of one product. */
export function pageOf(
  from: (place: number) => Iterable<Product>,
  rowsOf: (product: Product) => Row[],
  cursor: string,
  limit: number,
): Page {
  const start = placeOf(cursor)
  const rows: Row[] = []
  let next = start
  for (const product of from(start.at)) {
    const all = rowsOf(product)
    const told = product.at === start.at ? start.told : 0
    const left = all.slice(told)
    const room = limit - rows.length
    if (room === 0 && left.length > 0) return { rows, next, more: true }
    rows.push(...left.slice(0, room))
    if (left.length > room) return { rows, next: { at: product.at, told: told + room }, more: true }
    next = { at: product.at + 1, told: 0 }
  }
  return { rows, next, more: false }
}
