import type { List } from './world.ts'

/** One call as the vendor saw it: written down on arrival, completed when it is answered. Times are ms of its clock. */
export type Call = List & {
  /** Counts from 1. */
  id: number
  at: number
  /** When the answer was sent or the connection broken; null while it is open. */
  end: number | null
  /** The first record asked for. */
  cursor: number
  /** HTTP status; 0 while it is unanswered and when the connection was reset. */
  status: number
  /** The fault that spoiled it. */
  fault: string | null
}

/** Which calls are meant: all that is given must agree. */
export type Match = Partial<Pick<Call, 'account' | 'method' | 'part' | 'cursor'>>

export function agrees(call: Call, match: Match): boolean {
  return Object.entries(match).every(([name, value]) => call[name as keyof Match] === value)
}
