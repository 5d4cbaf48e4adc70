import { milliseconds } from '../core/duration.ts'
import { ceiling, type Rule } from '../core/limit.ts'
import type { Sql } from './store.ts'

/** The answer to an attempt to spend: granted, or when to come again and why. */
export type Grant = Granted | { granted: false; until: Date; reason: string }

/** When it was granted, and what is used of that window since then. */
export type Granted = { granted: true; at: Date; used: number }

/**
 * Spends `cost` from a bucket if its window has room, for all processes of this database at once. The window turns with
 * the vendor's clock and nothing is spent in its first moments (`settle`).
 *
 * Where the vendor tells us its own count, the spending may be forgotten when the database server crashes, which makes
 * it ten times cheaper: the next answer corrects it.
 */
export async function spend(sql: Sql, bucket: string, rule: Rule, cost: number): Promise<Grant> {
  const values = [bucket, cost, ceiling(rule), length(rule), settle(rule)]
  const [spent] = await sql.query<Omit<Granted, 'granted'>>(spendText, values)
  if (spent) return { granted: true, ...spent }
  const [found] = await sql.query<Bucket>(
    `select closed_until as "closedUntil", closed_reason as "closedReason", now
     from (select sluice.now() as now) clock left join sluice.limits on bucket = $1`,
    [bucket],
  )
  return refusal(rule, cost, found!)
}

type Bucket = { closedUntil: Date | null; closedReason: string | null; now: Date }

const spendText = `
  with clock as materialized (select sluice.now() as now),
    turned as materialized (select now, date_bin($4 * interval '1 ms', now, 'epoch') as window_from from clock)
  insert into sluice.limits as l (bucket, window_from, used, updated_at)
  select $1, window_from, $2::int, now from turned
  where $2::int <= $3::int and now - window_from >= $5 * interval '1 ms'
  on conflict (bucket) do update
  set used = case when l.window_from < excluded.window_from then 0 else l.used end + $2::int,
      window_from = greatest(l.window_from, excluded.window_from), updated_at = excluded.updated_at
  where coalesce(l.closed_until <= excluded.updated_at, true)
    and case when l.window_from < excluded.window_from then 0 else l.used end + $2::int <= $3::int
  returning used, updated_at as at`

function refusal(rule: Rule, cost: number, { closedUntil, closedReason, now }: Bucket): Grant {
  if (cost > ceiling(rule)) throw new RangeError(`a cost of ${cost} never fits a limit of ${ceiling(rule)}`)
  if (closedUntil && closedUntil > now) {
    return { granted: false, until: closedUntil, reason: closedReason ?? 'closed by the vendor' }
  }
  const open = Math.floor(now.getTime() / length(rule)) * length(rule) + settle(rule)
  const until = new Date(now.getTime() < open ? open : open + length(rule))
  return { granted: false, until, reason: `our share of ${ceiling(rule)} per ${rule.every} is used up` }
}

/**
 * Corrects a bucket by what the vendor says it has counted in the window of `asked`: never downwards, and not at all
 * when the window has turned since then.
 * @param flying what we have been granted and not yet had an answer for, which the vendor may not have counted
 */
export async function correct(
  sql: Sql,
  bucket: string,
  rule: Rule,
  counted: { used: number; flying: number; asked: Date },
): Promise<void> {
  await sql.query(
    `update sluice.limits set used = $2::int + $3::int, updated_at = sluice.now()
     where bucket = $1 and window_from = date_bin($4 * interval '1 ms', $5::timestamptz, 'epoch')
       and window_from = date_bin($4 * interval '1 ms', sluice.now(), 'epoch') and used < $2::int + $3::int`,
    [bucket, counted.used, counted.flying, length(rule), counted.asked],
  )
}

/** Closes a bucket for everybody until a moment; a later end that is already known stays. Survives anything. */
export async function closeBucket(sql: Sql, bucket: string, rule: Rule, until: Date, reason: string): Promise<void> {
  await sql.query(
    `insert into sluice.limits as l (bucket, window_from, used, closed_until, closed_reason, updated_at)
     values ($1, date_bin($2 * interval '1 ms', sluice.now(), 'epoch'), 0, $3, $4, sluice.now())
     on conflict (bucket) do update
     set closed_until = excluded.closed_until, closed_reason = excluded.closed_reason, updated_at = excluded.updated_at
     where coalesce(l.closed_until < excluded.closed_until, true)`,
    [bucket, length(rule), until, reason],
  )
}

function length({ every }: Rule): number {
  return milliseconds(every)
}

function settle(rule: Rule): number {
  return rule.settle ? milliseconds(rule.settle) : 0
}
