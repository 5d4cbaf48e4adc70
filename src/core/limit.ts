import { type Duration, milliseconds } from './duration.ts'

/**
 * A vendor's quota, as data: at most `max` units of cost per window of `every`, of which we use `share`.
 *
 * - kind `fixed`: the vendor counts by the clock (a window of 1m ends at second 0) and starts from nothing then.
 * - owner: whose quota it is. `egress` is the address our requests leave from, which all accounts behind it share.
 * - learn: the response header that tells what the vendor has counted in this window, other programs included.
 * - settle: how long after the turn of a window we wait before spending from it, so that a clock that runs a little
 *   ahead of the vendor's does not spend twice from the old one.
 */
export type Rule = {
  kind: 'fixed'
  max: number
  every: Duration
  share?: number
  owner: 'egress'
  learn?: { header: string }
  settle?: Duration
}

/** The limits of a vendor by name. */
export type Rules = Readonly<Record<string, Rule>>

/** What we allow ourselves in one window: the vendor's number times our share, whole units. */
export function ceiling({ max, share = 1 }: Rule): number {
  return Math.floor(max * share)
}

/** The window that `moment` falls into, as the vendor's clock cuts it. */
export function windowOf({ every }: Rule, moment: Date): { from: Date; to: Date } {
  const length = milliseconds(every)
  const from = Math.floor(moment.getTime() / length) * length
  return { from: new Date(from), to: new Date(from + length) }
}
