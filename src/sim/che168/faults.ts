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
