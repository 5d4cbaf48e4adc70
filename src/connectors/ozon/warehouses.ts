import { z } from 'zod'
import { id, read, turn, turning } from './answer.ts'
import { before, daily } from './daily.ts'
import { policy } from './retry.ts'
import { ozon } from './vendor.ts'

const envelope = z.object({ ...turning, warehouses: z.array(z.unknown()) })
const instant = z.iso.datetime({ offset: true }).nullish()

/**
 * POST /v2/warehouse/list: the seller's own warehouses, FBS and rFBS, 200 a page. Where they are
 * is left out, as are phones and words to couriers: a small seller's warehouse is a home.
 */
export const warehouses = ozon.pull({
  name: 'warehouses',
  table: 'ozon.warehouses',
  limit: { calls: 1, warehouse_list: 1 },
  cursor: z.strictObject({ cursor: z.string() }),
  record: z.looseObject({
    ...{ warehouse_id: id, name: z.string(), is_rfbs: z.boolean(), status: z.string().nullish() },
    ...{ created_at: instant, updated_at: instant, pause_at: instant },
  }),
  options: z.strictObject(daily),
  flags: { is_processed: 'changed' },
  forget: [
    ...['phone', 'courier_phones', 'courier_comment'],
    ...['address_info.address', 'address_info.latitude', 'address_info.longitude'],
  ],
})({
  mode: 'snapshot',
  key: ['account', 'warehouse_id'],
  schedule: before,
  policy,
  batch: () => 200,
  start: () => ({ cursor: '' }),
  request: ({ cursor }) => ({ path: '/v2/warehouse/list', json: { limit: 200, cursor } }),
  parse: ({ json }, at) => {
    const page = read(envelope, json)
    return { records: page.warehouses, ...turn(page, at) }
  },
  row: ({ warehouse_id, name, is_rfbs, status, created_at, updated_at, pause_at }) => ({
    ...{ warehouse_id, name, is_rfbs, status: status ?? null },
    ...{ created_at: moment(created_at), updated_at: moment(updated_at), pause_at: moment(pause_at) },
  }),
})

function moment(text: string | null | undefined): Date | null {
  return text === null || text === undefined ? null : new Date(text)
}
