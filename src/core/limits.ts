import type { Terms } from './limit.ts'
import type { Priority } from './priority.ts'

/** What a question costs in one owner's bucket; with 0 it only looks whether the bucket is open. */
export type Cost = { bucket: string; terms: Terms; cost: number }

/**
 * The answer to an attempt to spend. Waits are in ms and by no clock: the store's may differ from ours.
 *
 * - granted: `at` is the store's time; `used` what is used of the window or the burst of each bucket, in the order asked
 *   for; `failures` how many tries in a row have failed where a circuit was among them
 * - refused: how long to wait before asking again, for which bucket and why. `closed` when the vendor or a circuit has
 *   closed it, `share` when our share is used up, `lane` when others go first
 */
export type Grant =
  | { granted: true; at: Date; used: number[]; failures: number }
  | { granted: false; wait: number; bucket: string; why: 'closed' | 'circuit' | 'share' | 'lane'; note: string }

/**
 * What is told to one bucket; times in ms.
 *
 *   used      the vendor has counted so much in the window of `asked`; raises ours, never lowers it
 *   left      so much is left in the vendor's bucket; lowers ours, never raises it
 *   charge    an answer has cost so much more
 *   close     nobody gets through for so long
 *   slower    a refusal that our numbers did not foresee: `factor` times slower than now, at most `most` times, for so long;
 *             not while the bucket is closed: that refusal was heard already
 *   failed    a try came to nothing: after `after` in a row the circuit is closed for `base`, twice as long each time
 *   answered  a try was answered: the circuit is open, whatever was
 */
export type News =
  | { kind: 'used'; units: number; asked: Date }
  | { kind: 'left'; units: number }
  | { kind: 'charge'; units: number }
  | { kind: 'close'; length: number; note: string }
  | { kind: 'slower'; factor: number; most: number; length: number }
  | { kind: 'failed'; after: number; base: number; cap: number; note: string }
  | { kind: 'answered' }

/** A bucket as it stands, for people. */
export type Bucket = {
  bucket: string
  kind: Terms['kind']
  /** Units used: of a fixed window of `ceiling`, or of the `burst` that a paced bucket gives at once. */
  used: number
  ceiling: number
  burst: number
  /** The length of its window, in ms; 0 for a circuit. */
  every: number
  /** Units spent in the last hour, by the minute; and what was allowed in it. */
  hour: number
  allowed: number
  closedUntil: Date | null
  note: string | null
  /** How many times slower than the rule we go, and until when. */
  slow: number
  slowUntil: Date | null
  failures: number
  /** Units that wait in each lane, the high one first, as last heard. */
  waiting: number[]
}

/**
 * Buckets, shared by every process that spends from them. All of it happens at the store, by its clock, in one step: of
 * several buckets either all are spent from or none.
 *
 * Where a request is refused, its lane is noted: until it has been served, or has not come back in time, lower lanes leave
 * it room. A lower lane that waits gets one unit for every eight that went before it. Whoever has to wait for longer than
 * `patience` (ms) gets a place in the line of its lane and is told when that comes up.
 */
export interface Limits {
  /** Where the store is, without its password. */
  where: string
  spend(costs: readonly Cost[], priority: Priority, patience: number): Promise<Grant>
  /** True when the news changed something that others will notice (a circuit closed, a bucket was slowed or closed). */
  tell(bucket: string, terms: Terms, news: News): Promise<boolean>
  /** Every bucket that anybody has spent from. */
  list(): Promise<Bucket[]>
}
