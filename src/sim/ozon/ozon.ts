import { setTimeout } from 'node:timers/promises'
import { delivery, responseOf } from '../delivery.ts'
import { type Habits, note } from '../log.ts'
import type { Call } from './call.ts'
import { openDesk } from './desk.ts'
import type { Faults } from './faults.ts'
import { handle } from './handle.ts'
import { type Manners, usualManners } from './question.ts'
import type { Row } from './rows.ts'
import { type Subject, truthOf } from './truth.ts'
import type { Outage, Seller, World } from './world.ts'

export type Options = World & Partial<Manners> & Habits

/** Ozon's seller API, imitated: what it answers, and what a test may know or do behind its back. */
export type Ozon = {
  fetch(request: Request): Promise<Response>
  /** Every call, in order of arrival. */
  calls: Call[]
  faults: Faults
  /** Times in which nothing is answered; more may be pushed. */
  outages: Outage[]
  /** All rows of a subject at `at`, default now. */
  truth(clientId: string, subject: Subject, at?: number): Iterable<Row>
  /** Changes a seller from now on: a key is revoked, an account loses a method. */
  change(clientId: string, changes: Partial<Omit<Seller, 'clientId'>>): void
  /** Blocks an account, or lets it in again. */
  block(clientId: string, blocked: boolean): void
}

export function imitateOzon(options: Options): Ozon {
  const { now = Date.now, sleep = setTimeout } = options
  const desk = openDesk(options, { ...usualManners, ...options })
  const calls: Call[] = []
  let arrived = 0

  const fetch = async (request: Request) => {
    const sent = request.method === 'GET' ? '' : await request.text()
    const call = received(++arrived, now(), request, sent)
    note(calls, call, options)
    const { answer, spoiled } = handle(desk, request, sent, call)
    await delivery(spoiled, sleep, request.signal)
    return responseOf(answer, spoiled, call)
  }

  return {
    fetch,
    calls,
    faults: desk.faults,
    outages: desk.outages,
    truth: (clientId, subject, at = now()) => {
      const { seller, shop } = desk.member(clientId)
      return truthOf(shop, seller, subject, at)
    },
    change: desk.change,
    block(clientId, blocked) {
      desk.member(clientId).blocked = blocked
    },
  }
}

/** Longer bodies are not kept in the log. */
const longest = 4096

function received(id: number, at: number, { url, method, headers }: Request, sent: string): Call {
  const found = { status: 0, rows: 0, limited: false, fault: null, leaked: false }
  const body = sent.length > longest ? null : parsed(sent)
  return { id, at, seller: headers.get('client-id') ?? '', method, path: new URL(url).pathname, body, ...found }
}

function parsed(sent: string): unknown {
  try {
    return JSON.parse(sent)
  } catch {
    return null
  }
}
