import { z } from 'zod'
import { askChanges, beginning, changesCursor, changesOptions, readChanges } from './changes.ts'
import { amount } from './record.ts'
import { following, news, policy, retry } from './settings.ts'
import { statistic, statisticRow } from './statistic.ts'
import { wildberries } from './vendor.ts'

/**
 * GET /api/v1/supplier/sales: sales (saleID `S…`) and returns (`R…`); other beginnings existed and are taken. `forPay`,
 * `finishedPrice` and `priceWithDisc` may be 0 for up to a day; then the row comes again with them.
 */
export const sales = wildberries.pull({
  name: 'sales',
  table: 'wildberries.sales',
  limit: { sales: 1 },
  format: { kind: 'json', records: '$' },
  cursor: changesCursor,
  record: z.looseObject({
    ...statistic,
    saleID: z.string().min(1),
    paymentSaleAmount: amount.nullish(),
    forPay: amount.nullish(),
  }),
  options: changesOptions,
})({
  ...({ key: ['account', 'sale_id'], newer: ['last_change_at'], schedule: news, priority: following } as const),
  ...{ retry, policy },
  start: () => ({ dateFrom: beginning }),
  request: cursor => askChanges('/api/v1/supplier/sales', cursor),
  parse: (answer, cursor, { options }) => readChanges(answer, cursor, options),
  row: record => ({
    ...statisticRow(record),
    sale_id: record.saleID,
    payment_sale_amount: record.paymentSaleAmount,
    for_pay: record.forPay,
  }),
})
