import { z } from 'zod'
import { askChanges, beginning, changesCursor, changesOptions, readChanges } from './changes.ts'
import { timeOf } from './moscow.ts'
import { flag } from './record.ts'
import { following, news, policy, retry } from './settings.ts'
import { statistic, statisticRow } from './statistic.ts'
import { wildberries } from './vendor.ts'

/** What stands in place of a time where an order is not cancelled. */
const never = '0001-01-01T00:00:00'

const cancelDate = z
  .string()
  .refine(text => text === never || timeOf(text) !== undefined, 'is no time such as 2026-03-04T18:08:31')
  .transform(text => (text === never ? null : new Date(timeOf(text)!)))

/**
 * GET /api/v1/supplier/orders: one row is one piece that was ordered. Rows come again with a new lastChangeDate when they
 * change (a cancellation); some appear hours after their date.
 */
export const orders = wildberries.pull({
  name: 'orders',
  table: 'wildberries.orders',
  limit: { orders: 1 },
  format: { kind: 'json', records: '$' },
  cursor: changesCursor,
  record: z.looseObject({ ...statistic, isCancel: flag, cancelDate: cancelDate.nullish() }),
  options: changesOptions,
})({
  ...({ key: ['account', 'srid'], newer: ['last_change_at'], schedule: news, priority: following } as const),
  ...{ retry, policy },
  start: () => ({ dateFrom: beginning }),
  request: cursor => askChanges('/api/v1/supplier/orders', cursor),
  parse: (answer, cursor, { options }) => readChanges(answer, cursor, options),
  row: record => ({ ...statisticRow(record), is_cancel: record.isCancel, cancel_date: record.cancelDate }),
})
