import { setTimeout } from 'node:timers/promises'
import { delivery, responseOf } from '../delivery.ts'
import { type Habits, note } from '../log.ts'
import { type Answer, html, json } from './answer.ts'
import type { Call } from './call.ts'
import { ask, endpoints, type Floor } from './endpoints.ts'
import { type Faults, faultList, type Planted } from './faults.ts'
import { type Market, openMarket, type Row } from './market.ts'
import { type Limits, type Meter, startMeter } from './meter.ts'
import { spoil } from './spoil.ts'
import type { Quirk, World } from './world.ts'

export type Options = World &
  Habits & {
    limits?: Limits
    /** Weight that other programs behind the same address use in the minute that starts then. */
    foreignWeight?: (windowStart: number) => number
    /** Bytes of encoded pages to keep; default 128 MB. */
    cacheBytes?: number
  }

/** Binance's spot REST API, imitated: what it answers, and what a test may know or do behind its back. */
export type Binance = {
  fetch(request: Request): Promise<Response>
  /** Every call, in order of arrival. */
  calls: Call[]
  faults: Faults
  /** The final rows of all candles closed by now that open in [from, to), as they are sent. */
  truth(symbol: string, interval: string, from: number, to: number): Row[]
  /** Changes a field of one candle from now on: a correction by the vendor, or a value that cannot be read. */
  alter(quirk: Quirk): void
  /** Bans the address for so many ms. */
  ban(ms: number): void
}

/** What serves one call after the other. */
type Desk = { world: World; market: Market; limits: Limits; meter: Meter; faults: Faults }

export function imitateBinance(options: Options): Binance {
  const { now = Date.now, limits = {}, foreignWeight = () => 0, sleep = setTimeout } = options
  const market = openMarket(options, options.cacheBytes ?? 128 * 2 ** 20)
  const desk: Desk = { world: options, market, limits, meter: startMeter(limits, foreignWeight), faults: faultList() }
  const calls: Call[] = []
  let arrived = 0

  const fetch = async (request: Request) => {
    const at = now()
    const url = new URL(request.url)
    const call = received(++arrived, at, url)
    note(calls, call, options)
    const { answer, spoiled } = handle(desk, request, url, call)
    request.signal.throwIfAborted()
    await delivery(spoiled, sleep, request.signal)
    return weighed(answer, spoiled, call)
  }

  return {
    fetch,
    calls,
    faults: desk.faults,
    truth: (symbol, interval, from, to) => market.truth(symbol, interval, from, to, now()),
    alter: market.alter,
    ban: ms => void desk.meter.ban(now(), ms),
  }
}

function received(id: number, at: number, { pathname, searchParams }: URL): Call {
  const weight = endpoints.get(pathname)?.weight ?? 1
  const query = Object.fromEntries(searchParams)
  const unanswered = { used: 0, status: 0, fault: null, rows: 0, first: null, last: null }
  return { id, at, path: pathname, query, weight, ...unanswered }
}

/** The answer as it is at the moment of arrival. A refused call meets no fault. */
function handle(desk: Desk, request: Request, url: URL, call: Call): { answer: Answer; spoiled: Planted[] } {
  const refused = desk.meter.arrive(call.at, call.weight)
  call.used = desk.meter.used(call.at)
  if (refused !== undefined) return { answer: refused, spoiled: [] }
  const spoiled = desk.faults.meet(call)
  const answer = spoiled.reduce(
    (made, { fault }) => {
      return fault.kind === 'ban' ? desk.meter.ban(call.at, fault.ms) : spoil(made, fault, call.at)
    },
    respond(desk, request, url, call.at),
  )
  return { answer, spoiled }
}

function respond({ world, market, limits }: Desk, request: Request, url: URL, now: number): Answer {
  const endpoint = request.method === 'GET' ? endpoints.get(url.pathname) : undefined
  const floor: Floor = { world, market, limits, now }
  return endpoint === undefined ? unknownPath(request) : ask(endpoint, url.searchParams, floor)
}

/** A browser gets a page (CHANGELOG 2023-12-04). */
function unknownPath(request: Request): Answer {
  if (request.headers.get('accept')?.includes('text/html')) return html(404, '404 Not Found')
  return json(404, { code: -1000, msg: 'Not Found' })
}

/** The answer with the used weight. */
function weighed(answer: Answer, spoiled: Planted[], call: Call): Response {
  const response = responseOf(answer, spoiled, call)
  Object.assign(call, { first: answer.first, last: answer.last })
  if (spoiled.some(({ fault }) => fault.kind === 'unweighed')) return response
  response.headers.set('x-mbx-used-weight', String(call.used))
  response.headers.set('x-mbx-used-weight-1m', String(call.used))
  return response
}
