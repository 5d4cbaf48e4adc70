import { reset } from '../delivery.ts'
import { type Answer, html, json, problem, Refusal } from './answer.ts'
import type { Call } from './call.ts'
import { changeIdOf, changesOf } from './changes.ts'
import type { Faults, Planted } from './faults.ts'
import { filtersOf } from './filters.ts'
import { base, type Gate } from './gate.ts'
import type { Market } from './market.ts'
import { offerOf } from './offer.ts'
import { offersOf } from './offers.ts'
import { spoil } from './spoil.ts'
import type { Manners, Outage } from './world.ts'

/** What serves one call after the other. */
export type Desk = { market: Market; manners: Manners; gate: Gate; faults: Faults; outages: Outage[] }

/** An answer, and the faults that it met. */
export type Handled = { answer: Answer; spoiled: Planted[] }

type Endpoint = (market: Market, manners: Manners, count: number, query: URLSearchParams) => unknown

const endpoints: Readonly<Record<string, Endpoint>> = {
  filters: market => filtersOf(market.world),
  offers: offersOf,
  offer: offerOf,
  change_id: changeIdOf,
  changes: changesOf,
}

/** The answer as it is at the moment of arrival. A call that is refused at the gate meets no fault. */
export function handle(desk: Desk, request: Request, call: Call): Handled {
  const outage = desk.outages.find(({ from, to }) => from <= call.at && call.at < to)
  if (outage) return down(outage, call)
  const refusal = desk.gate.refusal(request, call)
  if (refusal) return { answer: refusal, spoiled: [] }
  const spoiled = desk.faults.meet(call)
  const made = answered(desk, call, new URL(request.url).searchParams)
  return { answer: spoiled.reduce((answer, { fault }) => spoil(answer, fault, call.at), made), spoiled }
}

function down({ kind = 'status' }: Outage, call: Call): Handled {
  call.fault = 'outage'
  if (kind === 'reset') throw reset()
  return { answer: html(503, '503 Service Unavailable'), spoiled: [] }
}

function answered({ market, manners }: Desk, call: Call, query: URLSearchParams): Answer {
  const endpoint = endpoints[call.path.slice(base.length + 1)]
  if (!endpoint) return problem(404)
  if (call.method !== 'GET') return problem(405)
  try {
    const value = endpoint(market, manners, market.history.countAt(call.at), query)
    const { result } = value as { result?: unknown[] }
    return json(200, value, result?.length ?? 1)
  } catch (error) {
    if (error instanceof Refusal) return error.answer
    throw error
  }
}
