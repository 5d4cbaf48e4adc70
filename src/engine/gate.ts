import { conceal } from '../core/conceal.ts'
import { milliseconds } from '../core/duration.ts'
import { CircuitOpen, Throttled } from '../core/failure.ts'
import { type Terms, windowOf } from '../core/limit.ts'
import type { Cost, Grant, News } from '../core/limits.ts'
import type { Priority } from '../core/priority.ts'
import type { Source } from '../core/source.ts'
import { resolve } from '../db/alerts.ts'
import type { Fetch } from '../http/fetch.ts'
import type { Gate } from '../http/limit.ts'
import { bucketsOf, type Spent } from './buckets.ts'
import type { Tools } from './engine.ts'
import { demand, fly, type Granted, inTurn, type Lease, leaseIn, limitsAway, noteGrant } from './purse.ts'

/** Waits up to this long are sat through; for a longer one the work goes back to the queue (P2). In ms. */
const shortWait = 5_000

/** A vendor that has not answered so many tries in a row is left alone for a while, by everybody; lengths in ms. */
const circuitRule = { after: 10, base: 30_000, cap: 600_000 }
const circuitTerms: Terms = { kind: 'circuit', ceiling: 0, every: 0, settle: 0, step: 0, burst: 0 }

/** Whose quota a question is spent from, what it costs in each limit, and which of the vendor's hosts it goes to. */
export type Spender = {
  source: Source
  costs: Source['stream']['limit']
  priority: Priority
  host?: string | undefined
}

/** The gate before a source's requests: its name, and a wrapper that keeps track of the requests under way. */
export type SourceGate = Gate & { name: string; track(fetch: Fetch): Fetch }

/** What the gate's functions work with. `granted`: what the latest question was granted of each bucket. */
type Door = Spender & {
  tools: Tools
  name: string
  buckets: Spent[]
  circuit: Cost
  granted: Map<string, Granted>
  failures: number
}

/** The gate of a source whose questions cost so much in each limit. It is for questions that are asked one by one. */
export function gateOf(tools: Tools, spender: Spender): SourceGate {
  const buckets = bucketsOf(tools.egress, spender.source, spender.costs)
  const name = buckets.map(({ bucket }) => bucket).join(' + ')
  const away = [spender.source.connector.name, 'circuit', tools.egress, ...(spender.host ? [spender.host] : [])]
  const circuit = { bucket: away.join('/'), terms: circuitTerms, cost: 0 }
  const door: Door = { ...spender, tools, name, buckets, circuit, granted: new Map(), failures: 0 }
  return {
    name,
    acquire: signal => acquire(door, signal),
    learn: response => learn(door, response),
    close: (until, reason, limit) => close(door, until, conceal(reason), limit),
    failed: reason => failed(door, conceal(reason)),
    answered: () => answered(door),
    track: fetch => (request, options) => {
      for (const { bucket, cost } of buckets) fly(tools.purse, bucket, cost)
      return fetch(request, options).finally(() => {
        for (const { bucket, cost } of buckets) fly(tools.purse, bucket, -cost)
      })
    },
  }
}

/** Those of one process who wait for the same in the same lane do so behind each other; one of them asks the store. */
function acquire(door: Door, signal?: AbortSignal): Promise<void> {
  const { purse } = door.tools
  const name = `${door.priority} ${door.name}`
  const before = purse.sat.get(name) ?? 0
  return inTurn(purse, name, async () => {
    signal?.throwIfAborted()
    if (await isPaid(door)) return
    await sitThrough(door, name, (purse.sat.get(name) ?? 0) - before, signal)
  })
}

/** Waits for one question. `sat`: how long (ms) it has waited for its turn, which counts as its own wait. */
async function sitThrough(door: Door, name: string, sat: number, signal?: AbortSignal): Promise<void> {
  const { clock, purse } = door.tools
  for (let waited = sat; ; ) {
    const grant = await spend(door, 1, Math.max(0, shortWait - waited))
    if (grant.granted) return
    const until = async () => new Date((await clock.now()).getTime() + grant.wait)
    if (grant.why === 'circuit') throw new CircuitOpen(`${door.source.connector.title}: ${grant.note}`, await until())
    if (waited + grant.wait > shortWait) throw new Throttled(grant.bucket, await until(), reasonOf(door, grant))
    await clock.pass(grant.wait, signal)
    waited += grant.wait
    purse.sat.set(name, (purse.sat.get(name) ?? 0) + grant.wait)
  }
}

/** True when the question is paid for from a lease, or together with those of a new one. */
async function isPaid(door: Door): Promise<boolean> {
  const { tools, priority, buckets } = door
  const length = lengthOf(buckets)
  if (length === 0) return false
  const name = [priority, ...buckets.map(({ bucket, cost }) => `${cost} of ${bucket}`)].join(' ')
  const questions = demand(tools.purse, name, length)
  const lease = leaseIn(tools.purse, name)
  if (lease) return isGood(door, lease, length)
  if (questions === 1 || !buckets.every(bucket => hasRoom(tools, bucket, questions))) return false
  return buy(door, name, questions, length)
}

async function spend(door: Door, questions: number, patience: number): Promise<Grant> {
  const { limits, purse } = door.tools
  const costs = door.buckets.map(({ bucket, terms, cost }) => ({ bucket, terms, cost: cost * questions }))
  const grant = await limits.spend([...costs, door.circuit], door.priority, patience)
  if (purse.isDoubtful) await endDoubt(door.tools)
  if (!grant.granted) return grant
  const names = costs.map(({ bucket }) => bucket)
  noteGrant(purse, names, grant)
  for (const [nth, bucket] of names.entries()) door.granted.set(bucket, { at: grant.at, used: grant.used[nth]! })
  door.failures = grant.failures
  return grant
}

/** The store of the limits has answered: whoever has said that it does not was heard. */
async function endDoubt({ store, purse }: Tools): Promise<void> {
  purse.isDoubtful = false
  await resolve(store, limitsAway.key)
}

function reasonOf({ buckets }: Door, { bucket, why, note }: Grant & { granted: false }): string {
  if (why === 'closed') return note || 'closed by the vendor'
  const { rule, terms } = buckets.find(each => each.bucket === bucket)!
  const share = `our share of ${terms.ceiling} per ${rule.every}`
  return why === 'lane' ? `others go first in ${share}` : `${share} is used up`
}

/** Takes a question from a lease. After its length the store is asked, at no cost, whether anybody has closed a bucket. */
async function isGood(door: Door, lease: Lease, length: number): Promise<boolean> {
  const now = performance.now()
  if (lease.checked <= now) {
    if (!(await spend(door, 0, shortWait)).granted) return false
    Object.assign(lease, { checked: now + length, granted: new Map(door.granted), failures: door.failures })
  }
  lease.questions--
  door.granted = new Map(lease.granted)
  door.failures = lease.failures
  return true
}

/** Pays for so many questions at once, of which one is taken. Times are reckoned from before the store was asked. */
async function buy(door: Door, name: string, questions: number, length: number): Promise<boolean> {
  const began = performance.now()
  const grant = await spend(door, questions, shortWait)
  if (!grant.granted) return false
  const { granted, failures } = door
  const until = began + Math.min(...door.buckets.map(bucket => keepable(bucket, grant.at)))
  const lease = { questions: questions - 1, until, checked: began + length, granted: new Map(granted), failures }
  door.tools.purse.leases.set(name, lease)
  return true
}

/** As far as we know: where quota is short, nothing is paid in advance. */
function hasRoom({ purse }: Tools, { bucket, terms, cost }: Spent, questions: number): boolean {
  const used = purse.latest.get(bucket)?.used ?? 0
  return used + cost * questions <= Math.min(terms.ceiling, terms.burst)
}

/** For how long (ms) questions are paid in advance: for as long as the shortest of the leases. */
function lengthOf(buckets: readonly Spent[]): number {
  if (buckets.length === 0) return 0
  return Math.min(...buckets.map(({ rule }) => (rule.lease ? milliseconds(rule.lease) : 0)))
}

/**
 * How long (ms) what is granted at `at` may be kept. What is counted in a window of the clock is good for all of it, less
 * the time that a question takes to arrive: after its lease nobody else could have it either.
 */
function keepable({ rule, terms }: Spent, at: Date): number {
  if (rule.kind !== 'fixed') return milliseconds(rule.lease!)
  return windowOf(rule, at).to.getTime() - terms.settle / 1000 - at.getTime()
}

/**
 * What an answer tells of its quota: the vendor's own count, which other programs take part in, and what it has cost where
 * that is more than the question. Mostly it is no news, and the store is not asked.
 */
async function learn(door: Door, { headers, status }: Response): Promise<void> {
  for (const bucket of door.buckets) {
    const { rule, cost } = bucket
    const price = rule.penalty?.[status] ?? rule.penalty?.[`${Math.floor(status / 100)}xx`] ?? cost
    if (price > cost) await tell(door, bucket, { kind: 'charge', units: price - cost })
    const told = rule.learn ? Number.parseInt(headers.get(rule.learn.header) ?? '', 10) : Number.NaN
    const news = Number.isNaN(told) ? undefined : newsOf(door, bucket, told)
    if (news) await tell(door, bucket, news)
  }
}

/** Ours is corrected in one direction only: a bucket never becomes larger by what a header says. */
function newsOf({ tools, granted }: Door, { bucket, rule, terms }: Spent, told: number): News | undefined {
  const [mine, last] = [granted.get(bucket), tools.purse.latest.get(bucket)]
  if (!mine || !last) return undefined
  if (rule.learn!.tells === 'left') return told < terms.burst - last.used ? { kind: 'left', units: told } : undefined
  const units = Math.min(told, rule.max) + (tools.purse.flying.get(bucket) ?? 0)
  const hasTurned = windowOf(rule, mine.at).from < windowOf(rule, last.at).from
  return !hasTurned && units > last.used ? { kind: 'used', units, asked: mine.at } : undefined
}

/**
 * Closes what the vendor has named, or all that the question was paid from; and goes slower afterwards, where that helps.
 * What was paid in advance is of no use any more.
 */
async function close(door: Door, until: Date, note: string, limit?: string): Promise<void> {
  door.tools.purse.leases.clear()
  const length = until.getTime() - (await door.tools.clock.now()).getTime()
  const closed = door.buckets.filter(each => limit === undefined || each.limit === limit)
  for (const bucket of closed) {
    await slowDown(door, bucket, length, note)
    await tell(door, bucket, { kind: 'close', length, note })
  }
}

/** Before it is closed: of many refusals at the same time one counts. */
async function slowDown(door: Door, bucket: Spent, length: number, note: string): Promise<void> {
  const { slower } = bucket.rule
  if (!slower) return
  const { factor, most, until: end } = slower
  const isSlowed = await tell(door, bucket, { kind: 'slower', factor, most, length: length + milliseconds(end) })
  if (!isSlowed) return
  door.tools.log(
    'warn',
    `${bucket.bucket}: refused although our share was kept; we go slower for ${end} (${note})`,
    bucket.bucket,
  )
}

function tell({ tools }: Door, { bucket, terms }: Cost, news: News): Promise<boolean> {
  return tools.limits.tell(bucket, terms, news)
}

async function failed(door: Door, reason: string): Promise<void> {
  const note = `no answer for ${circuitRule.after} tries in a row, the last one: ${reason}`
  const isClosed = await tell(door, door.circuit, { kind: 'failed', ...circuitRule, note })
  door.failures++
  if (isClosed)
    door.tools.log('warn', `${door.source.connector.title} is left alone for a while: ${note}`, door.circuit.bucket)
}

/** Only where somebody has failed before is an answer news. */
async function answered(door: Door): Promise<void> {
  if (door.failures === 0) return
  door.failures = 0
  await tell(door, door.circuit, { kind: 'answered' })
}
