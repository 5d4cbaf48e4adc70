import { Throttled } from '../core/failure.ts'
import { type Rule, windowOf } from '../core/limit.ts'
import type { Source } from '../core/source.ts'
import { closeBucket, correct, type Grant, type Granted, spend } from '../db/limits.ts'
import type { Fetch } from '../http/fetch.ts'
import type { Gate } from '../http/limit.ts'
import type { Tools } from './engine.ts'

/** A wait up to this long is sat through; a longer one gives the work back to the queue (P2). In ms. */
const shortWait = 5_000

/** One limit of a vendor, as one owner's bucket, what a question costs in it, and what the latest question was granted. */
type Bucket = { name: string; rule: Rule; cost: number; grant?: Granted }

/** The latest grant of this process for each bucket: so much of that window is used at least. */
const latest = new Map<string, Granted>()

/** What this process has been granted and has not had an answer for, by bucket: the vendor may not have counted it yet. */
const flying = new Map<string, number>()

/** The gate before a source's requests: its name, and a wrapper that keeps track of the requests under way. */
export type SourceGate = Gate & { name: string; track(fetch: Fetch): Fetch }

/** The gate of a source whose questions cost so much in each limit. It is for questions that are asked one by one. */
export function gateOf(tools: Tools, source: Source, costs: Source['stream']['limit']): SourceGate {
  const buckets = bucketsOf(tools, source, costs)
  return {
    name: buckets.map(({ name }) => name).join(' + '),
    acquire: async signal => {
      for (const bucket of buckets) await acquire(tools, bucket, signal)
    },
    learn: async response => {
      for (const bucket of buckets) await learn(tools, bucket, response)
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

async function acquire({ store, clock }: Tools, bucket: Bucket, signal?: AbortSignal): Promise<void> {
  const { name, rule, cost } = bucket
  for (;;) {
    const grant: Grant = await spend(rule.learn ? store.lightly : store, name, rule, cost)
    if (grant.granted) return keep(bucket, grant)
    const wait = grant.until.getTime() - (await clock.now()).getTime()
    if (wait > shortWait) throw new Throttled(name, grant.until, grant.reason)
    await clock.until(grant.until, signal)
  }
}

function keep(bucket: Bucket, grant: Granted): void {
  bucket.grant = grant
  latest.set(bucket.name, grant)
}

/**
 * The vendor's own count, which other programs behind the same address take part in. It never makes a bucket larger: it
 * is compared with what we believe, and what is still under way is added (the question answered here is not). Mostly it
 * is no news, and the store is not asked.
 */
async function learn({ store }: Tools, { name, rule, grant }: Bucket, { headers }: Response): Promise<void> {
  const told = rule.learn ? Number.parseInt(headers.get(rule.learn.header) ?? '', 10) : Number.NaN
  if (Number.isNaN(told) || !grant) return
  const counted = { used: Math.min(told, rule.max), flying: flying.get(name) ?? 0, asked: grant.at }
  if (isNews(rule, counted, latest.get(name)!)) await correct(store.lightly, name, rule, counted)
}

/** News of a window that has turned is none, and what is used of a window only grows. */
function isNews(rule: Rule, { used, flying, asked }: { used: number; flying: number; asked: Date }, last: Granted) {
  const [then, now] = [windowOf(rule, asked).from, windowOf(rule, last.at).from]
  return then >= now && used + flying > last.used
}
