import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Terms } from '../core/limit.ts'
import type { Bucket, Cost, Grant, Limits, News } from '../core/limits.ts'
import { type Priority, priorities } from '../core/priority.ts'
import type { Redis } from './client.ts'

/**
 * Buckets in Redis, for rates that PostgreSQL would find dear: one script (bucket.lua) spends from any number of them in one
 * step, by the server's own clock.
 *
 * A Redis may lose its memory. So our installation leaves a mark in it, under the id that PostgreSQL knows it by: where the
 * mark is missing, every bucket counts as used up at that moment, and what is closed is read again from PostgreSQL, which
 * hears of every closure first: it may be there already when the mark is left. What the mark replaces is the hope that an empty Redis means an unused quota.
 */
export function redisLimits(redis: Redis, memory: Memory): Limits {
  const store: Store = { redis, memory, mark: undefined }
  return {
    where: `redis://${redis.where}`,
    spend: (costs, priority, patience) => spend(store, costs, priority, patience),
    tell: async (bucket, terms, news) => {
      if (news.kind !== 'close') return tell(store, bucket, terms, news)
      const isNews = await memory.limits.tell(bucket, terms, news)
      return (await tell(store, bucket, terms, news)) || isNews
    },
    list: () => list(store),
  }
}

/** What PostgreSQL remembers for us. */
export type Memory = {
  /** The id of this installation, and whether it has used a Redis before. */
  installation(): Promise<{ id: string; isNew: boolean }>
  limits: Limits
}

type Store = { redis: Redis; memory: Memory; mark: string | undefined }

const script = readFileSync(join(import.meta.dirname, 'bucket.lua'), 'utf8')
const prefix = 'sluice_rate_limit:'

/** The set of the keys of all buckets. */
const index = `${prefix}index`

/** A bucket of ours has a key of ours; one that other programs know too (`name:owner`) keeps its own. */
function keyOf(bucket: string): string {
  return /^[^/:]+\//.test(bucket) ? prefix + bucket : bucket
}

function hoursOf(bucket: string): string {
  return `${prefix}hour:${bucket}`
}

async function spend(store: Store, costs: readonly Cost[], priority: Priority, patience: number): Promise<Grant> {
  const sorted = costs.toSorted((a, b) => (a.bucket < b.bucket ? -1 : 1))
  const names = sorted.map(({ bucket }) => bucket)
  const numbers = sorted.flatMap(({ terms: { kind, ceiling, every, settle, step, burst }, cost }) =>
    [kind, cost, ceiling, every, settle, step, burst].map(String),
  )
  const lane = String(priorities.indexOf(priority) + 1)
  const args = ['spend', lane, String(Math.round(patience * 1000)), ...numbers]
  const [outcome, time, ...rest] = (await run(store, [...names.map(keyOf), ...names.map(hoursOf)], args)) as string[]
  if (outcome === 'granted') {
    const [failures, ...used] = rest.map(Number)
    const inOrder = costs.map(cost => used[sorted.indexOf(cost)]!)
    return { granted: true, at: new Date(Number(time) / 1000), used: inOrder, failures: failures! }
  }
  const [nth, why, note] = rest as [string, Refused['why'], string]
  return { granted: false, wait: Number(time) / 1000, bucket: names[Number(nth) - 1]!, why, note }
}

type Refused = Grant & { granted: false }

async function tell(store: Store, bucket: string, terms: Terms, news: News): Promise<boolean> {
  const { kind, ceiling, every, step, burst } = terms
  const numbers = [kind, ceiling, every, step, burst, news.kind, ...numbersOf(news)].map(String)
  return (await run(store, [keyOf(bucket), hoursOf(bucket)], ['tell', ...numbers])) === 1
}

/** units, length, factor, most, moment, note, as the script takes them; times in µs. */
function numbersOf(news: News): (number | string)[] {
  switch (news.kind) {
    case 'used':
      return [news.units, 0, 1, 1, news.asked.getTime() * 1000, '']
    case 'left':
    case 'charge':
      return [news.units, 0, 1, 1, 0, '']
    case 'close':
      return [0, Math.ceil(news.length * 1000), 1, 1, 0, news.note]
    case 'slower':
      return [0, news.length * 1000, news.factor, news.most, 0, '']
    case 'failed':
      return [news.after, news.base * 1000, 1, news.cap * 1000, 0, news.note]
    case 'answered':
      return [0, 0, 1, 1, 0, '']
  }
}

/** Runs the script; where our mark is missing, it is left first. */
async function run(store: Store, keys: readonly string[], args: readonly string[]): Promise<unknown> {
  for (;;) {
    store.mark ??= await leaveMark(store)
    const answer = await store.redis.run(script, [store.mark, ...keys], args)
    if (answer !== 'lost') return answer
    store.mark = undefined
  }
}

/**
 * The mark holds since when (µs) buckets without a key count as used up; 0 in a Redis that we have never used. It is left
 * when all that is closed has been told: whoever dies before that leaves none, and nobody spends without one.
 */
async function leaveMark({ redis, memory }: Store): Promise<string> {
  const { id, isNew } = await memory.installation()
  const mark = `${prefix}mark:${id}`
  if ((await redis.command('EXISTS', mark)) === 1) return mark
  const now = await timeOf(redis)
  for (const { bucket, closedUntil, note } of await memory.limits.list()) {
    if (closedUntil) await closeAgain(redis, bucket, { until: closedUntil.getTime(), note: note ?? '', now })
  }
  await redis.command('SET', mark, isNew ? '0' : String(now * 1000), 'NX')
  return mark
}

/** Of its rule nothing is written: what is not known of a bucket is reckoned when it is spent from. */
async function closeAgain(redis: Redis, bucket: string, { until, note, now }: Closure): Promise<void> {
  await redis.command('HSET', keyOf(bucket), 'closed', String(until * 1000), 'note', note)
  await redis.command('PEXPIRE', keyOf(bucket), String(Math.ceil(Math.max(0, until - now)) + 3_600_000))
}

/** Times in ms. */
type Closure = { until: number; note: string; now: number }

/** The server's time in ms, or that at which a test has stopped it. */
async function timeOf(redis: Redis): Promise<number> {
  const stopped = await redis.command('GET', 'sluice_clock')
  if (stopped !== null) return Number(stopped)
  const [seconds, micros] = (await redis.command('TIME')) as [string, string]
  return Number(seconds) * 1000 + Number(micros) / 1000
}

async function list({ redis }: Store): Promise<Bucket[]> {
  const now = await timeOf(redis)
  const known = ((await redis.command('SMEMBERS', index)) as string[]).toSorted()
  const buckets = await Promise.all(known.map(key => readBucket(redis, key, now)))
  return buckets.filter(bucket => bucket !== undefined)
}

/** A bucket that nobody has used for an hour is gone; then its key goes from the list. */
async function readBucket(redis: Redis, key: string, now: number): Promise<Bucket | undefined> {
  const bucket = key.startsWith(prefix) ? key.slice(prefix.length) : key
  const b = pairs(await redis.command('HGETALL', key))
  if (b.kind === undefined) {
    await redis.command('SREM', index, key)
    return undefined
  }
  const hours = pairs(await redis.command('HGETALL', hoursOf(bucket)))
  const number = (name: string) => Number(b[name] ?? 0)
  const [at, every, most] = [now * 1000, number('every'), number('ceiling')]
  const later = (name: string) => (number(name) > at ? new Date(number(name) / 1000) : null)
  const spent = Object.entries(hours).filter(([minute]) => Number(minute) * 60_000 > now - 3_600_000)
  const full = Math.max(0, Math.ceil(((number('full') - at) / every) * most - 1e-6))
  return {
    bucket,
    kind: b.kind as Bucket['kind'],
    used: b.kind === 'fixed' ? (number('window') + every > at ? number('used') : 0) : b.kind === 'paced' ? full : 0,
    ceiling: most,
    burst: number('burst'),
    every: every / 1000,
    hour: spent.reduce((sum, [, units]) => sum + Number(units), 0),
    allowed: every > 0 ? Math.round((most * 3_600_000_000) / every) : 0,
    closedUntil: later('closed'),
    note: later('closed') && b.note!,
    slow: later('slowed') ? number('slow') : 1,
    slowUntil: later('slowed'),
    failures: number('failures'),
    waiting: [1, 2, 3].map(lane => (number(`until${lane}`) > at ? number(`wants${lane}`) : 0)),
  }
}

/** HGETALL answers a flat list, or an object where the protocol has maps. */
function pairs(answer: unknown): Record<string, string> {
  if (!Array.isArray(answer)) return answer as Record<string, string>
  return Object.fromEntries(answer.flatMap((word, place) => (place % 2 ? [] : [[word, answer[place + 1]]])))
}
