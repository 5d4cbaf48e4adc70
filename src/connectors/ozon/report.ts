import { z } from 'zod'
import type { Ask } from '../../core/ask.ts'
import { sixHourly } from '../../core/daily.ts'
import { BadPage, Transient } from '../../core/failure.ts'
import type { Format } from '../../core/format.ts'
import { list } from '../../core/option.ts'
import { read } from './answer.ts'
import { daily } from './daily.ts'
import { demand } from './header.ts'
import { line } from './line.ts'
import { policy } from './retry.ts'
import { ozon } from './vendor.ts'

const visibility = z.enum(['ALL', 'ARCHIVED'])

/** Which products the report is about, and how often it has been ordered. */
const ordered = { visibility, order: z.int().min(1) }

/**
 * Where the report stands:
 *
 *   create   it is to be ordered
 *   info     it has been ordered, and Ozon is at work on it; looked after `tries` times
 *   file     it can be had
 *
 * After the file the report of the next visibility is ordered.
 */
const cursor = z.discriminatedUnion('phase', [
  z.strictObject({ phase: z.literal('create'), ...ordered }),
  z.strictObject({ phase: z.literal('info'), ...ordered, code: z.string(), tries: z.int().min(0) }),
  z.strictObject({ phase: z.literal('file'), ...ordered, code: z.string(), created: z.string(), file: z.url() }),
])
type Cursor = z.output<typeof cursor>
type Info = Extract<Cursor, { phase: 'info' }>

/** Looked after every five seconds, thirty times; then another one is ordered, three in all. */
const wait = '5s'
const [most, orders] = [30, 3]

/** What the host of files answers where one is not there any more. */
const missing = [403, 404, 410]

/** A file is UTF-8 with a byte order mark, values divided by `;`. */
const csv: Format = { kind: 'csv', delimiter: ';' }

const created = z.object({ result: z.object({ code: z.string().min(1) }) })
const informed = z.object({
  result: z.object({
    status: z.enum(['waiting', 'processing', 'success', 'failed']),
    error: z.string().nullish(),
    file: z.string().nullish(),
    created_at: z.iso.datetime({ offset: true }),
  }),
})

/**
 * The product report, by file: POST /v1/report/products/create, POST /v1/report/info until it is there, and a plain GET of
 * the file, which lies on another host and gets no key. ALL leaves the archive out, which takes a report of its own.
 */
export const report = ozon.pull({
  name: 'report',
  table: 'ozon.report_products',
  limit: { calls: 1, report_info: 1 },
  cursor,
  record: line,
  flags: { is_processed: 'asked' },
  options: z.strictObject({
    ...daily,
    visibility: list(visibility)
      .default(['ALL', 'ARCHIVED'])
      .meta({ env: 'OZON_REPORT_VISIBILITY', about: 'ALL (without the archive), ARCHIVED, or both' }),
  }),
})({
  mode: 'snapshot',
  key: ['account', 'product_id'],
  schedule: sixHourly,
  policy,
  start: ({ options }) => ({ phase: 'create', visibility: options.visibility[0]!, order: 1 }),
  request: ask,
  parse: ({ status, json, list }, at, { options }) => {
    if (at.phase === 'create') return afterOrder(read(created, json).result.code, at)
    if (at.phase === 'info') return afterLook(read(informed, json).result, at)
    if (missing.includes(status)) return again(at, `has no file any more (${status})`)
    demand(list?.header ?? [])
    const next = options.visibility[options.visibility.indexOf(at.visibility) + 1]
    const first: Cursor = { phase: 'create', visibility: next ?? options.visibility[0]!, order: 1 }
    return { next: first, done: next === undefined }
  },
  row: (record, { cursor: at }) => {
    const isKnown = at?.phase === 'file'
    return {
      ...record,
      visibility: isKnown ? at.visibility : null,
      report_code: isKnown ? at.code : null,
      report_created_at: isKnown ? new Date(at.created) : null,
    }
  },
})

/** The language is named, so that headers come in Russian whatever the account is set to. */
function ask(at: Cursor): Ask {
  if (at.phase === 'file') return { url: at.file, limit: {}, format: csv, accepts: missing }
  if (at.phase === 'info') return { path: '/v1/report/info', json: { code: at.code } }
  const json = { language: 'RU', visibility: at.visibility }
  return { path: '/v1/report/products/create', json, limit: { calls: 1, report_create: 1 } }
}

function afterOrder(code: string, { visibility, order }: Cursor) {
  return {
    records: [],
    next: { phase: 'info', visibility, order, code, tries: 0 } as const,
    done: false,
    wait,
  } as const
}

function afterLook({ status, error, file, created_at }: z.output<typeof informed>['result'], at: Info) {
  const { visibility, order, code, tries } = at
  if (status === 'failed') return again(at, `could not be made: ${error || 'no reason given'}`)
  if (status === 'success') {
    if (!z.url({ protocol: /^https?$/ }).safeParse(file).success)
      throw new BadPage('bad-page', 'the report is done and has no file')
    const next = { phase: 'file', visibility, order, code, created: created_at, file: file! } as const
    return { records: [], next, done: false }
  }
  if (tries + 1 >= most) return again(at, `was not made within ${most} looks, 5 s apart`)
  return { records: [], next: { ...at, tries: tries + 1 }, done: false, wait } as const
}

/** @throws Transient when enough of them came to nothing: the run waits longer, and the next one begins anew */
function again({ visibility, order, code }: Exclude<Cursor, { phase: 'create' }>, why: string) {
  if (order >= orders) throw new Transient('vendor-error', `the report ${code} ${why}, like ${order - 1} before it`)
  return { records: [], next: { phase: 'create', visibility, order: order + 1 } as const, done: false, wait } as const
}
