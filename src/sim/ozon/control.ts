import type { Fault, Planted } from './faults.ts'
import type { Ozon } from './ozon.ts'
import type { Row } from './rows.ts'
import { type Subject, subjects } from './truth.ts'
import type { Outage, Seller } from './world.ts'

/** The clock of the vendor: `frozen` is its time when set; otherwise it runs `offset` ms before ours. */
export type MovableClock = { offset: number; frozen: number | null }

/**
 * The vendor with a back door under /_sim for tests in other processes; calls to it are neither counted nor logged.
 *
 *   GET    calls             the log
 *   GET    faults            what is planted: id, hits, fault, spoiled
 *   POST   faults            plants one, without functions in it: { "kind": "hold", "match": { "nth": 3 } }
 *   DELETE faults/<id>       removes it and lets held answers go
 *   GET    truth             ?seller=&what=stocks&at=: one JSON row a line
 *   POST   outages           { "from": ms, "to": ms }
 *   POST   sellers/<id>      changes: { "key": "deactivated" }, or { "blocked": false }
 *   GET    clock             { now }
 *   POST   clock             { "set": ms } stands still there, { "advance": ms } moves on
 */
export function control(ozon: Ozon, clock: MovableClock): { fetch(request: Request): Promise<Response> } {
  return {
    async fetch(request) {
      const url = new URL(request.url)
      const [, door, room, id = ''] = url.pathname.split('/')
      if (door !== '_sim') return ozon.fetch(request)
      const body = request.method === 'POST' ? await request.json() : undefined
      if (request.method === 'GET' && room === 'truth') return lines(truth(ozon, url.searchParams))
      const result = enter(ozon, clock, `${request.method} ${room}`, id, body)
      return result === undefined ? new Response(null, { status: 404 }) : Response.json(result)
    },
  }
}

function enter(ozon: Ozon, clock: MovableClock, wish: string, id: string, body: unknown): unknown {
  switch (wish) {
    case 'GET calls':
      return ozon.calls
    case 'GET faults':
      return ozon.faults.list().map(seen)
    case 'POST faults':
      return seen(ozon.faults.add(body as Fault))
    case 'DELETE faults':
      return remove(ozon, Number(id))
    case 'POST outages':
      return { outages: ozon.outages.push(body as Outage) }
    case 'POST sellers':
      return change(ozon, id, body as Partial<Seller> & { blocked?: boolean })
    case 'GET clock':
      return told(clock)
    case 'POST clock':
      return move(clock, body as { set?: number; advance?: number })
  }
}

function seen({ id, hits, fault, spoiled }: Planted) {
  return { id, hits, fault, spoiled }
}

function remove(ozon: Ozon, id: number) {
  const planted = ozon.faults.list().find(one => one.id === id)
  planted?.remove()
  return planted && seen(planted)
}

function change(ozon: Ozon, id: string, { blocked, ...changes }: Partial<Seller> & { blocked?: boolean }) {
  ozon.change(id, changes)
  if (blocked !== undefined) ozon.block(id, blocked)
  return { changed: id }
}

function truth(ozon: Ozon, query: URLSearchParams): Iterable<Row> {
  const what = query.get('what') as Subject
  if (!subjects.includes(what)) throw new RangeError(`there is no truth about ${what}, only about ${subjects.join()}`)
  const at = query.get('at')
  return ozon.truth(query.get('seller') ?? '', what, at === null ? undefined : Number(at))
}

function lines(rows: Iterable<Row>): Response {
  const body = [...rows].map(row => `${JSON.stringify(row)}\n`).join('')
  return new Response(body, { headers: { 'content-type': 'application/x-ndjson' } })
}

function move(clock: MovableClock, { set, advance = 0 }: { set?: number; advance?: number }) {
  if (set !== undefined) clock.frozen = set
  if (clock.frozen === null) clock.offset += advance
  else clock.frozen += advance
  return told(clock)
}

function told({ frozen, offset }: MovableClock) {
  return { now: frozen ?? Date.now() + offset }
}
