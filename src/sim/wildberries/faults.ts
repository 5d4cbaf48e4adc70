import * as sim from '../faults.ts'
import { type Call, type Match, matcher } from './call.ts'

/**
 * What can go wrong with an answer.
 *
 *   status       this status instead, with the body the vendor sends with it; a 429 tells `wait` seconds in the headers named
 *   slow         the answer, made in time, comes `ms` later
 *   hold         the answer, made in time, comes when the test releases it
 *   reset        the connection breaks before the first byte; without a port, fetch rejects
 *   cut          half of the body, properly announced: JSON that does not parse
 *   short        half of the body where the whole was announced (only a real port can tell)
 *   html         a page of HTML with status 200
 *   garbage      complete JSON in another envelope
 *   type         the right body under the name of plain text
 *   broken       in a share of the rows one field has a value of another type; always the same rows, whoever asks and when
 *   doubled      every tenth row comes twice
 *   reordered    the rows come in reverse
 *   drained      a good answer says that nothing remains, and not for how long
 *   unmetered    no header tells of limits
 *   canceled     a report ordered with this call ends as canceled
 *   purged       a report ordered with this call ends as purged
 */
export type Fault = { match?: Match; times?: number } & (
  | { kind: 'status'; status: number; wait?: number; headers?: readonly WaitHeader[] }
  | { kind: 'slow'; ms: number }
  | { kind: 'broken'; share: number; field: string; value: unknown }
  | { kind: 'hold' | 'reset' | 'cut' | 'short' | 'html' | 'garbage' | 'type' | 'doubled' | 'reordered' }
  | { kind: 'drained' | 'unmetered' | 'canceled' | 'purged' }
)

/** How a 429 may tell the wait; both of the vendor's own headers by default. */
export type WaitHeader = 'x-ratelimit-retry' | 'x-ratelimit-reset' | 'retry-after'

export type Planted = sim.Planted<Fault, Call>
export type Faults = sim.Faults<Fault, Call>

export function faultList(): Faults {
  return sim.faultList((fault: Fault) => ({ meant: matcher(fault.match) }))
}
