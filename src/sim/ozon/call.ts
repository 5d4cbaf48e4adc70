import * as sim from '../call.ts'

/** One call as the vendor saw it. */
export type Call = sim.Call & {
  /** The client id that was sent; of a file, the one whose report it is; empty when there is none. */
  seller: string
  method: string
  path: string
  /** The body that was sent, parsed; null when there was none, when it is no JSON, and when it is long. */
  body: unknown
  /** Rows answered. */
  rows: number
  /** It was one too many. */
  limited: boolean
  /** A key was sent to the host of the files. */
  leaked: boolean
}

/**
 * Which calls are meant: all that is given must agree. A path stands for what lies below it too: `/s3/reports` is
 * every file. `nth` counts the agreeing calls from 1; it means that one and later ones.
 */
export type Match = ((call: Call) => boolean) | { path?: string; seller?: string; nth?: number }

/** A function that says of each arriving call whether it is meant. */
export function matcher(match: Match = {}): (call: Call) => boolean {
  if (typeof match === 'function') return match
  const { nth, path, seller } = match
  return sim.counted(nth, call => {
    if (path !== undefined && call.path !== path && !call.path.startsWith(`${path}/`)) return false
    return seller === undefined || seller === call.seller
  })
}
