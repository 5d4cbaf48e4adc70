/** One call as the vendor saw it. It is written down on arrival and completed when it is answered. */
export type Call = {
  /** Counts from 1. */
  id: number
  /** Arrival, ms of the vendor's clock. */
  at: number
  /** The client id that was sent; of a file, the one whose report it is; empty when there is none. */
  seller: string
  method: string
  path: string
  /** The body that was sent, parsed; null when there was none, when it is no JSON, and when it is long. */
  body: unknown
  /** HTTP status; 0 while it is unanswered and when the connection was reset. */
  status: number
  /** Rows answered. */
  rows: number
  /** It was one too many. */
  limited: boolean
  /** Kinds of the faults that spoiled it. */
  fault: string | null
  /** A key was sent to the host of the files. */
  leaked: boolean
}

/**
 * Which calls are meant: all that is given must agree. A path stands for what lies below it too: `/s3/reports` is
 * every file. `nth` counts the agreeing calls from 1; it means that one and later ones.
 */
export type Match = ((call: Call) => boolean) | { path?: string; seller?: string; nth?: number }

/** A function that says of each arriving call whether it is meant. */
export function matcher(match: Match): (call: Call) => boolean {
  if (typeof match === 'function') return match
  let agreeing = 0
  return ({ path, seller }) => {
    if (match.path !== undefined && path !== match.path && !path.startsWith(`${match.path}/`)) return false
    if (match.seller !== undefined && match.seller !== seller) return false
    agreeing++
    return agreeing >= (match.nth ?? 1)
  }
}
