import { type Answer, type Draft, html, Refusal, refused, written } from './answer.ts'
import { bodyOf } from './body.ts'
import type { Call } from './call.ts'
import type { Desk, Member } from './desk.ts'
import { endpoints } from './endpoints.ts'
import type { Planted, Wish } from './faults.ts'
import { fileAnswer } from './file.ts'
import { demandRole, ownerOf, rejected } from './keys.ts'
import { cut, openCircuit, spoil } from './spoil.ts'

/** The answer as it is at the moment of arrival, and the faults that are at work on it. A refused call meets no fault. */
export function handle(desk: Desk, request: Request, sent: string, call: Call): { answer: Answer; spoiled: Planted[] } {
  if (desk.outages.some(({ from, to }) => call.at >= from && call.at < to)) {
    call.fault = 'outage'
    return { answer: written(html(503, '503 Service Unavailable')), spoiled: [] }
  }
  const spoiled: Planted[] = []
  const draft = refusedOr(desk, () => {
    if (call.path.startsWith('/s3/')) return file(desk, request, call, spoiled)
    return method(desk, request, sent, call, spoiled)
  })
  call.limited = draft.status === 429
  desk.members.get(call.seller)?.judge(`${call.path} ${sent}`, draft.status)
  const changed = spoiled.reduce((made, planted) => spoil(made, planted, call), draft)
  return { answer: spoiled.reduce((made, { fault }) => cut(made, fault), written(changed)), spoiled }
}

function refusedOr({ manners }: Desk, answer: () => Draft): Draft {
  try {
    return answer()
  } catch (error) {
    if (error instanceof Refusal) return refused(error, manners.stringCodes)
    throw error
  }
}

/** The foreign host: it knows no keys, and whoever shows it one has given it away. */
function file(desk: Desk, { method, headers }: Request, call: Call, spoiled: Planted[]): Draft {
  call.leaked = ['client-id', 'api-key', 'authorization'].some(name => headers.has(name))
  if (call.leaked) throw new Refusal(400, 3, 'this host takes no keys: they belong to the API alone')
  const report = desk.reports.byFile(call.path.split('/').at(-1)!, call.at)
  if (method !== 'GET' || report === undefined) return html(404, '404 Not Found')
  call.seller = report.clientId
  meet(desk, call, spoiled)
  return fileAnswer(desk.member(report.clientId).shop, report)
}

/** Path, key, block, role and limits are looked at in this order, and only then the body. */
function method(desk: Desk, request: Request, sent: string, call: Call, spoiled: Planted[]): Draft {
  const { manners, reports } = desk
  const respond = endpoints.get(call.path)
  if (respond === undefined) throw new Refusal(404, 5, 'Not Found')
  if (request.method !== 'POST') throw new Refusal(405, 12, 'Method Not Allowed')
  const { clientId } = ownerOf(request.headers, desk.sellers(), manners.authStatus)
  const member = desk.member(clientId)
  if (member.blocked) throw rejected(manners.authStatus, 'method is not allowed')
  demandRole(member.seller, call.path, manners.authStatus)
  const left = member.meter.arrive(call.path, call.at)
  const wish = meet(desk, call, spoiled)
  const draft =
    trip(member, call, spoiled) ??
    refusedOr(desk, () => {
      return respond({ ...member, body: bodyOf(sent), now: call.at, reports, manners, wish })
    })
  return { ...draft, headers: { 'ratelimit-remaining': String(left), ...draft.headers } }
}

/** Notes the faults that spoil this call, and what they want of a report. */
function meet({ faults }: Desk, call: Call, spoiled: Planted[]): Wish {
  spoiled.push(...faults.meet(call))
  return Object.assign({}, ...spoiled.map(({ fault }) => (fault.kind === 'report' ? fault.report : {})))
}

/** The breaker of the method, when it is open or opens now. */
function trip({ circuits }: Member, call: Call, spoiled: Planted[]): Draft | undefined {
  for (const { fault } of spoiled) {
    if (fault.kind === 'circuit') circuits.set(call.path, { until: call.at + fault.ms, plain: fault.plain ?? false })
  }
  const circuit = circuits.get(call.path)
  if (circuit === undefined || call.at >= circuit.until) return undefined
  call.fault ??= 'circuit'
  return openCircuit(circuit.plain)
}
