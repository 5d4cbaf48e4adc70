import { setTimeout } from 'node:timers/promises'
import { delivery, responseOf } from '../delivery.ts'
import { type Habits, note } from '../log.ts'
import type { Call } from './call.ts'
import { type Desk, handle } from './desk.ts'
import { endpointsOf } from './endpoints.ts'
import { type Faults, faultList } from './faults.ts'
import { type Rates, startMeter } from './meter.ts'
import { hexOf, openShops, type Shop } from './shop.ts'
import type { Paging } from './statistics.ts'
import { type Mint, tokenDesk } from './token.ts'
import { type Stream, truthOf } from './truth.ts'
import type { Outage, World } from './world.ts'

export type Options = World &
  Paging &
  Habits & {
    /** Nothing is metered. */
    unlimited?: boolean
    /** Rates that differ from the vendor's table. */
    rates?: Rates
    /** Ms between two refreshes of the reports: they know the world as it was at the last one. Default 30 minutes. */
    refresh?: number
    /** The status for a token without the category; default 401. */
    wrongCategory?: 401 | 403
  }

/** The seller API of Wildberries, imitated: what it answers, and what a test may know or do behind its back. */
export type Wildberries = {
  /** All hosts of the vendor at once. */
  fetch(request: Request): Promise<Response>
  /** Every call, in order of arrival. */
  calls: Call[]
  faults: Faults
  /** Outages to come and past; may be added to. */
  outages: Outage[]
  /** A new token of a seller. */
  mint(seller: string, wish?: Mint): string
  revoke(token: string): void
  /** What a collector that began at `since` and missed nothing holds at `at` (ms, both now by default); rows come one by one. */
  truth(seller: string, stream: Stream, since?: number, at?: number): Iterable<Record<string, unknown>>
}

export function imitateWildberries(options: Options): Wildberries {
  const { now = Date.now, sleep = setTimeout, seed = 1 } = options
  const desk = openDesk(options, now())
  const { tokens, shops } = desk.gate
  const calls: Call[] = []
  let arrived = 0

  const fetch = async (request: Request) => {
    const call = await received(request, ++arrived, now())
    note(calls, call, options)
    const { answer, spoiled } = handle(desk, request, call, hexOf(seed, call.id))
    request.signal.throwIfAborted()
    await delivery(spoiled, sleep, request.signal)
    return responseOf(answer, spoiled, call)
  }

  return {
    ...{ fetch, calls, faults: desk.faults, outages: desk.outages, revoke: tokens.revoke },
    mint: (seller, wish = {}) => tokens.mint(named(shops, seller), wish, now()),
    truth: (seller, stream, since = now(), at = now()) =>
      truthOf(named(shops, seller), stream, { now: at, known: desk.known(at), since }),
  }
}

function openDesk(options: Options, began: number): Desk {
  const { seed = 1, refresh = 1_800_000, wrongCategory = 401 } = options
  const meter = options.unlimited ? null : startMeter(options.rates ?? {})
  return {
    gate: { shops: openShops(options, began), tokens: tokenDesk(seed), meter, wrongCategory },
    endpoints: endpointsOf(options),
    faults: faultList(),
    outages: [...(options.outages ?? [])],
    known: now => (refresh === 0 ? now : Math.floor(now / refresh) * refresh),
  }
}

function named(shops: readonly Shop[], name: string): Shop {
  const shop = shops.find(each => each.name === name)
  if (!shop) throw new Error(`there is no seller ${name}; there are ${shops.map(each => each.name).join(', ')}`)
  return shop
}

async function received(request: Request, id: number, at: number): Promise<Call> {
  const { pathname, searchParams } = new URL(request.url)
  const body = request.method === 'POST' ? parsed(await request.text()) : undefined
  return {
    ...{ id, at, seller: '', method: request.method, path: pathname, endpoint: '' },
    ...{ query: Object.fromEntries(searchParams), body, status: 0, rows: 0, limited: null, fault: null },
  }
}

/** A body that is no JSON stays the text it is. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
