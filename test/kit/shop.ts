import { join } from 'node:path'
import { z } from 'zod'
import { BadPage } from '../../src/core/failure.ts'
import type { PullStream } from '../../src/core/stream.ts'
import { vendor } from '../../src/core/vendor.ts'

const shop = vendor('shop', { calls: { kind: 'fixed', max: 60, every: '1m', owner: 'egress' } })

const envelope = z.object({ rows: z.array(z.unknown()), next: z.int() })

const line = z.object({
  ...{ id: z.int(), line: z.int(), version: z.int(), created: z.iso.datetime() },
  ...{ price: z.string().regex(/^\d+(\.\d+)?$/), quantity: z.int(), state: z.string() },
})

/** A right stream: the lines of orders in the order of their changes. */
export const lines = shop.pull({
  ...{ name: 'lines', table: 'shop.lines', limit: { calls: 1 } },
  cursor: z.strictObject({ after: z.int() }),
  record: line,
  forget: ['buyer', 'delivery.contact'],
})({
  ...({ key: ['id', 'line'], newer: ['version'], schedule: [{ every: '1h' }] } as const),
  start: () => ({ after: 0 }),
  request: ({ after }) => ({ path: '/lines', query: { after, limit: 10 } }),
  parse: ({ json }) => {
    const page = envelope.safeParse(json)
    if (!page.success) throw new BadPage('bad-page', 'the answer holds no rows')
    const { rows, next } = page.data
    return { records: rows, next: { after: next }, done: rows.length < 10 }
  },
  row: ({ quantity, created, ...rest }) => ({ ...rest, created: new Date(created), currency: 'EUR' }),
}) as unknown as PullStream

/** The connector with one thing of its stream changed. */
export function shopWith(change: Partial<PullStream> = {}) {
  const migrations = join(import.meta.dirname, 'migrations')
  return shop.connector({ url: 'http://shop.example/v1', streams: [{ ...lines, ...change }], migrations })
}

/** Its vendor: the lines of 14 orders, the first of which were paid later and come again in another version. */
export function imitateShop() {
  const ordered = Array.from({ length: 28 }, (_, nth) => lineOf(1 + Math.floor(nth / 2), 1 + (nth % 2), 1))
  const paid = Array.from({ length: 9 }, (_, nth) => lineOf(1 + nth, 1, 2))
  const journal = [...ordered, ...paid]
  return {
    fetch: async (request: Request) => {
      const { searchParams, pathname } = new URL(request.url)
      if (pathname !== '/v1/lines') return new Response(null, { status: 404 })
      const [after, limit] = [Number(searchParams.get('after')), Number(searchParams.get('limit'))]
      const rows = journal.slice(after, after + limit)
      return Response.json({ rows, next: after + rows.length })
    },
  }
}

function lineOf(id: number, nth: number, version: number) {
  const phone = `+7 999 123-45-${String(id).padStart(2, '0')}`
  return {
    ...{ id, line: nth, version, created: `2026-01-${String(id).padStart(2, '0')}T10:00:00.000Z` },
    ...{ price: `${19 + id}.${nth}0`, quantity: 2 + nth, state: version > 1 ? 'paid' : 'ordered' },
    ...{ buyer: { name: `Buyer of ${id}`, phone }, delivery: { contact: phone, floor: id } },
  }
}
