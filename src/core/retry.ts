import { type Duration, milliseconds } from './duration.ts'

/**
 * How often something is tried again and how long we wait before each retry (ms). Counts RETRIES, after the first try.
 * Each wait is `factor` times the one before, never over `cap`.
 */
export type Retry = { retries: number; base: number; cap: number; factor: number }

/**
 * How a run is tried again whose question came to nothing, once the retries within the question are used up. It waits
 * without a worker; what it has committed is kept, and a page that is committed makes the count begin anew. `timeout` is
 * for a vendor that is there and too slow; without it, that counts like the rest.
 */
export type Policy = { transient: Retry; timeout?: Retry }

/** Waits of base, 2 × base, 4 × base … (ms, never over `cap`) before the retries. */
export function exponential({ retries, base, cap = '1h' }: { retries: number; base: Duration; cap?: Duration }): Retry {
  return { retries, base: milliseconds(base), cap: milliseconds(cap), factor: 2 }
}

/** The same wait before every retry. */
export function regular({ retries, every }: { retries: number; every: Duration }): Retry {
  return { retries, base: milliseconds(every), cap: milliseconds(every), factor: 1 }
}

/** For a stream that names no policy of its own: the run fails, and the next schedule begins another. */
export const noRetry: Policy = { transient: { retries: 0, base: 0, cap: 0, factor: 1 } }

/**
 * How long to wait before retry number `retry` (the first is 1), in ms; undefined when the retries are used up.
 * `spread` (0 … 1) takes up to half of the wait away at random, so that many waiters do not come back at once.
 */
export function delay(policy: Retry, retry: number, spread = 0): number | undefined {
  if (retry > policy.retries) return undefined
  const full = Math.min(policy.base * policy.factor ** (retry - 1), policy.cap)
  return full * (1 - spread / 2)
}
