import type { Clock } from './clock.ts'
import type { Vendor } from './serve.ts'

/** What a call to the back door brings: the question, the body of a POST, and what stands behind the room's name. */
type Wish = { query: URLSearchParams; body: unknown; id: string }

/** What is told for a wish, by method and room: `GET truth`. A Response is sent as it is, undefined as 404. */
export type Rooms = Readonly<Record<string, (wish: Wish) => unknown>>

/** What is told of a fault; `spoiled` only by vendors that note it. */
type Seen = { id: number; hits: number; fault: unknown; spoiled?: unknown }

type Controlled<Fault> = Vendor & {
  calls: readonly { id: number }[]
  faults: { add(fault: Fault): Seen; list(): (Seen & { remove(): void })[] }
}

/**
 * A vendor with a back door under /_sim for tests in other processes; calls to it are neither counted nor logged. Every
 * vendor has these rooms there, unless its own of the same name go before:
 *
 *   GET    calls             the log; ?from=<id> what came after that call
 *   GET    faults            what is planted: id, hits, fault
 *   POST   faults            plants one, without functions in it: { "kind": "hold", "match": { "nth": 3 } }
 *   DELETE faults/<id>       removes it and lets held answers go
 */
export function control<Fault>(vendor: Controlled<Fault>, own: Rooms): Vendor {
  const rooms: Rooms = { ...usual(vendor), ...own }
  return {
    async fetch(request) {
      const url = new URL(request.url)
      const [, door, room, id = ''] = url.pathname.split('/')
      if (door !== '_sim') return vendor.fetch(request)
      const body = request.method === 'POST' ? await request.json() : undefined
      const result = rooms[`${request.method} ${room}`]?.({ query: url.searchParams, body, id })
      if (result instanceof Response) return result
      return result === undefined ? new Response(null, { status: 404 }) : Response.json(result)
    },
  }
}

function usual<Fault>({ calls, faults }: Controlled<Fault>): Rooms {
  return {
    'GET calls': ({ query }) => calls.filter(call => call.id > Number(query.get('from') ?? 0)),
    'GET faults': () => faults.list().map(seen),
    'POST faults': ({ body }) => seen(faults.add(body as Fault)),
    'DELETE faults'({ id }) {
      const planted = faults.list().find(one => one.id === Number(id))
      planted?.remove()
      return planted && seen(planted)
    },
  }
}

function seen({ id, hits, fault, spoiled }: Seen): Seen {
  return { id, hits, fault, spoiled }
}

/**
 * The rooms of a clock that can be moved.
 *
 *   GET    clock             { now }
 *   POST   clock             { "set": ms } stands still there, { "advance": ms } moves on
 */
export function clockRooms(clock: Clock): Rooms {
  const told = () => ({ now: clock.now() })
  return {
    'GET clock': told,
    'POST clock'({ body }) {
      clock.move(body as { set?: number; advance?: number })
      return told()
    },
  }
}

/** A row a line, written while they are read, so that a million rows need no memory. */
export function lines(rows: Iterable<object>): Response {
  return new Response(ReadableStream.from(chunks(rows)), { headers: { 'content-type': 'application/x-ndjson' } })
}

function* chunks(rows: Iterable<object>) {
  let text = ''
  for (const row of rows) {
    text += `${JSON.stringify(row)}\n`
    if (text.length < 65_536) continue
    yield Buffer.from(text)
    text = ''
  }
  yield Buffer.from(text)
}

/** The numbers of these names in a question; undefined where there is none. */
export function numbers<const Names extends string[]>(query: URLSearchParams, ...names: Names) {
  const list = names.map(name => (query.has(name) ? Number(query.get(name)) : undefined))
  return list as { [at in keyof Names]: number | undefined }
}
