/** What vendors do wrong: faults are planted, spoil the calls they are meant for, and are taken away again. */

/** A fault at work: what has become of it, and the hand on its gate. `Own` is what a vendor notes of it beside that. */
export type Planted<Fault, Call, Own = unknown> = Own & {
  id: number
  fault: Fault
  /** Calls spoiled so far. */
  hits: number
  /** Resolves with the first call spoiled. */
  reached: Promise<Call>
  /** Resolves once a held answer may go. */
  released: Promise<void>
  /** Says whether it spoils this call; one that it spoils is counted. */
  meets(call: Call): boolean
  /** Lets every held answer go, and those to come. */
  release(): void
  /** Spoils no further call and lets held answers go. */
  remove(): void
}

export type Faults<Fault, Call, Own = unknown> = {
  /** Spoils the next `times` (default 1, Infinity allowed) calls that match (default: any). */
  add(fault: Fault): Planted<Fault, Call, Own>
  list(): Planted<Fault, Call, Own>[]
  /** The faults that spoil this call; it is told their kinds. */
  meet(call: Call): Planted<Fault, Call, Own>[]
}

type Aimed = { kind: string; times?: number }

/** What a vendor says of a fault when it is planted: the calls it is meant for, and what is its own to note. */
type Aim<Call, Own> = Own & { meant(call: Call): boolean }

export function faultList<Fault extends Aimed, Call extends { fault: string | null }, Own>(
  aim: (fault: Fault) => Aim<Call, Own>,
): Faults<Fault, Call, Own> {
  const planted = new Map<number, Planted<Fault, Call, Own>>()
  let last = 0

  const add = (fault: Fault) => {
    const id = ++last
    const one = plant(id, fault, aim(fault), () => planted.delete(id))
    planted.set(id, one)
    return one
  }

  const meet = (call: Call) => {
    const met = [...planted.values()].filter(one => one.meets(call))
    if (met.length > 0) call.fault = met.map(({ fault }) => fault.kind).join()
    return met
  }
  return { add, meet, list: () => [...planted.values()] }
}

function plant<Fault extends Aimed, Call, Own>(id: number, fault: Fault, aim: Aim<Call, Own>, forget: () => void) {
  const gate = Promise.withResolvers<void>()
  const first = Promise.withResolvers<Call>()

  const planted = {
    ...aim,
    id,
    fault,
    hits: 0,
    reached: first.promise,
    released: gate.promise,
    release: gate.resolve,
    meets(call: Call) {
      if (planted.hits >= (fault.times ?? 1) || !aim.meant(call)) return false
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
