/** One call as the vendor saw it. It is written down on arrival and completed when it is answered. */
export type Call = {
  /** Counts from 1. */
  id: number
  /** Arrival, ms of the vendor's clock. */
  at: number
  method: string
  path: string
  /** The key is not in it. */
  query: Record<string, string>
  /** Where the key stood. */
  keyIn: 'header' | 'query' | null
  /** HTTP status; 0 while it is unanswered and when the connection was reset. */
  status: number
  /** Records answered. */
  rows: number
  /** It was refused for coming too early: seconds it had to wait. */
  limited: number | null
  /** Kinds of the faults that spoiled it. */
  fault: string | null
}

/**
 * Which calls are meant: all that is given must agree. `path` may be the last word of it; `page` is that of /offers, and
 * change_id that of /changes. `nth` counts the agreeing calls from 1; it means that one and later ones.
 */
export type Match =
  | ((call: Call) => boolean)
  | { path?: string; page?: number; changeId?: number; innerId?: string; method?: string; nth?: number }

/** A function that says of each arriving call whether it is meant. */
export function matcher(match: Match): (call: Call) => boolean {
  if (typeof match === 'function') return match
  const { nth = 1, path, method, page, changeId, innerId } = match
  let agreeing = 0
  return call => {
    const agrees = [
      path === undefined || call.path === path || call.path.endsWith(`/${path}`),
      method === undefined || call.method === method,
      page === undefined || call.query.page === String(page),
      changeId === undefined || call.query.change_id === String(changeId),
      innerId === undefined || call.query.inner_id === innerId,
    ].every(Boolean)
    if (agrees) agreeing++
    return agrees && agreeing >= nth
  }
}
