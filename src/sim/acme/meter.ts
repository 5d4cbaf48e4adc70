/**
 * The vendor's two rules, enforced strictly and counted by arrival:
 *
 *   perMethod   a bucket for each account and method: `rate` calls a second, `burst` of them saved up
 *   together    of all calls of the client, whichever the account, at most `max` within any `window` ms
 *
 * Whoever breaks one is blocked there: everything is answered 429 until the block ends. A call during a block makes it
 * begin anew and twice as long, up to `longest` ms.
 */
export type Limits = {
  perMethod: { rate: number; burst: number }
  together: { max: number; window: number }
  block: number
  longest: number
}

/** Scaled so that a minute is long: what a real vendor allows in a minute, this one allows in a second or ten. */
export const usualLimits: Limits = {
  perMethod: { rate: 10, burst: 20 },
  together: { max: 200, window: 10_000 },
  block: 2_000,
  longest: 60_000,
}

/** ms until the block that refuses a call is over; undefined when the call is let in. */
export type Meter = { arrive(now: number, bucket: string): number | undefined }

type Block = { until: number; length: number }

export function startMeter(limits: Limits): Meter {
  const { rate, burst } = limits.perMethod
  const { max, window } = limits.together
  const buckets = new Map<string, { level: number; at: number }>()
  const blocks = new Map<string, Block>()
  const lately: number[] = []

  /** Whether a bucket has a unit left; it is taken. */
  const takes = (name: string, now: number) => {
    const { level, at } = buckets.get(name) ?? { level: burst, at: now }
    const filled = Math.min(burst, level + ((now - at) / 1000) * rate)
    buckets.set(name, { level: filled - (filled >= 1 ? 1 : 0), at: now })
    return filled >= 1
  }

  const fits = (now: number) => {
    while (lately.length > 0 && lately[0]! <= now - window) lately.shift()
    if (lately.length >= max) return false
    lately.push(now)
    return true
  }

  const refuse = (name: string, now: number) => {
    const before = blocks.get(name)
    const isHeld = before !== undefined && before.until > now
    const length = isHeld ? Math.min(before.length * 2, limits.longest) : limits.block
    blocks.set(name, { until: now + length, length })
    return length
  }

  const arrive = (now: number, bucket: string) => {
    for (const name of [bucket, everybody]) if ((blocks.get(name)?.until ?? 0) > now) return refuse(name, now)
    if (!fits(now)) return refuse(everybody, now)
    return takes(bucket, now) ? undefined : refuse(bucket, now)
  }
  return { arrive }
}

const everybody = 'everybody'
