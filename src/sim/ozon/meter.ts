import { Refusal } from './answer.ts'
import type { Manners } from './question.ts'

/** What one client id has spent. Refused calls spend nothing. */
export type Meter = {
  /**
   * Counts a call, and tells how many more this second would take.
   *
   * @throws Refusal 429 with `retry-after` and `ratelimit-remaining` when it is one too many.
   */
  arrive(path: string, now: number): number
}

const second = 1000
const slow = '/v1/analytics/stocks'

/** In no stretch of one second may more calls lie than the limit says, wherever it begins. */
export function startMeter({ perMethod, perClient, analyticsGap }: Manners): Meter {
  const arrivals = new Map<string, number[]>()
  let lastSlow = Number.NEGATIVE_INFINITY

  const recent = (name: string, now: number) => {
    const kept = (arrivals.get(name) ?? []).filter(at => at > now - second)
    arrivals.set(name, kept)
    return kept
  }

  return {
    arrive(path, now) {
      const [ofMethod, ofAll] = [recent(path, now), recent('', now)]
      const left = Math.min(perMethod - ofMethod.length, perClient - ofAll.length)
      if (left <= 0 || (path === slow && now - lastSlow < analyticsGap)) throw tooMany()
      if (path === slow) lastSlow = now
      ofMethod.push(now)
      ofAll.push(now)
      return left - 1
    },
  }
}

/** As recorded on 2026-09-25. */
export function tooMany(retryAfter = 1): Refusal {
  const headers = { 'ratelimit-remaining': '0', 'retry-after': String(retryAfter) }
  return new Refusal(429, 8, 'You have reached request rate limit per second', headers)
}
