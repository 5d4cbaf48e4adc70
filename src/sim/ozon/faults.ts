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

/** A fault at work: what has become of it, and the hand on its gate. */
export type Planted = {
  id: number
  fault: Fault
  /** Calls spoiled so far. */
  hits: number
  /** Rows broken so far. */
  spoiled: Spoiled[]
  /** Resolves with the first call spoiled. */
  reached: Promise<Call>
  /** Resolves once a held answer may go. */
  released: Promise<void>
  /** Lets every held answer go, and those to come. */
  release(): void
  /** Spoils no further call and lets held answers go. */
  remove(): void
}

export type Faults = {
  /** Spoils the next `times` (default 1, Infinity allowed) calls that match (default: any). */
  add(fault: Fault): Planted
  list(): Planted[]
  /** The faults that spoil this call. */
  meet(call: Call): Planted[]
}

export function faultList(): Faults {
  const planted = new Map<number, Planted & { meets(call: Call): boolean }>()
  let last = 0

  const add = (fault: Fault) => {
    const id = ++last
    const one = plant(id, fault, () => planted.delete(id))
    planted.set(id, one)
    return one
  }
  return {
    add,
    list: () => [...planted.values()],
    meet: call => [...planted.values()].filter(one => one.meets(call)),
  }
}

function plant(id: number, fault: Fault, forget: () => void) {
  const gate = Promise.withResolvers<void>()
  const first = Promise.withResolvers<Call>()
  const matches = matcher(fault.match ?? {})

  const planted = {
    id,
    fault,
    hits: 0,
    spoiled: [] as Spoiled[],
    reached: first.promise,
    released: gate.promise,
    release: gate.resolve,
    meets(call: Call) {
      if (planted.hits >= (fault.times ?? 1) || !matches(call)) return false
      planted.hits++
      first.resolve(call)
      return true
    },
    remove() {
      forget()
      gate.resolve()
    },
  }
  return planted
}
