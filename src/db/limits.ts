import type { Terms } from '../core/limit.ts'
import type { Bucket, Cost, Grant, Limits, News } from '../core/limits.ts'
import { type Priority, priorities } from '../core/priority.ts'
import type { Sql, Store } from './store.ts'

/**
 * Buckets in PostgreSQL, one row each. The rules are kept by two functions of the database (migrations/002_limits.sql), by
 * its clock: any number of processes spend through them, one after the other.
 *
 * What is spent may be forgotten when the database SERVER crashes within the next second, which makes spending ten times
 * cheaper, unless it is dear: in a bucket that gives out less than one unit a second, one too many would be noticed. What
 * is closed stays closed through anything.
 */
export function postgresLimits(store: Store): Limits {
  return {
    where: store.where,
    spend: (costs, priority, patience) => spend(costs.some(isDear) ? store : store.lightly, costs, priority, patience),
    tell: (bucket, terms, news) => tell(durable.includes(news.kind) ? store : store.lightly, bucket, terms, news),
    list: () => list(store),
  }
}

const durable: readonly News['kind'][] = ['close', 'slower', 'charge']

function isDear({ terms }: Cost): boolean {
  return terms.kind !== 'circuit' && terms.step > 1_000_000
}

type Spent = {
  granted: boolean
  at: Date
  used: string[]
  failed: number
  wait: string | null
  bucket: string
  why: 'closed' | 'circuit' | 'share' | 'lane'
  note: string
}

const arrays = '$1::text[], $2::text[], $3::int[], $4::int[], $5::bigint[], $6::bigint[], $7::bigint[], $8::int[]'
const spendText = `select * from sluice.spend(${arrays}, $9::int, $10::bigint)`
const single = '$1, $2, $3, $4::int, $5::int, $6::bigint, $7::bigint, $8::bigint, $9::int'
const spendOneText = `select * from sluice.spend_one(${single}, $10::int, $11::bigint)`

async function spend(sql: Sql, costs: readonly Cost[], priority: Priority, patience: number): Promise<Grant> {
  const sorted = costs.toSorted(inOrder)
  const limits = [priorities.indexOf(priority) + 1, Math.round(patience * 1000)]
  const one = oneOf(sorted)
  const [row] = one
    ? await sql.query<Spent>(spendOneText, [...one, ...limits])
    : await sql.query<Spent>(spendText, [...manyOf(sorted), ...limits])
  const { granted, at, used, failed, wait, bucket, why, note } = row!
  if (!granted) return { granted, wait: Number(wait) / 1000, bucket, why, note }
  return { granted, at, used: costs.map(cost => Number(used[sorted.indexOf(cost)] ?? 0)), failures: failed }
}

/** The order in which everybody locks buckets: by name, and circuits after all others. */
function inOrder(a: Cost, b: Cost): number {
  const [circuitA, circuitB] = [a, b].map(({ terms }) => (terms.kind === 'circuit' ? 1 : 0)) as [number, number]
  return circuitA - circuitB || (a.bucket < b.bucket ? -1 : 1)
}

/** What `spend_one` takes, where there is one bucket with at most one circuit after it. */
function oneOf([first, circuit, ...more]: readonly Cost[]): unknown[] | undefined {
  if (!first || first.terms.kind === 'circuit' || more.length > 0) return undefined
  if (circuit && circuit.terms.kind !== 'circuit') return undefined
  const { kind, ceiling, every, settle, step, burst } = first.terms
  return [first.bucket, circuit?.bucket ?? null, kind, first.cost, ceiling, every, settle, step, burst]
}

function manyOf(costs: readonly Cost[]): unknown[] {
  const terms = costs.map(each => each.terms)
  return [
    costs.map(({ bucket }) => bucket),
    terms.map(({ kind }) => kind),
    costs.map(({ cost }) => cost),
    terms.map(({ ceiling }) => ceiling),
    terms.map(({ every }) => every),
    terms.map(({ settle }) => settle),
    terms.map(({ step }) => step),
    terms.map(({ burst }) => burst),
  ]
}

const tellText = `select sluice.tell($1, $2, $3::int, $4::bigint, $5::bigint, $6::int, $7, $8::bigint, $9::bigint,
  $10::float8, $11::float8, $12::timestamptz, $13) as changed`

async function tell(sql: Sql, bucket: string, terms: Terms, news: News): Promise<boolean> {
  const { kind, ceiling, every, step, burst } = terms
  const { units, length, factor, most, moment, note } = numbersOf(news)
  const values = [bucket, kind, ceiling, every, step, burst, news.kind, units, length, factor, most, moment, note]
  const [row] = await sql.query<{ changed: boolean }>(tellText, values)
  return row!.changed
}

type Numbers = { units: number; length: number; factor: number; most: number; moment: Date | null; note: string }

/** News as the function of the database takes it; lengths in µs. */
function numbersOf(news: News): Numbers {
  const none = { units: 0, length: 0, factor: 1, most: 1, moment: null, note: '' }
  switch (news.kind) {
    case 'used':
      return { ...none, units: news.units, moment: news.asked }
    case 'left':
    case 'charge':
      return { ...none, units: news.units }
    case 'close':
      return { ...none, length: Math.ceil(news.length * 1000), note: news.note }
    case 'slower':
      return { ...none, length: news.length * 1000, factor: news.factor, most: news.most }
    case 'failed':
      return { ...none, units: news.after, length: news.base * 1000, most: news.cap * 1000, note: news.note }
    case 'answered':
      return none
  }
}

/** What is past is not told: an old closure, an old slowness, lanes that nobody waits in, minutes older than an hour. */
const listText = `
  select bucket, kind, ceiling, burst, extract(epoch from every) * 1000 as every, failures,
    case kind
      when 'fixed' then case when window_from + every > now then used else 0 end
      when 'paced' then greatest(0, ceil(extract(epoch from full_at - now) / nullif(extract(epoch from every), 0) * ceiling - 1e-6))
      else 0 end as used,
    case when closed_until > now then closed_until end as "closedUntil",
    case when closed_until > now then closed_reason end as note,
    case when slow_until > now then slow else 1 end as slow,
    case when slow_until > now then slow_until end as "slowUntil",
    (select coalesce(sum(units), 0) from unnest(hour) with ordinality as h (units, place)
     where date_bin('1 hour', hour_at, 'epoch') + (place - 1) * interval '1 minute'
       - case when place - 1 > extract(minute from hour_at) then interval '1 hour' else interval '0' end
       > now - interval '1 hour') as hour,
    case when every > '0' then ceiling * 3600.0 / extract(epoch from every) else 0 end as allowed,
    (select array_agg(case when until > now then want else 0 end order by lane)
     from unnest(wants, wants_until) with ordinality as w (want, until, lane)) as waiting
  from sluice.limits, (select sluice.now() as now) clock
  order by bucket`

async function list(sql: Sql): Promise<Bucket[]> {
  const rows = await sql.query<Record<keyof Bucket, unknown>>(listText)
  return rows.map(row => ({
    ...(row as Bucket),
    every: Number(row.every),
    used: Number(row.used),
    hour: Number(row.hour),
    allowed: Math.round(Number(row.allowed)),
    slow: Number(row.slow),
  }))
}
