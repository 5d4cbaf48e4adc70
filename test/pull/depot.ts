import type { Vendor } from '../../src/sim/serve.ts'

/** One change of the vendor's journal. Personal data lies in it, as it does with real vendors. */
export type Move = {
  id: number
  version: number
  amount: unknown
  note: string
  buyer: { name: string; phone: string }
}

/** What the vendor has, to be changed by a test as it likes, and what it was asked. */
export type Depot = Vendor & {
  moves: Move[]
  stock: Map<number, number>
  crates: Map<number, { open: boolean; goods: string[] }>
  /** Answers in place of its own: the first that is given for a path is taken. */
  instead: ((path: string) => Response | undefined)[]
  asked: string[]
  report: { polls: number; body: Uint8Array<ArrayBuffer>; type: string }
}

/** A move as the vendor writes it. */
export function move(id: number, change: Partial<Move> = {}): Move {
  const buyer = { name: `Buyer ${id}`, phone: '+7 999 123-45-67' }
  return { id, version: 1, amount: `${id}.50`, note: `move ${id}`, buyer, ...change }
}

/**
 * A vendor of a depot:
 *
 *   GET  /moves?after=3&limit=10      its journal from a number on: `{ rows, next }`
 *   GET  /journal                     the same, all of it, as one list
 *   GET  /stock?page=1                what it has now, ten a page: `{ items, total, pages }`
 *   GET  /crates                      its crates: `{ rows }`
 *   GET  /goods?crates=1,2            what lies in them: `{ rows: [{ crate, goods }] }`
 *   POST /report, GET /report/7       begins a report, tells how far it is; then it lies at /files/7
 */
export function imitateDepot(): Depot {
  const depot: Depot = {
    ...{ moves: [], stock: new Map(), crates: new Map(), instead: [], asked: [] },
    report: { polls: 0, body: new Uint8Array(), type: 'text/csv' },
    fetch: async request => {
      const url = new URL(request.url)
      depot.asked.push(`${request.method} ${url.pathname}${url.search}`)
      for (const each of depot.instead) {
        const given = each(url.pathname + url.search)
        if (given) return given
      }
      return answer(depot, url, request)
    },
  }
  return depot
}

function answer(depot: Depot, url: URL, { method, headers }: Request): Response {
  const number = (name: string, usual: number) => Number(url.searchParams.get(name) ?? usual)
  const [, room, id] = url.pathname.split('/')
  if (room === 'moves') return moves(depot, number('after', 0), number('limit', 10))
  if (room === 'journal') return Response.json({ data: { items: depot.moves }, note: 'all of it' })
  if (room === 'stock') return stock(depot, number('page', 1))
  if (room === 'crates') return Response.json({ rows: [...depot.crates].map(([id, { open }]) => ({ id, open })) })
  if (room === 'goods') return goods(depot, url.searchParams.get('crates')!.split(',').map(Number))
  if (room === 'report' && method === 'POST') return Response.json({ id: 7 })
  if (room === 'report' && id)
    return Response.json({ ready: depot.report.polls-- <= 0, file: `${url.origin}/files/${id}` })
  if (room === 'files' && headers.has('authorization')) return new Response('no strangers', { status: 400 })
  if (room === 'files') return new Response(depot.report.body, { headers: { 'content-type': depot.report.type } })
  return new Response(null, { status: 404 })
}

function moves({ moves }: Depot, after: number, limit: number): Response {
  const rows = moves.slice(after, after + limit)
  return Response.json({ rows, next: after + rows.length })
}

function stock({ stock }: Depot, page: number): Response {
  const all = [...stock].map(([id, quantity]) => ({ id, quantity }))
  const items = all.slice((page - 1) * 10, page * 10)
  return Response.json({ items, total: all.length, pages: Math.max(1, Math.ceil(all.length / 10)) })
}

function goods({ crates }: Depot, asked: number[]): Response {
  return Response.json({ rows: asked.map(crate => ({ crate, goods: crates.get(crate)?.goods ?? [] })) })
}
