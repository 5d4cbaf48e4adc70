import { setTimeout } from 'node:timers/promises'
import { reset } from '../delivery.ts'
import type { Call } from './call.ts'
import { type Faults, faultList } from './faults.ts'
import { type Limits, type Meter, startMeter, usualLimits } from './meter.ts'
import { type List, type Method, methods, type Row, rowsOf, type World } from './world.ts'

export type Options = World & {
  /** The vendor's clock in ms; default Date.now. */
  now?: () => number
  limits?: Limits
}

/** A vendor nobody has heard of, with many accounts and strict limits: what it answers, and what a test may know of it. */
export type Acme = {
  fetch(request: Request): Promise<Response>
  /** Every call, in order of arrival. */
  calls: Call[]
  faults: Faults
  /** All records of a list. */
  truth(list: List): Row[]
}

type Desk = { world: World; meter: Meter; faults: Faults; now: () => number }

/**
 *   GET /<account>/<method>?part=berlin&cursor=0&limit=20
 *
 * answers `{ rows, next }`: up to `limit` records from number `cursor` on, and the next cursor, null after the last one.
 * The account is told by the header `x-token` or, where no header can be sent, by the path.
 */
export function imitateAcme(options: Options): Acme {
  const { now = Date.now, limits = usualLimits } = options
  const desk: Desk = { world: options, meter: startMeter(limits), faults: faultList(), now }
  const calls: Call[] = []

  const fetch = async (request: Request) => {
    const call = received(request, calls.length + 1, now())
    calls.push(call)
    try {
      const response = await answer(desk, request, call)
      call.status = response.status
      response.headers.set('date', new Date(call.at).toUTCString())
      return response
    } finally {
      call.end = now()
    }
  }
  return { fetch, calls, faults: desk.faults, truth: list => rowsOf(options, list, 0, options.rows) }
}

function received({ url, headers }: Request, id: number, at: number): Call {
  const { pathname, searchParams } = new URL(url)
  const [, token = '', method = ''] = pathname.split('/')
  return {
    ...{ id, at, end: null, status: 0, fault: null },
    account: headers.get('x-token') ?? token,
    method: method as Method,
    part: searchParams.get('part') ?? '',
    cursor: Number(searchParams.get('cursor') ?? 0),
  }
}

/** A refused call meets no fault. */
async function answer({ world, meter, faults }: Desk, { url }: Request, call: Call): Promise<Response> {
  if (!world.accounts.includes(call.account)) return refusal(401, 'this token is nobody’s')
  if (!methods.includes(call.method) || call.part === '') return refusal(404, 'there is no such list')
  const wait = meter.arrive(call.at, `${call.account} ${call.method}`)
  if (wait !== undefined) {
    return refusal(429, 'you ask too much', { 'retry-after': String(Math.ceil(wait / 1000)) })
  }
  return (await spoil(faults, call)) ?? page(world, call, Number(new URL(url).searchParams.get('limit') ?? 20))
}

function page(world: World, call: Call, limit: number): Response {
  const end = call.cursor + limit
  return Response.json({ rows: rowsOf(world, call, call.cursor, end), next: end < world.rows ? end : null })
}

/** What the first fault that spoils the call answers in place of a page, if it answers at all. */
async function spoil(faults: Faults, call: Call): Promise<Response | undefined> {
  const met = faults.list().find(one => one.meets(call))
  if (!met) return undefined
  const { fault, released } = met
  call.fault = fault.kind
  if (fault.kind === 'slow') await setTimeout(fault.ms)
  if (fault.kind === 'hang') await released
  if (fault.kind === 'reset') throw reset()
  return fault.kind === 'status' ? refusal(fault.status, 'something went wrong here') : undefined
}

function refusal(status: number, error: string, headers: Record<string, string> = {}): Response {
  return Response.json({ error }, { status, headers })
}
