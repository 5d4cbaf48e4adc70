import { z } from 'zod'
import { sixHourly } from '../../core/daily.ts'
import { BadPage } from '../../core/failure.ts'
import { counted, id, lacking, pieces, read } from './answer.ts'
import { daily, paged } from './daily.ts'
import { policy } from './retry.ts'
import { ozon } from './vendor.ts'

const envelope = z.object({
  cursor: z.string().default(''),
  items: z.array(z.unknown()),
  total: z.int().min(0).optional(),
})

const item = z.looseObject({ offer_id: z.unknown(), product_id: z.unknown(), stocks: z.array(z.looseObject({})) })

/**
 * POST /v4/product/info/stocks: what all products have under all schemes of sale. Which of the schemes (fbo, fbs, rfbs, fbp)
 * are told has changed before: each that comes is taken, and none is expected. A record is one line of a product's stocks.
 *
 * There is no has_next: the list ends with an empty page or cursor, or with a page that is not full once all products that
 * Ozon counts have come. A full page ends nothing: rows that come twice would be counted for others.
 */
export const stocks = ozon.pull({
  name: 'stocks',
  table: 'ozon.stocks',
  limit: { calls: 1, product_stocks: 1 },
  cursor: z.strictObject({ cursor: z.string(), ...counted }),
  record: z.object({
    product_id: id,
    offer_id: z.string().min(1),
    sku: id,
    type: z.string().min(1),
    shipment_type: z.string().default(''),
    present: pieces,
    reserved: pieces,
  }),
  options: z.strictObject({ ...daily, ...paged }),
  flags: { is_processed: 'asked' },
})({
  mode: 'snapshot',
  key: ['account', 'product_id', 'sku', 'type', 'shipment_type'],
  schedule: sixHourly,
  policy,
  priority: 'high',
  batch: ({ page_size }) => page_size,
  start: () => ({ cursor: '', items: 0, records: 0 }),
  request: ({ cursor }, { options }) => ({
    path: '/v4/product/info/stocks',
    json: { cursor, limit: options.page_size, filter: { visibility: 'ALL' } },
  }),
  parse: ({ json }, at, { options }) => {
    const { cursor, items, total } = read(envelope, json)
    const records = items.flatMap(lines)
    const next = { cursor, items: at.items + items.length, records: at.records + records.length }
    const isCounted = total !== undefined && next.items >= total && items.length < options.page_size
    const done = items.length === 0 || cursor === '' || isCounted
    if (!done && cursor === at.cursor) throw new BadPage('bad-page', 'cursor leads to the same page again')
    return { records, next, done, ...(done ? lacking(total, next) : {}) }
  },
  row: record => record,
})

/** The lines of a product's stocks, each with whose it is. What is no such product stays as it is, for quarantine. */
function lines(given: unknown): unknown[] {
  const product = item.safeParse(given)
  if (!product.success) return [given]
  const { offer_id, product_id, stocks } = product.data
  return together(stocks).map(line => ({ offer_id, product_id, ...line }))
}

const told = z.looseObject({ present: pieces, reserved: pieces })

/**
 * Ozon may tell stock of one scheme and packing in several lines, which together are the stock: as rows of one key, the last
 * would take the place of the others. A line whose pieces cannot be added stays by itself, for quarantine.
 */
function together(lines: readonly Record<string, unknown>[]): object[] {
  const sums = new Map<string, z.output<typeof told>>()
  const broken: object[] = []
  for (const each of lines) {
    const line = told.safeParse(each).data
    const key = JSON.stringify([each.sku, each.type, each.shipment_type])
    const { present = 0, reserved = 0 } = sums.get(key) ?? {}
    if (line) sums.set(key, { ...line, present: present + line.present, reserved: reserved + line.reserved })
    else broken.push(each)
  }
  return [...sums.values(), ...broken]
}
