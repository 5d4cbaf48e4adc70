import { z } from 'zod'
import { type Cell, layoutOf } from './header.ts'

/** How the numbers of a file are written; an empty one is not known, which is not 0. */
const whole = /^\d{1,15}$/
const money = /^\d{1,12}([.,]\d{1,2})?$/

const ids = ['product_id', 'sku'] as const
const counts = ['fbo_present', 'fbo_reserved', 'fbs_present', 'rfbs_present', 'seller_reserved'] as const
const prices = ['price', 'old_price', 'premium_price', 'market_price'] as const
const texts = ['name', 'barcode', 'brand', 'status'] as const

type Given = Readonly<Record<string, string>>

/** One line of the product report by the names of its columns, and the values of it that are stored. */
export const line = z.record(z.string(), z.string()).transform((given, context) => {
  const { columns, currency } = layoutOf(Object.keys(given))
  const refuse = (cell: Cell, message: string) => {
    context.addIssue({ code: 'custom', path: [columns[cell] ?? cell], message })
    return z.NEVER
  }
  const cells = <C extends Cell>(wanted: readonly C[], read: (cell: C, value: string) => string | null) => {
    const entries = wanted.map(cell => [cell, read(cell, under(given, columns[cell]).trim())])
    return Object.fromEntries(entries) as Record<C, string | null>
  }
  const number = (pattern: RegExp, what: string) => (cell: Cell, value: string) => {
    if (value === '') return null
    return pattern.test(value) ? value.replace(',', '.') : refuse(cell, `is no ${what}`)
  }
  const offer = article(under(given, columns.offer_id))
  if (offer === '') refuse('offer_id', 'is missing')
  if (under(given, columns.product_id).trim() === '') refuse('product_id', 'is missing')
  return {
    offer_id: offer,
    ...cells(ids, number(whole, 'id')),
    ...cells(texts, (_, value) => (value === '' ? null : value)),
    ...cells(counts, number(whole, 'whole number')),
    ...cells(prices, number(money, 'amount of money')),
    currency,
  }
})

/** What stands under a column; nothing where the file has no such column. */
function under(given: Given, column: string | undefined): string {
  return column === undefined ? '' : (given[column] ?? '')
}

/** Spreadsheets would take an article for a number: one apostrophe in front of it, ours to take away, keeps them from that. */
function article(value: string): string {
  return value.replace(/^'/, '')
}
