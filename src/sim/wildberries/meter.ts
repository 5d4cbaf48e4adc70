import type { TokenType } from './world.ts'

/** A bucket: one request more every so many ms, and at most so many at once. */
type Rate = { every: number; burst: number }

/** The methods and groups of methods that have a bucket for each seller. */
export type Metered =
  | ('orders' | 'sales' | 'retired' | 'feed' | 'stocks' | 'create' | 'status' | 'download')
  | ('supplies' | 'supply' | 'marketplace' | 'finance' | 'seller' | 'ping')

/** What one call finds: how many it may still make, and for how long (ms) it has to wait where it is refused. */
export type Reading = { limit: number; remaining: number; wait: number; full: number }

export type Meter = {
  /** Spends one request of a bucket if it is there. */
  spend(owner: string, what: Metered, type: TokenType, now: number): Reading
  /** Takes so many more from the bucket, into debt if need be. */
  punish(owner: string, what: Metered, type: TokenType, amount: number): void
}

const [second, minute, hour] = [1_000, 60_000, 3_600_000]

/**
 * The table of limits, for personal and service tokens and for base tokens. The two stock reports share one bucket, and
 * so do a supply and its goods, since each pair is one row in the vendor's table: the stricter reading. Test tokens are
 * told nothing of: they are metered as base ones.
 */
const rates: Readonly<Record<Metered, readonly [Rate, Rate]>> = {
  orders: [
    { every: minute, burst: 10 },
    { every: 3 * hour, burst: 1 },
  ],
  sales: [
    { every: minute, burst: 1 },
    { every: 2 * hour, burst: 1 },
  ],
  retired: [
    { every: minute, burst: 1 },
    { every: 3 * hour, burst: 1 },
  ],
  feed: [
    { every: minute, burst: 1 },
    { every: 3 * hour, burst: 1 },
  ],
  stocks: [
    { every: 20 * second, burst: 1 },
    { every: 20 * second, burst: 1 },
  ],
  create: [
    { every: minute, burst: 5 },
    { every: 15 * minute, burst: 1 },
  ],
  status: [
    { every: 5 * second, burst: 5 },
    { every: 15 * minute, burst: 1 },
  ],
  download: [
    { every: minute, burst: 1 },
    { every: 15 * minute, burst: 1 },
  ],
  supplies: [
    { every: 2 * second, burst: 10 },
    { every: 30 * minute, burst: 1 },
  ],
  supply: [
    { every: 2 * second, burst: 10 },
    { every: 30 * minute, burst: 1 },
  ],
  marketplace: [
    { every: 200, burst: 20 },
    { every: 200, burst: 20 },
  ],
  finance: [
    { every: minute, burst: 1 },
    { every: 12 * hour, burst: 1 },
  ],
  seller: [
    { every: minute, burst: 10 },
    { every: 24 * hour, burst: 1 },
  ],
  ping: [
    { every: 10 * second, burst: 3 },
    { every: 10 * second, burst: 3 },
  ],
}

/** Other rates than the table's, for all types of tokens. */
export type Rates = Partial<Record<Metered, Rate>>

/** A bucket is one number: the time at which it will be full. Whole ms, so that a wait told is the wait needed. */
export function startMeter(other: Rates): Meter {
  const buckets = new Map<string, number>()
  const rateOf = (what: Metered, type: TokenType) =>
    other[what] ?? rates[what][type === 'base' || type === 'test' ? 1 : 0]

  return {
    spend(owner, what, type, now) {
      const { every, burst } = rateOf(what, type)
      const full = Math.max(now, buckets.get(`${owner} ${what}`) ?? now)
      const wait = Math.max(0, full - now - (burst - 1) * every)
      const filled = wait === 0 ? full + every : full
      buckets.set(`${owner} ${what}`, filled)
      const remaining = Math.max(0, Math.floor(burst - (filled - now) / every))
      return { limit: burst, remaining, wait, full: filled - now }
    },
    punish(owner, what, type, amount) {
      const full = buckets.get(`${owner} ${what}`) ?? 0
      buckets.set(`${owner} ${what}`, full + amount * rateOf(what, type).every)
    },
  }
}
