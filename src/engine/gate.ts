import { Throttled } from '../core/failure.ts'
import type { Rule } from '../core/limit.ts'
import type { Source } from '../core/source.ts'
import { closeBucket, correct, type Grant, spend } from '../db/limits.ts'
import type { Fetch } from '../http/fetch.ts'
import type { Gate } from '../http/limit.ts'
import type { Tools } from './engine.ts'

/** A wait up to this long is sat through; a longer one gives the work back to the queue (P2). In ms. */
export const shortWait = 5_000

/** One limit of a vendor, as one owner's bucket, and what a question costs in it. */
type Bucket = { name: string; rule: Rule; cost: number }

/** What this process has been granted and has not had an answer for, by bucket: the vendor may not have counted it yet. */
const flying = new Map<string, number>()

/** The gate before a source's requests: its name, and a wrapper that keeps track of the requests under way. */
export type SourceGate = Gate & { name: string; track(fetch: Fetch): Fetch }

/** The gate of a source whose questions cost so much in each limit. */
export function gateOf(tools: Tools, source: Source, costs: Source['stream']['limit']): SourceGate {
  const buckets = bucketsOf(tools, source, costs)
  return {
    name: buckets.map(({ name }) => name).join(' + '),
    acquire: async signal => {
      for (const bucket of buckets) await acquire(tools, bucket, signal)
    },
    learn: async (response, sentAt) => {
      for (const bucket of buckets) await learn(tools, bucket, response, sentAt)
    },
    close: async (until, reason) => {
      for (const { name, rule } of buckets) await closeBucket(tools.store, name, rule, until, reason)
    },
    track: fetch => async (request, options) => {
      for (const { name, cost } of buckets) flying.set(name, (flying.get(name) ?? 0) + cost)
      try {
        return await fetch(request, options)
      } finally {
        for (const { name, cost } of buckets) flying.set(name, flying.get(name)! - cost)
      }
    },
  }
}

function bucketsOf(tools: Tools, { connector }: Source, costs: Source['stream']['limit']): Bucket[] {
  return Object.entries(costs).map(([limit, cost]) => {
    const rule = connector.limits[limit]!
    return { name: `${connector.name}/${limit}/${tools.egress}`, rule, cost: cost ?? 0 }
  })
}

async function acquire({ store, clock }: Tools, { name, rule, cost }: Bucket, signal?: AbortSignal): Promise<void> {
  for (;;) {
    const grant: Grant = await spend(rule.learn ? store.lightly : store, name, rule, cost)
    if (grant.granted) return
    const wait = grant.until.getTime() - (await clock.now()).getTime()
    if (wait > shortWait) throw new Throttled(name, grant.until, grant.reason)
    await clock.until(grant.until, signal)
  }
}

/**
 * The vendor's own count, which other programs behind the same address take part in. It never makes a bucket larger: it
 * is compared with what we believe, and what is still under way is added (the question answered here is not).
 */
async function learn({ store }: Tools, { name, rule }: Bucket, { headers }: Response, asked: Date): Promise<void> {
  const told = rule.learn ? Number.parseInt(headers.get(rule.learn.header) ?? '', 10) : Number.NaN
  if (Number.isNaN(told)) return
  const others = flying.get(name) ?? 0
  await correct(store.lightly, name, rule, { used: Math.min(told, rule.max), flying: others, asked })
}
