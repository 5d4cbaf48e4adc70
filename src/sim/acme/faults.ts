import { agrees, type Call, type Match } from './call.ts'

/**
 * What can go wrong with an answer: another status in its place, one that comes `ms` late, one that never comes until the
 * fault is removed, a connection that breaks. It spoils the next `times` calls that match (default: one, any).
 */
export type Fault = { match?: Match; times?: number } & (
  | { kind: 'status'; status: number }
  | { kind: 'slow'; ms: number }
  | { kind: 'hang' | 'reset' }
)

/** A fault at work. `removed` resolves when it has been taken away again. */
export type Planted = { id: number; fault: Fault; hits: number; removed: Promise<void>; remove(): void }

export type Faults = {
  add(fault: Fault): Planted
  list(): Planted[]
  /** The first fault that spoils this call. */
  meet(call: Call): Planted | undefined
}

export function faultList(): Faults {
  const planted = new Map<number, Planted>()
  let last = 0

  const add = (fault: Fault) => {
    const id = ++last
    const gate = Promise.withResolvers<void>()
    const remove = () => {
      planted.delete(id)
      gate.resolve()
    }
    const one = { id, fault, hits: 0, removed: gate.promise, remove }
    planted.set(id, one)
    return one
  }

  const meet = (call: Call) => {
    const spoils = ({ fault, hits }: Planted) => hits < (fault.times ?? 1) && agrees(call, fault.match ?? {})
    const one = [...planted.values()].find(spoils)
    if (one) one.hits++
    return one
  }
  return { add, meet, list: () => [...planted.values()] }
}
