import { z } from 'zod'
import type { Answer, Ask } from '../../core/ask.ts'
import { count } from '../../core/option.ts'
import type { Page } from '../../core/page.ts'
import { beginning } from './changes.ts'
import { date, dayOf, daysAfter, zoned } from './moscow.ts'
import { flag, id, read, whole } from './record.ts'
import { following, news, policy, retry } from './settings.ts'
import { wildberries } from './vendor.ts'

/**
 * Where the list of supplies stands.
 *
 *   all      every supply by the day it was created, once
 *   recent   those created lately: a preorder that becomes a supply has no updatedDate
 *   updated  those that have changed since the day before the last run
 *
 * `day` (Moscow) is that on which the last pass through all or through what has changed began, `began` that of the one under
 * way, once a page of it is there: pages may be days apart, and what has changed meanwhile is on none of them.
 */
const suppliesCursor = z.strictObject({
  pass: z.enum(['all', 'recent', 'updated']),
  day: date,
  offset: z.int().min(0),
  began: date.optional(),
})

type SuppliesCursor = z.output<typeof suppliesCursor>

/** Rows of a page (07-orders-fbw). */
const limit = 1_000

function ask({ pass, day, offset }: SuppliesCursor, now: number, recent: number): Ask {
  const from = { all: beginning, recent: daysAfter(day, -recent), updated: daysAfter(day, -1) }[pass]
  const type = pass === 'updated' ? 'updatedDate' : 'createDate'
  return {
    ...{ path: '/api/v1/supplies', host: 'supplies', query: { limit, offset } },
    json: { dates: [{ from, till: dayOf(now), type }] },
  }
}

function readSupplies({ json, at }: Answer, cursor: SuppliesCursor): Page<SuppliesCursor> {
  const { pass, day, offset, began = dayOf(at.getTime()) } = cursor
  const records = json === undefined ? [] : read(z.array(z.unknown()), json, 'list of supplies')
  if (records.length >= limit) return { records, next: { pass, day, offset: offset + limit, began }, done: false }
  if (pass === 'recent') return { records, next: { pass: 'updated', day, offset: 0 }, done: false }
  return { records, next: { pass: 'recent', day: began, offset: 0 }, done: true }
}

/** Either may be missing: a preorder has no supplyID yet, and a virtual supply never had a preorder (its preorderID is 0). */
type Ids = { supplyID?: string | number | null | undefined; preorderID?: string | number | null | undefined }

/** What a supply is called from its first day to its last: by its preorder, and by itself where it never was one. */
function supplyKey({ supplyID, preorderID }: Ids): string {
  return preorderID ? `p${preorderID}` : `s${supplyID}`
}

/**
 * POST /api/v1/supplies: the seller's supplies to the vendor's warehouses, and the preorders that become supplies. The phone
 * of whoever made one is forgotten.
 */
export const supplies = wildberries.pull({
  name: 'supplies',
  table: 'wildberries.supplies',
  limit: { supplies: 1 },
  cursor: suppliesCursor,
  record: z
    .looseObject({
      ...{ supplyID: id.nullish(), preorderID: id.nullish(), createDate: zoned.nullish(), supplyDate: zoned.nullish() },
      ...{ factDate: zoned.nullish(), updatedDate: zoned.nullish(), statusID: z.int(), boxTypeID: whole },
      isBoxOnPallet: flag,
    })
    .refine(({ supplyID, preorderID }) => supplyID || preorderID, 'has neither a supplyID nor a preorderID'),
  options: z.strictObject({
    recent_days: count(1, 365).default(30).meta({
      about: 'supplies created in so many days are listed by every run: a preorder becomes a supply without a new date',
    }),
  }),
  forget: ['phone'],
  flags: { details_current: 'changed', goods_current: 'changed' },
})({
  ...({ key: ['account', 'supply_key'], schedule: news, priority: following } as const),
  ...{ retry, policy },
  start: () => ({ pass: 'all' as const, day: beginning, offset: 0 }),
  request: (cursor, { to, options }) => ask(cursor, to.getTime(), options.recent_days),
  parse: (answer, cursor) => readSupplies(answer, cursor),
  row: supply => ({
    supply_key: supplyKey(supply),
    supply_id: supply.supplyID,
    preorder_id: supply.preorderID,
    create_date: supply.createDate,
    supply_date: supply.supplyDate,
    fact_date: supply.factDate,
    updated_date: supply.updatedDate,
    status_id: supply.statusID,
    box_type_id: supply.boxTypeID,
    is_box_on_pallet: supply.isBoxOnPallet,
  }),
})
