import * as sim from '../faults.ts'
import { type Call, type Match, matcher } from './call.ts'
import type { Layout } from './layout.ts'

/** What a fault wants of the report that a spoiled call orders; what is missing stays as usual. */
export type Wish = {
  /** It fails with this text. */
  error?: string
  /** ms until it is finished. */
  takes?: number
  layout?: Layout
  /** Its file is a workbook. */
  xlsx?: boolean
}

/**
 * What can go wrong with an answer.
 *
 *   status       this status instead, with the body and headers the vendor sends with it
 *   circuit      the breaker of this method opens for this client and stays open for `ms`; `plain` answers text, not JSON
 *   slow         the answer, made in time, comes `ms` later
 *   hold         the answer, made in time, comes when the test releases it
 *   reset        the connection breaks before the first byte; without a port, fetch rejects
 *   cut          half of the body, properly announced: JSON that does not parse, a file that ends in the middle
 *   short        half of the body where the whole was announced (only a real port can tell)
 *   html         a page of HTML with status 200
 *   garbage      complete JSON in another envelope
 *   doubled      every tenth row comes twice, the first among them
 *   reordered    the rows come in reverse
 *   broken       a share of the rows holds text where a number is due; which ones, `spoiled` tells
 *   report       the report that is ordered differs as `report` says
 */
export type Fault = { match?: Match; times?: number } & (
  | { kind: 'status'; status: number; retryAfter?: number; message?: string }
  | { kind: 'circuit'; ms: number; plain?: boolean }
  | { kind: 'slow'; ms: number }
  | { kind: 'broken'; share: number }
  | { kind: 'report'; report: Wish }
  | { kind: 'hold' | 'reset' | 'cut' | 'short' | 'html' | 'garbage' | 'doubled' | 'reordered' }
)

/** A row that a fault has broken: its product or, where none is told, its sku, and the field that cannot be read. */
export type Spoiled = { call: number; path: string; id: string; field: string }

export type Planted = sim.Planted<Fault, Call, { spoiled: Spoiled[] }>
export type Faults = sim.Faults<Fault, Call, { spoiled: Spoiled[] }>

export function faultList(): Faults {
  return sim.faultList((fault: Fault) => ({ meant: matcher(fault.match), spoiled: [] as Spoiled[] }))
}
