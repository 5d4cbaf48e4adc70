import * as sim from '../call.ts'

/** One call as the exchange saw it. */
export type Call = sim.Call & {
  path: string
  query: Record<string, string>
  weight: number
  /** Weight used in the window after this call. */
  used: number
  /** Candles answered, and the open times of the first and the last of them. */
  rows: number
  first: number | null
  last: number | null
}

/** Which calls are meant: all that is given must agree. `nth` counts the agreeing calls from 1; it means that one and later ones. */
export type Match = ((call: Call) => boolean) | { path?: string; symbol?: string; interval?: string; nth?: number }

/** A function that says of each arriving call whether it is meant. */
export function matcher(match: Match = {}): (call: Call) => boolean {
  if (typeof match === 'function') return match
  const { nth, path, symbol, interval } = match
  return sim.counted(nth, call => {
    if (path !== undefined && path !== call.path) return false
    if (symbol !== undefined && symbol !== call.query.symbol) return false
    return interval === undefined || interval === call.query.interval
  })
}
