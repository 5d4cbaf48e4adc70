import { reset } from '../delivery.ts'
import { type Answer, html } from './answer.ts'
import type { Ask, Endpoint } from './ask.ts'
import type { Call } from './call.ts'
import type { Faults, Planted } from './faults.ts'
import { admit, type Gate, identify, type Visitor } from './gate.ts'
import { type Origin, Refusal, unfit } from './refuse.ts'
import { spoil } from './spoil.ts'
import type { Outage } from './world.ts'

/** What serves one call after the other. */
export type Desk = {
  gate: Gate
  endpoints: readonly Endpoint[]
  faults: Faults
  outages: Outage[]
  /** The time up to which the reports know the world; ms. */
  known(now: number): number
}

/** An answer, and the faults that it met. */
export type Handled = { answer: Answer; spoiled: Planted[] }

/** The answer as it is at the moment of arrival. A call that is refused at the gate meets no fault. */
export function handle(desk: Desk, request: Request, call: Call, requestId: string): Handled {
  const origin = { request: requestId, now: call.at }
  const outage = desk.outages.find(({ from, to }) => from <= call.at && call.at < to)
  const endpoint = desk.endpoints.find(({ method, path }) => method === call.method && path.test(call.path))
  if (!endpoint) return outage ? down(outage, call) : { answer: unfit(404, 'not found', origin).answer, spoiled: [] }
  call.endpoint = endpoint.name
  const visitor = identify(desk.gate, endpoint, request, call, origin)
  if (outage) return down(outage, call)
  if (!('shop' in visitor)) return { answer: visitor, spoiled: [] }
  const { headers, refusal } = admit(desk.gate, endpoint, visitor, call, origin)
  const handled = refusal ? { answer: refusal, spoiled: [] } : served(desk, endpoint, visitor, request, call, origin)
  const metered = handled.spoiled.some(({ fault }) => fault.kind === 'unmetered') ? {} : headers
  return { ...handled, answer: { ...handled.answer, headers: { ...metered, ...handled.answer.headers } } }
}

function down({ kind = 'status' }: Outage, call: Call): Handled {
  call.fault = 'outage'
  if (kind === 'reset') throw reset()
  return { answer: html(503, '503 Service Unavailable'), spoiled: [] }
}

function served(
  desk: Desk,
  endpoint: Endpoint,
  visitor: Visitor,
  request: Request,
  call: Call,
  origin: Origin,
): Handled {
  const spoiled = desk.faults.meet(call)
  const end = spoiled.map(({ fault }) => fault.kind).find(kind => kind === 'canceled' || kind === 'purged')
  const ask: Ask = {
    ...{ ...origin, shop: visitor.shop, known: desk.known(call.at), body: call.body, ...(end && { end }) },
    query: new URL(request.url).searchParams,
    id: endpoint.path.exec(call.path)?.[1] ?? '',
  }
  const answer = spoiled.reduce((made, { fault }) => spoil(made, fault, origin), answered(endpoint, ask))
  const isWrong = answer.status >= 400 && answer.status < 500
  if (endpoint.limit === 'marketplace' && isWrong)
    desk.gate.meter?.punish(visitor.shop.sid, endpoint.limit, visitor.type, 9)
  return { answer, spoiled }
}

function answered(endpoint: Endpoint, ask: Ask): Answer {
  try {
    return endpoint.answer(ask)
  } catch (error) {
    if (error instanceof Refusal) return error.answer
    throw error
  }
}
