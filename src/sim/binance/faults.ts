import * as sim from '../faults.ts'
import { type Call, type Match, matcher } from './call.ts'

/**
 * What can go wrong with an answer.
 *
 *   status       this status instead, with the body and headers the vendor sends with it; a 418 or 429 says how long to wait
 *   ban          the address is banned from now on for `ms`, this call being the first to hear it
 *   slow         the answer, made in time, comes `ms` later
 *   hold         the answer, made in time, comes when the test releases it
 *   reset        the connection breaks before the first byte; without a port, fetch rejects
 *   cut          half of the body, properly announced: JSON that does not parse
 *   short        half of the body where the whole was announced (only a real port can tell)
 *   html         a page of HTML with status 200
 *   garbage      complete JSON in another envelope
 *   doubled      every tenth row comes twice, the first among them
 *   reordered    the rows come in reverse
 *   late         a candle closed less than `ms` ago is missing; the open one is there
 *   unweighed    no header tells the used weight
 */
export type Fault = { match?: Match; times?: number } & (
  | { kind: 'status'; status: number; retryAfter?: number }
  | { kind: 'ban' | 'slow' | 'late'; ms: number }
  | { kind: 'hold' | 'reset' | 'cut' | 'short' | 'html' | 'garbage' | 'doubled' | 'reordered' | 'unweighed' }
)

export type Planted = sim.Planted<Fault, Call>
export type Faults = sim.Faults<Fault, Call>

export function faultList(): Faults {
  return sim.faultList((fault: Fault) => ({ meant: matcher(fault.match) }))
}
