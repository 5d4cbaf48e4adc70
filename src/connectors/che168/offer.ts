import { z } from 'zod'
import type { Answer } from '../../core/ask.ts'
import { BadPage, Rejected } from '../../core/failure.ts'
import { innerId, read } from './answer.ts'
import { patience, policy, retry } from './settings.ts'
import { che168 } from './vendor.ts'

/** What is kept of an advert that the vendor does not know any more. */
const unknown = z.strictObject({ is_found: z.literal(false) })

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
  record: z.union([unknown, z.looseObject({})]),
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

const flat = z.looseObject({ inner_id: innerId })

/** The advert, flat or below `data`, whatever stands beside it there; of one that is gone, that it is. @throws BadPage when it is another one than was asked for */
function found({ status, json }: Answer, asked: string): unknown[] {
  if (status === 404) return gone(json)
  const wrapped = z.looseObject({ data: flat }).safeParse(json)
  const advert = wrapped.success ? wrapped.data.data : json
  const { inner_id } = read(flat, advert)
  if (inner_id !== asked) throw new BadPage('bad-page', `advert ${asked} was asked for, and inner_id is ${inner_id}`)
  return [advert]
}

/** @throws Rejected when it is not the advert that is unknown, but the way to it */
function gone(json: unknown): unknown[] {
  const { message } = z.looseObject({ message: z.string() }).safeParse(json).data ?? {}
  if (message !== undefined && !/source/i.test(message)) return [{ is_found: false }]
  throw new Rejected(
    'vendor-rejected',
    `the vendor knows no method /offer here (${message ?? 'its answer is none of its own'}); look at base_url, access_name and source of che168`,
  )
}
