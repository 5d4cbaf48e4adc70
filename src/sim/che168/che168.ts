import { setTimeout } from 'node:timers/promises'
import { delivery, responseOf } from '../delivery.ts'
import { type Habits, note } from '../log.ts'
import type { Call } from './call.ts'
import { type Desk, handle } from './desk.ts'
import { type Faults, faultList } from './faults.ts'
import { openGate } from './gate.ts'
import { type Market, openMarket } from './market.ts'
import { sentOf } from './offers.ts'
import { type Happened, type Held, happenings, truthOf } from './truth.ts'
import type { Manners, Outage, World } from './world.ts'
import type { Sent } from './write.ts'

export type Options = World & Manners & Habits

/** The vendor of CHE168's adverts, imitated: what it answers, and what a test may know or do behind its back. */
export type Che168 = {
  fetch(request: Request): Promise<Response>
  /** Every call, in order of arrival. */
  calls: Call[]
  faults: Faults
  /** Outages to come and past; may be added to. */
  outages: Outage[]
  /** Blocks the account, or lets it in again. */
  block(blocked: boolean): void
  /**
   * What a collector holds at `at` that began to load at `since` and missed nothing (ms; now, and when the feed began, by
   * default): an advert a row, one by one. Those that slipped by between two pages are in it too: only a load during which
   * nothing is removed, or a second one, sees all of them.
   */
  truth(at?: number, since?: number): Iterable<Held>
  /** The events with these ids, both included, in their true order; by default all that have happened. */
  events(from?: number, to?: number): Iterable<Happened>
  /** What the vendor sends as the data of an advert at `at`, or has last sent of one that is gone; null: unknown. */
  sent(innerId: string, at?: number): Sent | null
}

/** @throws Error for a market that cannot be. */
export function imitateChe168(options: Options): Che168 {
  const { now = Date.now, sleep = setTimeout, slow = 0, outages = [] } = options
  const market = openMarket(options)
  const gate = openGate(options)
  const desk: Desk = { market, manners: options, gate, faults: faultList(), outages: [...outages] }
  const calls: Call[] = []
  let arrived = 0

  const fetch = async (request: Request) => {
    const call = received(request, ++arrived, now())
    note(calls, call, options)
    const { answer, spoiled } = handle(desk, request, call)
    if (slow > 0) await sleep(slow)
    request.signal.throwIfAborted()
    await delivery(spoiled, sleep, request.signal)
    return responseOf(answer, spoiled, call)
  }

  return {
    ...{ fetch, calls, faults: desk.faults, outages: desk.outages },
    block(blocked) {
      gate.blocked = blocked
    },
    truth: (at = now(), since = options.since) => truthOf(market, at, since),
    events: (from = 0, to = Number.POSITIVE_INFINITY) => happenings(market, from, to, now()),
    sent: (innerId, at = now()) => sentAt(market, innerId, at),
  }
}

function sentAt(market: Market, innerId: string, at: number): Sent | null {
  const shelf = market.shelf(market.history.countAt(at))
  const index = market.names.indexOf(innerId)
  return index < shelf.known() ? sentOf(market, market.current(index, shelf.last(index)), true) : null
}

function received({ url, method, headers }: Request, id: number, at: number): Call {
  const { pathname, searchParams } = new URL(url)
  const keyIn = headers.has('x-api-key') ? 'header' : searchParams.has('api_key') ? 'query' : null
  const { api_key: _, ...query } = Object.fromEntries(searchParams)
  return { id, at, method, path: pathname, query, keyIn, status: 0, rows: 0, limited: null, fault: null }
}
