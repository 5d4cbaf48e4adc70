import { z } from 'zod'
import type { Answer, Ask } from '../../core/ask.ts'
import { BadPage } from '../../core/failure.ts'
import { count } from '../../core/option.ts'
import type { Page } from '../../core/page.ts'
import { date, dayOf, daysAfter, local } from './moscow.ts'
import { amount, currency, id, text } from './record.ts'
import { pageSize, policy, retry } from './settings.ts'
import { wildberries } from './vendor.ts'

/**
 * Where the rows of the sales reports stand: `from` is the first day of the period that is read, `to` its last one once the
 * first page is there, `rrdId` the last row so far.
 */
const financeCursor = z.strictObject({ from: date, to: date.optional(), rrdId: id })

type FinanceCursor = z.output<typeof financeCursor>

/** Data reach back to here (13-finances). */
const beginning = '2024-01-29'

function ask({ from, to, rrdId }: FinanceCursor, now: number, limit: number): Ask {
  const json = { dateFrom: from, dateTo: to ?? dayOf(now), limit, rrdId: numberOf(rrdId), period: 'weekly' }
  return { path: '/api/finance/v1/sales-reports/detailed', host: 'finance', json }
}

/** Ids of 16 digits come as text and are still exact as numbers, nearly all of them; others go as the text they came as. */
function numberOf(rrdId: string | number): string | number {
  return Number.isSafeInteger(Number(rrdId)) ? Number(rrdId) : rrdId
}

/**
 * The next page begins behind the last row; no content (204) is the end. Reports of the same days may come later than
 * others and have smaller numbers, so that each run reads the latest days once more, from their first row on.
 * @throws BadPage when the answer is no list, or its last row has no rrdId
 */
function readFinance({ list, at }: Answer, cursor: FinanceCursor, now: number, days: number): Page<FinanceCursor> {
  if (!list) throw new BadPage('bad-page', 'the answer is not a list of rows')
  const to = cursor.to ?? dayOf(now)
  if (list.count === 0) {
    const from = daysAfter(dayOf(at.getTime()), -days)
    return { next: { from: from > beginning ? from : beginning, rrdId: 0 }, done: true }
  }
  const last = z.looseObject({ rrdId: id }).safeParse(list.last).data
  if (!last) throw new BadPage('bad-page', 'the last row has no rrdId, from which the next page would begin')
  const notice = `the vendor keeps rows of sales reports from ${beginning} on`
  const told = cursor.from === beginning && cursor.rrdId === 0 ? { notice } : {}
  return { next: { from: cursor.from, to, rrdId: last.rrdId }, done: false, ...told }
}

/**
 * POST /api/finance/v1/sales-reports/detailed: what the vendor pays for, row by row. The description at hand lists none of the
 * fields but rrdId: those with columns of their own are the ones in public use, and all others are in `raw`.
 */
export const finance = wildberries.pull({
  name: 'finance',
  table: 'wildberries.finance',
  limit: { finance: 1 },
  format: { kind: 'json', records: '$' },
  cursor: financeCursor,
  record: z.looseObject({
    ...{ rrdId: id, reportId: id.nullish(), dateFrom: local.nullish(), dateTo: local.nullish() },
    ...{ orderDt: local.nullish(), saleDt: local.nullish(), srid: text, nmId: id.nullish(), barcode: text },
    ...{ docTypeName: text, supplierOperName: text, quantity: z.int().nullish(), retailPrice: amount.nullish() },
    ...{ retailAmount: amount.nullish(), forPay: amount.nullish(), currency: text },
  }),
  options: z.strictObject({
    batch_size: pageSize(100_000, 100_000),
    again_days: count(0, 365).default(35).meta({ about: 'the latest days that each run reads once more' }),
  }),
})({
  ...({ key: ['account', 'rrd_id'], newer: ['rrd_id'] } as const),
  ...{ retry, policy, schedule: [{ daily: '05:00', zone: 'Europe/Moscow' }] },
  start: () => ({ from: beginning, rrdId: 0 }),
  request: (cursor, { to, options }) => ask(cursor, to.getTime(), options.batch_size),
  parse: (answer, cursor, { to, options }) => readFinance(answer, cursor, to.getTime(), options.again_days),
  row: row => ({
    rrd_id: row.rrdId,
    report_id: row.reportId,
    date_from: row.dateFrom,
    date_to: row.dateTo,
    order_dt: row.orderDt,
    sale_dt: row.saleDt,
    srid: row.srid,
    nm_id: row.nmId,
    barcode: row.barcode,
    doc_type_name: row.docTypeName,
    supplier_oper_name: row.supplierOperName,
    quantity: row.quantity,
    retail_price: row.retailPrice,
    retail_amount: row.retailAmount,
    for_pay: row.forPay,
    currency: row.currency ?? currency,
  }),
})
