import * as sim from '../call.ts'

/** One call as the vendor saw it. */
export type Call = sim.Call & {
  method: string
  path: string
  /** The key is not in it. */
  query: Record<string, string>
  /** Where the key stood. */
  keyIn: 'header' | 'query' | null
  /** Records answered. */
  rows: number
  /** It was refused for coming too early: seconds it had to wait. */
  limited: number | null
}

/**
 * Which calls are meant: all that is given must agree. `path` may be the last word of it; `page` is that of /offers, and
 * change_id that of /changes. `nth` counts the agreeing calls from 1; it means that one and later ones.
 */
export type Match =
  | ((call: Call) => boolean)
  | { path?: string; page?: number; changeId?: number; innerId?: string; method?: string; nth?: number }

/** A function that says of each arriving call whether it is meant. */
export function matcher(match: Match = {}): (call: Call) => boolean {
  if (typeof match === 'function') return match
  const { nth, path, method, page, changeId, innerId } = match
  return sim.counted(nth, call =>
    [
      path === undefined || call.path === path || call.path.endsWith(`/${path}`),
      method === undefined || call.method === method,
      page === undefined || call.query.page === String(page),
      changeId === undefined || call.query.change_id === String(changeId),
      innerId === undefined || call.query.inner_id === innerId,
    ].every(Boolean),
  )
}
