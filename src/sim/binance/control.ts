import type { Binance } from './exchange.ts'
import type { Fault, Planted } from './faults.ts'

/** The clock of an exchange: `frozen` is its time when set; otherwise it runs `offset` ms before ours. */
export type MovableClock = { offset: number; frozen: number | null }

/**
 * The exchange with a back door under /_sim for tests in other processes; calls to it are neither counted nor logged.
 *
 *   GET    calls             the log
 *   GET    faults            what is planted: id, hits, fault
 *   POST   faults            plants one, without functions in it: { "kind": "hold", "match": { "nth": 3 } }
 *   DELETE faults/<id>       removes it and lets held answers go
 *   GET    truth             ?symbol=&interval=&from=&to=
 *   GET    clock             { now }
 *   POST   clock             { "set": ms } stands still there, { "advance": ms } moves on
 */
export function control(binance: Binance, clock: MovableClock): { fetch(request: Request): Promise<Response> } {
  return {
    async fetch(request) {
      const url = new URL(request.url)
      const [, door, room, id] = url.pathname.split('/')
      if (door !== '_sim') return binance.fetch(request)
      const body = request.method === 'POST' ? await request.json() : undefined
      const result = enter(binance, clock, `${request.method} ${room}`, {
        query: url.searchParams,
        body,
        id: Number(id),
      })
      return result === undefined ? new Response(null, { status: 404 }) : Response.json(result)
    },
  }
}

type Wish = { query: URLSearchParams; body: unknown; id: number }

function enter(binance: Binance, clock: MovableClock, wish: string, { query, body, id }: Wish): unknown {
  switch (wish) {
    case 'GET calls':
      return binance.calls
    case 'GET faults':
      return binance.faults.list().map(seen)
    case 'POST faults':
      return seen(binance.faults.add(body as Fault))
    case 'DELETE faults':
      return remove(binance, id)
    case 'GET truth':
      return truth(binance, query)
    case 'GET clock':
      return told(clock)
    case 'POST clock':
      return move(clock, body as { set?: number; advance?: number })
  }
}

function seen({ id, hits, fault }: Planted) {
  return { id, hits, fault }
}

function remove(binance: Binance, id: number) {
  const planted = binance.faults.list().find(one => one.id === id)
  planted?.remove()
  return planted && seen(planted)
}

function truth(binance: Binance, query: URLSearchParams) {
  const [from, to] = [Number(query.get('from') ?? 0), Number(query.get('to') ?? Number.MAX_SAFE_INTEGER)]
  return binance.truth(query.get('symbol') ?? '', query.get('interval') ?? '1m', from, to)
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
