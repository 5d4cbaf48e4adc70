/** One call as the exchange saw it. It is written down on arrival and completed when it is answered. */
export type Call = {
  /** Counts from 1. */
  id: number
  /** Arrival, ms of the exchange's clock. */
  at: number
  path: string
  query: Record<string, string>
  weight: number
  /** Weight used in the window after this call. */
  used: number
  /** HTTP status; 0 while it is unanswered and when the connection was reset. */
  status: number
  /** Kinds of the faults that spoiled it. */
  fault: string | null
  /** Candles answered, and the open times of the first and the last of them. */
  rows: number
  first: number | null
  last: number | null
}

/** Which calls are meant: all that is given must agree. `nth` counts the agreeing calls from 1; it means that one and later ones. */
export type Match = ((call: Call) => boolean) | { path?: string; symbol?: string; interval?: string; nth?: number }

/** A function that says of each arriving call whether it is meant. */
export function matcher(match: Match): (call: Call) => boolean {
  if (typeof match === 'function') return match
  let agreeing = 0
  return ({ path, query }) => {
    if (match.path !== undefined && match.path !== path) return false
    if (match.symbol !== undefined && match.symbol !== query.symbol) return false
    if (match.interval !== undefined && match.interval !== query.interval) return false
    agreeing++
    return agreeing >= (match.nth ?? 1)
  }
}
