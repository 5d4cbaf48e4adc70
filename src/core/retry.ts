import { type Duration, milliseconds } from './duration.ts'

/** How often something is tried again and how long we wait before each retry. Counts RETRIES, after the first try. */
export type Retry = { retries: number; base: number; cap: number }

/** Waits of base, 2 × base, 4 × base … (ms, never over `cap`) before the retries. */
export function exponential({ retries, base, cap = '1h' }: { retries: number; base: Duration; cap?: Duration }): Retry {
  return { retries, base: milliseconds(base), cap: milliseconds(cap) }
}

/**
 * How long to wait before retry number `retry` (the first is 1), in ms; undefined when the retries are used up.
 * `spread` (0 … 1) takes up to half of the wait away at random, so that many waiters do not come back at once.
 */
export function delay(policy: Retry, retry: number, spread = 0): number | undefined {
  if (retry > policy.retries) return undefined
  const full = Math.min(policy.base * 2 ** (retry - 1), policy.cap)
  return full * (1 - spread / 2)
}
