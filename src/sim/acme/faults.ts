import { agrees } from '../call.ts'
import * as sim from '../faults.ts'
import type { Call, Match } from './call.ts'

/**
 * What can go wrong with an answer: another status in its place, one that comes `ms` late, one that never comes until the
 * fault is removed, a connection that breaks. It spoils the next `times` calls that match (default: one, any).
 */
export type Fault = { match?: Match; times?: number } & (
  | { kind: 'status'; status: number }
  | { kind: 'slow'; ms: number }
  | { kind: 'hang' | 'reset' }
)

export type Faults = sim.Faults<Fault, Call>

export function faultList(): Faults {
  return sim.faultList(({ match = {} }: Fault) => ({ meant: (call: Call) => agrees(call, match) }))
}
