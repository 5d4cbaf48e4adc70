import { join } from 'node:path'
import { z } from 'zod'
import { BadPage } from '../../src/core/failure.ts'
import { exponential, type Policy, regular } from '../../src/core/retry.ts'
import type { PullStream } from '../../src/core/stream.ts'
import { vendor } from '../../src/core/vendor.ts'

const depot = vendor('depot', { calls: { kind: 'bucket', max: 1_000_000, every: '1s', owner: 'egress' } })

const at = z.strictObject({ after: z.int() })
const schedule = [{ every: '1h' }] as const
const never = () => exponential({ retries: 0, base: '1s' })

const amount = z.string().regex(/^\d+(\.\d{1,2})?$/, 'is no amount')
const journal = z.object({ rows: z.array(z.unknown()), next: z.int().min(0) })

/** The envelope of an answer, as its schema has it. */
function read<T>(schema: z.ZodType<T>, json: unknown): T {
  const page = schema.safeParse(json)
  if (page.success) return page.data
  throw new BadPage('bad-page', 'the answer is not the documented one')
}

const moveShape = {
  ...{ table: 'depot.moves', limit: { calls: 1 }, cursor: at, forget: ['buyer.name', 'buyer.phone'] },
  record: z.object({ id: z.int(), version: z.int(), amount, note: z.string() }),
  options: z.object({
    policy: z.custom<Policy>().optional(),
    limit: z.int().default(10),
    tolerance: z.number().default(0.5),
  }),
} as const

const moveSteps = {
  ...({ key: ['account', 'id'], newer: ['version'], schedule, retry: never } as const),
  start: () => ({ after: 0 }),
  row: ({ id, version, amount, note }: { id: number; version: number; amount: string; note: string }) => ({
    ...{ id, version, amount, note, currency: 'EUR' },
  }),
}

/** The journal, page by page; a page that never comes can be left out. */
const moves = depot.pull({ ...moveShape, name: 'moves' })({
  ...moveSteps,
  policy: ({ policy }) => policy ?? { transient: regular({ retries: 0, every: '1m' }) },
  tolerance: ({ tolerance }) => tolerance,
  request: ({ after }, { options }) => ({ path: '/moves', query: { after, limit: options.limit } }),
  skip: ({ after }) => ({ after: after + 10 }),
  parse: ({ json }, { after }, { options }) => {
    const { rows, next } = read(journal, json)
    return { records: rows, next: { after: next }, done: rows.length < options.limit || next === after }
  },
})

/** The same as one list, read record by record. */
const journalStream = depot.pull({ ...moveShape, name: 'journal', format: { kind: 'json', records: '$.data.items' } })({
  ...moveSteps,
  request: () => ({ path: '/journal' }),
  parse: ({ list }) => ({ next: { after: list!.count }, done: true }),
})

const whole = z.object({ data: z.object({ items: z.array(z.unknown()) }) })

/** The same, read as a whole. */
const bulk = depot.pull({ ...moveShape, name: 'bulk' })({
  ...moveSteps,
  request: () => ({ path: '/journal' }),
  parse: ({ json }) => ({ records: read(whole, json).data.items, next: { after: 1 }, done: true }),
})

const listed = z.object({ items: z.array(z.unknown()), total: z.int().min(0), pages: z.int() })

/** What is there now; each run lists all of it. */
const stock = depot.pull({
  ...{ name: 'stock', table: 'depot.stock', limit: { calls: 1 } },
  cursor: z.strictObject({ page: z.int() }),
  record: z.object({ id: z.int(), quantity: z.int() }),
})({
  ...({ mode: 'snapshot', key: ['id'], schedule, retry: never } as const),
  start: () => ({ page: 1 }),
  request: ({ page }) => ({ path: '/stock', query: { page } }),
  skip: ({ page }) => ({ page: page + 1 }),
  parse: ({ json }, { page }) => {
    const { items, total, pages } = read(listed, json)
    return { records: items, total, next: { page: page + 1 }, done: page >= pages }
  },
  row: record => record,
})

const crated = z.object({ rows: z.array(z.unknown()) })

const crates = depot.pull({
  ...{ name: 'crates', table: 'depot.crates', limit: { calls: 1 }, cursor: at },
  record: z.object({ id: z.int(), open: z.boolean() }),
})({
  ...({ key: ['id'], schedule, start: () => ({ after: 0 }), request: () => ({ path: '/crates' }) } as const),
  parse: ({ json }) => ({ records: read(crated, json).rows, next: { after: 0 }, done: true }),
  row: record => record,
})

const packed = z.object({ rows: z.array(z.object({ crate: z.int(), goods: z.array(z.string()) })) })

/** What lies in the open crates, two of them at a time. */
const goods = depot.pull({
  ...{ name: 'goods', table: 'depot.goods', limit: { calls: 1 }, cursor: at },
  record: z.object({ crate: z.int(), place: z.int(), name: z.string() }),
  for: { table: 'depot.crates', columns: ['id'], where: { open: true }, take: 2 },
})({
  ...({ key: ['crate', 'place'], schedule, start: () => ({ after: 0 }), retry: never } as const),
  request: (_, { rows }) => ({ path: '/goods', query: { crates: rows.map(({ id }) => id).join(',') } }),
  parse: ({ json }) => {
    const { rows } = read(packed, json)
    const records = rows.flatMap(({ crate, goods }) => goods.map((name, place) => ({ crate, place, name })))
    return { records, next: { after: 0 }, done: true }
  },
  row: record => record,
})

const phase = z.discriminatedUnion('phase', [
  z.strictObject({ phase: z.literal('create') }),
  z.strictObject({ phase: z.literal('poll'), id: z.int() }),
  z.strictObject({ phase: z.literal('load'), file: z.string() }),
])

const begun = z.object({ id: z.int() })
const state = z.object({ ready: z.boolean(), file: z.string() })

/** A report in three steps: begun, waited for, taken from where it lies. */
const report = depot.pull({
  ...{ name: 'report', table: 'depot.report', limit: { calls: 1 }, cursor: phase },
  record: z.object({ id: z.string(), price: z.string() }),
  options: z.object({ wait: z.custom<'1s' | '1m'>().default('1s'), zipped: z.boolean().default(false) }),
})({
  ...({ key: ['id'], schedule, retry: never } as const),
  start: () => ({ phase: 'create' }),
  request: (cursor, { options }) => {
    if (cursor.phase === 'create') return { path: '/report', json: { kind: 'prices' } }
    if (cursor.phase === 'poll') return { path: `/report/${cursor.id}` }
    const csv = { kind: 'csv', delimiter: ';' } as const
    return { url: cursor.file, format: options.zipped ? { kind: 'zip', holds: csv } : csv }
  },
  parse: ({ json }, cursor, { options }) => {
    if (cursor.phase === 'load') return { next: { phase: 'create' }, done: true }
    if (cursor.phase === 'create') {
      const { id } = read(begun, json)
      return { records: [], next: { phase: 'poll', id }, done: false }
    }
    const { ready, file } = read(state, json)
    if (!ready) return { records: [], next: cursor, done: false, wait: options.wait }
    return { records: [], next: { phase: 'load', file }, done: false }
  },
  row: record => record,
})

export const connector = depot.connector({
  url: 'http://depot.example',
  streams: [moves, journalStream, bulk, stock, crates, goods, report],
  migrations: join(import.meta.dirname, 'migrations'),
})

/** One of its streams. */
export function streamOf(name: string): PullStream {
  return connector.streams.find(each => each.name === name)!
}
