import type { Fault, Planted } from './faults.ts'
import type { Mint } from './token.ts'
import { type Stream, streamNames } from './truth.ts'
import type { Wildberries } from './wildberries.ts'
import type { Outage } from './world.ts'

/** The clock of a marketplace: `frozen` is its time when set; otherwise it runs `offset` ms before ours. */
export type MovableClock = { offset: number; frozen: number | null }

/**
 * The marketplace with a back door under /_sim for tests in other processes; calls to it are neither counted nor logged.
 *
 *   GET    calls             the log; ?from=<id> what came after that call
 *   GET    faults            what is planted: id, hits, fault
 *   POST   faults            plants one, without functions in it: { "kind": "hold", "match": { "endpoint": "orders" } }
 *   DELETE faults/<id>       removes it and lets held answers go
 *   GET    truth             ?seller=&stream=&since=: one row a line
 *   GET    clock             { now }
 *   POST   clock             { "set": ms } stands still there, { "advance": ms } moves on
 *   POST   mint              { "seller", "type"?, "categories"?, "expires"? } gives { token }
 *   POST   revoke            { "token" }
 *   POST   outage            { "from", "to", "kind"? } adds one
 */
export function control(vendor: Wildberries, clock: MovableClock): { fetch(request: Request): Promise<Response> } {
  return {
    async fetch(request) {
      const url = new URL(request.url)
      const [, door, room, id] = url.pathname.split('/')
      if (door !== '_sim') return vendor.fetch(request)
      const body = request.method === 'POST' ? await request.json() : undefined
      const wish = { query: url.searchParams, body, id: Number(id) }
      if (room === 'truth') return lines(vendor, wish.query)
      const result = enter(vendor, clock, `${request.method} ${room}`, wish)
      return result === undefined ? new Response(null, { status: 404 }) : Response.json(result)
    },
  }
}

type Wish = { query: URLSearchParams; body: unknown; id: number }

function enter(vendor: Wildberries, clock: MovableClock, wish: string, { query, body, id }: Wish): unknown {
  switch (wish) {
    case 'GET calls':
      return vendor.calls.filter(call => call.id > Number(query.get('from') ?? 0))
    case 'GET faults':
      return vendor.faults.list().map(seen)
    case 'POST faults':
      return seen(vendor.faults.add(body as Fault))
    case 'DELETE faults':
      return remove(vendor, id)
    case 'GET clock':
      return told(clock)
    case 'POST clock':
      return move(clock, body as { set?: number; advance?: number })
    case 'POST mint':
      return mint(vendor, body as Mint & { seller: string })
    case 'POST revoke':
      vendor.revoke((body as { token: string }).token)
      return {}
    case 'POST outage':
      vendor.outages.push(body as Outage)
      return vendor.outages
  }
}

function seen({ id, hits, fault }: Planted) {
  return { id, hits, fault }
}

function remove(vendor: Wildberries, id: number) {
  const planted = vendor.faults.list().find(one => one.id === id)
  planted?.remove()
  return planted && seen(planted)
}

function mint(vendor: Wildberries, { seller, ...wish }: Mint & { seller: string }) {
  return { token: vendor.mint(seller, wish) }
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

/** Written while it is read, so that a million rows need no memory. */
function lines(vendor: Wildberries, query: URLSearchParams): Response {
  const stream = query.get('stream') as Stream
  if (!streamNames.includes(stream)) return Response.json({ streams: streamNames }, { status: 404 })
  const since = query.has('since') ? Number(query.get('since')) : undefined
  const rows = vendor.truth(query.get('seller') ?? '', stream, since)
  return new Response(ReadableStream.from(chunks(rows)), { headers: { 'content-type': 'application/x-ndjson' } })
}

function* chunks(rows: Iterable<Record<string, unknown>>) {
  let text = ''
  for (const row of rows) {
    text += `${JSON.stringify(row)}\n`
    if (text.length < 65_536) continue
    yield Buffer.from(text)
    text = ''
  }
  yield Buffer.from(text)
}
