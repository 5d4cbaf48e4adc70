import { z } from 'zod'
import type { Answer, Ask } from '../../core/ask.ts'
import { sixHourly } from '../../core/daily.ts'
import { BadPage } from '../../core/failure.ts'
import type { Page } from '../../core/page.ts'
import { amount, id, read, text } from './record.ts'
import { daily, policy, retry } from './settings.ts'
import { wildberries } from './vendor.ts'
import { sumsOf, warehouses } from './warehouses.ts'

/**
 * A report in three steps.
 *
 *   create     it is asked for; the answer names a task
 *   status     the task is looked at until it is done
 *   download   the report is read
 *
 * A task that the vendor has cancelled, purged or forgotten is made anew: `begun` counts how often. `looks` counts how
 * often the present one was looked at.
 */
const remainsCursor = z.discriminatedUnion('step', [
  z.strictObject({ step: z.literal('create'), begun: z.int() }),
  z.strictObject({ step: z.literal('status'), begun: z.int(), task: z.string().min(1), looks: z.int() }),
  z.strictObject({ step: z.literal('download'), begun: z.int(), task: z.string().min(1) }),
])

type RemainsCursor = z.output<typeof remainsCursor>

/** So often a report is begun, and so often one is looked at: for a quarter of an hour. */
const [mostBegun, mostLooks] = [3, 180]

const path = '/api/v1/warehouse_remains'

/** Names of warehouses follow the locale; each row is as fine as it gets. An empty value would be a 400 (12-reports). */
const query = {
  locale: 'ru',
  ...{ groupByBrand: 'true', groupBySubject: 'true', groupBySa: 'true' },
  ...{ groupByNm: 'true', groupByBarcode: 'true', groupBySize: 'true' },
}

function ask(cursor: RemainsCursor): Ask {
  const json = { format: { kind: 'json' }, host: 'analytics' } as const
  if (cursor.step === 'create') return { ...json, path, query, limit: { remains_create: 1 } }
  const task = `${path}/tasks/${cursor.task}`
  if (cursor.step === 'status') return { ...json, path: `${task}/status`, limit: { remains_status: 1 }, accepts: [404] }
  const records = { format: { kind: 'json', records: '$' }, host: 'analytics' } as const
  return { ...records, path: `${task}/download`, limit: { remains_download: 1 }, accepts: [404] }
}

const created = z.object({ data: z.object({ taskId: z.string().regex(/^[\w-]+$/) }) })
const looked = z.object({ data: z.object({ status: z.string() }) })

function readRemains(answer: Answer, cursor: RemainsCursor): Page<RemainsCursor> {
  if (answer.status === 404) return anew(cursor)
  if (cursor.step === 'create') {
    const { data } = read(created, answer.json, 'taskId')
    return { records: [], next: { step: 'status', begun: cursor.begun, task: data.taskId, looks: 0 }, done: false }
  }
  if (cursor.step === 'status') return afterLook(cursor, read(looked, answer.json, 'status of the report').data.status)
  if (!answer.list) throw new BadPage('bad-page', 'the report is no list')
  return { next: { step: 'create', begun: 0 }, done: true }
}

function afterLook(cursor: Extract<RemainsCursor, { step: 'status' }>, status: string): Page<RemainsCursor> {
  const { begun, task, looks } = cursor
  if (status === 'done') return { records: [], next: { step: 'download', begun, task }, done: false }
  if (status === 'purged' || status === 'canceled') return anew(cursor)
  if (status !== 'new' && status !== 'processing')
    throw new BadPage('bad-page', `the report is in a state that is not documented: ${status.slice(0, 40)}`)
  if (looks >= mostLooks) return anew(cursor)
  return { records: [], next: { ...cursor, looks: looks + 1 }, done: false, wait: '5s' }
}

/** @throws BadPage when one report after the other has come to nothing */
function anew({ begun }: RemainsCursor): Page<RemainsCursor> {
  if (begun + 1 >= mostBegun)
    throw new BadPage('bad-page', `the vendor has given up ${mostBegun} reports, or lost them`)
  return { records: [], next: { step: 'create', begun: begun + 1 }, done: false }
}

/**
 * GET …/warehouse_remains: what lies in the vendor's warehouses, by good, barcode and size, with the seller's article. Base
 * tokens may ask for it.
 */
export const remains = wildberries.pull({
  name: 'remains',
  table: 'wildberries.remains',
  limit: { remains_create: 1 },
  cursor: remainsCursor,
  record: z.looseObject({
    ...{ nmId: id, barcode: text, techSize: text, vendorCode: text, brand: text, subjectName: text },
    ...{ volume: amount.nullish(), warehouses },
  }),
  options: z.strictObject(daily),
  flags: { is_processed: 'asked', is_mapped: 'changed' },
})({
  ...({ mode: 'snapshot', key: ['account', 'nm_id', 'barcode', 'tech_size'], priority: 'high' } as const),
  ...{ retry, policy, schedule: sixHourly },
  start: () => ({ step: 'create' as const, begun: 0 }),
  request: cursor => ask(cursor),
  parse: (answer, cursor) => readRemains(answer, cursor),
  row: ({ nmId, barcode, techSize, vendorCode, brand, subjectName, volume, warehouses }) => ({
    ...{ nm_id: nmId, barcode: barcode ?? '', tech_size: techSize ?? '', vendor_code: vendorCode, brand },
    ...{ subject_name: subjectName, volume, ...sumsOf(warehouses), warehouses },
  }),
})
