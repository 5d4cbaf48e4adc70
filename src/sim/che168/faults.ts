import * as sim from '../faults.ts'
import { type Call, type Match, matcher } from './call.ts'

/**
 * What can go wrong with an answer.
 *
 *   status       this status instead, with the body the vendor sends with it; a 429 tells `wait` seconds as `tell` says
 *   slow         the answer, made in time, comes `ms` later
 *   hold         the answer, made in time, comes when the test releases it
 *   reset        the connection breaks before the first byte; without a port, fetch rejects
 *   cut          half of the body, properly announced: JSON that does not parse
 *   short        half of the body where the whole was announced (only a real port can tell)
 *   html         a page of HTML with status 200
 *   garbage      complete JSON in another envelope
 *   stuck        a full page whose next one is itself
 *   astray       meta.page (or cur_change_id) is another one than was asked for
 *   empty        no rows, though a next page is told
 *   broken       in a share of the adverts one field has a value of another kind; always the same adverts, whoever asks
 *   doubled      every tenth row comes twice
 *   reordered    the rows come in reverse
 */
export type Fault = { match?: Match; times?: number } & (
  | { kind: 'status'; status: number; wait?: number; tell?: 'seconds' | 'date' | 'nothing' }
  | { kind: 'slow'; ms: number }
  | { kind: 'broken'; share: number; field: string; value: unknown }
  | { kind: 'hold' | 'reset' | 'cut' | 'short' | 'html' | 'garbage' }
  | { kind: 'stuck' | 'astray' | 'empty' | 'doubled' | 'reordered' }
)

export type Planted = sim.Planted<Fault, Call>
export type Faults = sim.Faults<Fault, Call>

export function faultList(): Faults {
  return sim.faultList((fault: Fault) => ({ meant: matcher(fault.match) }))
}
