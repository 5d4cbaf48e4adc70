import { z } from 'zod'
import type { Answer } from '../../core/ask.ts'
import { Rejected } from '../../core/failure.ts'
import { innerId } from './answer.ts'
import { patience, policy, retry } from './settings.ts'
import { che168 } from './vendor.ts'

/** An advert, as it is sent; of another one than was asked for `in_place_of` says so. */
const advert = z.looseObject({
  inner_id: z.custom<unknown>(value => innerId.safeParse(value).success, 'is no number of an advert'),
  in_place_of: z.never('is the advert that was asked for, and the answer is about another one').optional(),
})

/** What is kept of an advert that the vendor does not know any more. */
const unknown = z.strictObject({ inner_id: z.string(), is_found: z.literal(false) })

/**
 * GET /offer: one advert again, where events have told a part of it only, or where it may be gone without a word. What is
 * stored completes the advert by the table's trigger, or marks it as gone (migrations/005_gone.sql). `last_change_id` tells
 * which state of it the question was about: where another event has come meanwhile, the answer leaves it to be asked about.
 */
export const offer = che168.pull({
  name: 'offer',
  table: 'che168.details',
  limit: { offer: 1 },
  cursor: z.strictObject({}),
  record: advert,
  options: z.strictObject(patience),
  for: { table: 'che168.raw_data', columns: ['inner_id', 'last_change_id'], flag: 'is_asked', take: 1 },
})({
  ...({ key: ['account', 'inner_id'], schedule: [{ after: 'changes' }, { after: 'offers' }] } as const),
  ...{ retry, policy },
  start: () => ({}),
  request: (_, { rows }) => ({ path: '/offer', query: { inner_id: rows[0]!.inner_id! }, accepts: [404] }),
  parse: (answer, _, { rows }) => ({ records: found(answer, rows[0]!.inner_id!), next: {}, done: true }),
  row: (found, { rows }) => {
    const { inner_id, last_change_id = null } = rows[0]!
    const isFound = !unknown.safeParse(found).success
    return { inner_id: inner_id!, data: isFound ? found : {}, is_found: isFound, last_change_id }
  },
})

/**
 * The advert, flat or below `data`, whatever stands beside it there; of one that is gone, that it is. An answer about another
 * advert, or about none, is handed on marked, or as it is: it goes to quarantine, and the others are asked about all the same.
 */
function found({ status, json }: Answer, asked: string): unknown[] {
  if (status === 404) return gone(json, asked)
  const wrapped = z.looseObject({ data: advert }).safeParse(json)
  const told = wrapped.success ? wrapped.data.data : json
  const { success, data } = advert.safeParse(told)
  return [success && String(data.inner_id) !== asked ? { ...data, in_place_of: asked } : told]
}

/** @throws Rejected when it is not the advert that is unknown, but the way to it */
function gone(json: unknown, asked: string): unknown[] {
  const { message } = z.looseObject({ message: z.string() }).safeParse(json).data ?? {}
  if (message !== undefined && !/source/i.test(message)) return [{ inner_id: asked, is_found: false }]
  throw new Rejected(
    'vendor-rejected',
    `the vendor knows no method /offer here (${message ?? 'its answer is none of its own'}); look at base_url, access_name and source of che168`,
  )
}
