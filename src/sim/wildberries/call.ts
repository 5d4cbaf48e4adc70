import * as sim from '../call.ts'

/** One call as the marketplace saw it. */
export type Call = sim.Call & {
  /** Name of the seller whose token it came with, refused or not; empty where the token cannot be read. */
  seller: string
  method: string
  path: string
  /** The name of the endpoint (see endpoints.ts); empty for a path that there is not. */
  endpoint: string
  query: Record<string, string>
  /** The body, parsed where it is JSON. */
  body: unknown
  /** Records answered. */
  rows: number
  /** It was refused for coming too early: seconds it was told to wait. */
  limited: number | null
}

/** Which calls are meant: all that is given must agree. `nth` counts the agreeing calls from 1; it means that one and later ones. */
export type Match =
  | ((call: Call) => boolean)
  | { endpoint?: string; path?: string; seller?: string; method?: string; nth?: number }

/** A function that says of each arriving call whether it is meant. */
export function matcher(match: Match = {}): (call: Call) => boolean {
  if (typeof match === 'function') return match
  const { nth, ...wanted } = match
  return sim.counted(nth, call => sim.agrees(call, wanted))
}
