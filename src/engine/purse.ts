import type { Grant } from '../core/limits.ts'

/** What a bucket granted last: at the store's time, and how much of it was used then. */
export type Granted = { at: Date; used: number }

/**
 * Questions that are paid for in advance, times in ms of `performance.now()`: they are good until then, and let nobody
 * through after `checked` unless the store has been asked once more whether the buckets are still open. What was granted of
 * each bucket when they were paid holds for the answers to them, as does how many tries had failed.
 */
export type Lease = {
  questions: number
  until: number
  checked: number
  granted: Map<string, Granted>
  failures: number
}

/**
 * What this process holds of quotas that it shares with others. All of it may be lost without harm: it is spent already.
 *
 * - latest: the newest grant of each bucket
 * - flying: units granted, and no answer yet: the vendor may not have counted them
 * - turns: who waits in this process, by bucket and lane; one of them asks the store, the others wait behind it
 * - sat: how long (ms) those who asked have sat in all, by the same names: whoever waits behind them has waited as well
 * - leases: questions that are paid for, by bucket, lane and what one question costs
 * - isDoubtful: the store of the limits has not answered since it last did not, or since the start
 * - asked: when questions were asked of late, by the same: it tells how large a lease is of use
 */
export type Purse = {
  latest: Map<string, Granted>
  flying: Map<string, number>
  turns: Map<string, Promise<unknown>>
  sat: Map<string, number>
  leases: Map<string, Lease>
  asked: Map<string, { since: number; questions: number }>
  isDoubtful: boolean
}

/** Raised while nobody knows what is left of the quotas; ended when the store of the limits has answered. */
export const limitsAway = { key: 'limits-away', level: 'critical', code: 'limits-away' } as const

export function emptyPurse(): Purse {
  return {
    ...{ latest: new Map(), flying: new Map(), turns: new Map(), sat: new Map(), leases: new Map() },
    asked: new Map(),
    isDoubtful: true,
  }
}

/** One after the other, in the order they came: who waits longest is served first. */
export function inTurn<T>({ turns }: Purse, name: string, work: () => Promise<T>): Promise<T> {
  const before = turns.get(name)
  const mine = before ? before.then(work, work) : work()
  const last = mine.catch(() => undefined)
  turns.set(name, last)
  last.then(() => turns.get(name) === last && turns.delete(name))
  return mine
}

/** The lease of a name, unless it is used up or has run out. */
export function leaseIn({ leases }: Purse, name: string): Lease | undefined {
  const lease = leases.get(name)
  return lease && lease.questions > 0 && lease.until > performance.now() ? lease : undefined
}

/**
 * For how many questions a lease of so many ms is of use: half of what was asked in the same time before, since what is not
 * used is lost. Counts one more.
 */
export function demand({ asked }: Purse, name: string, length: number): number {
  const now = performance.now()
  const seen = asked.get(name)
  if (!seen || now - seen.since > 4 * length) {
    asked.set(name, { since: now, questions: 1 })
    return 1
  }
  seen.questions++
  const rate = seen.questions / Math.max(now - seen.since, length)
  if (now - seen.since > 2 * length) asked.set(name, { since: now - length, questions: Math.ceil(rate * length) })
  return Math.max(1, Math.floor((rate * length) / 2))
}

/** Notes what was granted of each bucket. */
export function noteGrant({ latest }: Purse, buckets: readonly string[], grant: Grant & { granted: true }): void {
  buckets.forEach((bucket, nth) => {
    latest.set(bucket, { at: grant.at, used: grant.used[nth]! })
  })
}

/** Counts units that are on their way; negative ones have arrived. */
export function fly({ flying }: Purse, bucket: string, units: number): void {
  flying.set(bucket, (flying.get(bucket) ?? 0) + units)
}
