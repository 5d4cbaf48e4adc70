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

/** A fault at work: what has become of it, and the hand on its gate. */
export type Planted = {
  id: number
  fault: Fault
  /** Calls spoiled so far. */
  hits: number
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
