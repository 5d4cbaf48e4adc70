import type { Che168 } from './che168.ts'
import type { Fault, Planted } from './faults.ts'
import type { Outage } from './world.ts'

/** The clock of a vendor: `frozen` is its time when set; otherwise it runs `offset` ms before ours. */
export type MovableClock = { offset: number; frozen: number | null }

/**
 * The vendor with a back door under /_sim for tests in other processes; calls to it are neither counted nor logged.
 *
 *   GET    calls             the log; ?from=<id> what came after that call
 *   GET    faults            what is planted: id, hits, fault
 *   POST   faults            plants one, without functions in it: { "kind": "hold", "match": { "path": "offers" } }
 *   DELETE faults/<id>       removes it and lets held answers go
 *   GET    truth             ?at=&since=: an advert a line; ?only=car,isActive leaves the other fields out
 *   GET    events            ?from=&to=: an event a line
 *   GET    sent              ?inner_id=&at=: an advert's data as it is sent
 *   GET    clock             { now }
 *   POST   clock             { "set": ms } stands still there, { "advance": ms } moves on
 *   POST   outage            { "from", "to", "kind"? } adds one
 *   POST   block             { "blocked": true }
 */
export function control(vendor: Che168, clock: MovableClock): { fetch(request: Request): Promise<Response> } {
  return {
    async fetch(request) {
      const url = new URL(request.url)
      const [, door, room, id] = url.pathname.split('/')
      if (door !== '_sim') return vendor.fetch(request)
      if (room === 'truth') return lines(chosen(vendor, url.searchParams))
      if (room === 'events') return lines(vendor.events(...numbers(url.searchParams, 'from', 'to')))
      const body = request.method === 'POST' ? await request.json() : undefined
      const wish = { query: url.searchParams, body, id: Number(id) }
      const result = enter(vendor, clock, `${request.method} ${room}`, wish)
      return result === undefined ? new Response(null, { status: 404 }) : Response.json(result)
    },
  }
}

type Wish = { query: URLSearchParams; body: unknown; id: number }

function enter(vendor: Che168, clock: MovableClock, wish: string, { query, body, id }: Wish): unknown {
  switch (wish) {
    case 'GET calls':
      return vendor.calls.filter(call => call.id > Number(query.get('from') ?? 0))
    case 'GET faults':
      return vendor.faults.list().map(seen)
    case 'POST faults':
      return seen(vendor.faults.add(body as Fault))
    case 'DELETE faults':
      return remove(vendor, id)
    case 'GET sent':
      return vendor.sent(query.get('inner_id') ?? '', ...numbers(query, 'at'))
    case 'GET clock':
      return told(clock)
    case 'POST clock':
      return move(clock, body as { set?: number; advance?: number })
    case 'POST outage':
      vendor.outages.push(body as Outage)
      return vendor.outages
    case 'POST block':
      vendor.block((body as { blocked: boolean }).blocked)
      return body
  }
}

function seen({ id, hits, fault }: Planted) {
  return { id, hits, fault }
}

function remove(vendor: Che168, id: number) {
  const planted = vendor.faults.list().find(one => one.id === id)
  planted?.remove()
  return planted && seen(planted)
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

function numbers<const Names extends string[]>(query: URLSearchParams, ...names: Names) {
  const list = names.map(name => (query.has(name) ? Number(query.get(name)) : undefined))
  return list as { [at in keyof Names]: number | undefined }
}

function* chosen(vendor: Che168, query: URLSearchParams): Generator<Record<string, unknown>> {
  const only = query.get('only')?.split(',')
  for (const row of vendor.truth(...numbers(query, 'at', 'since'))) {
    yield only ? Object.fromEntries(Object.entries(row).filter(([name]) => ['innerId', ...only].includes(name))) : row
  }
}

/** Written while it is read, so that a quarter of a million rows need no memory. */
function lines(rows: Iterable<Record<string, unknown>>): Response {
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
