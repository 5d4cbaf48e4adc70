import type { Part } from '../core/part.ts'
import { standing } from '../core/run.ts'
import type { Schedule } from '../core/schedule.ts'
import type { Sql } from './store.ts'

/** Whose turns: a stream of an account, as one configuration collects it (`variant`). */
export type Owner = { connector: string; account: string; stream: string; variant: string }

/** One schedule among all; `turn` is the text of what makes it due (core/schedule.ts). */
export type ScheduleKey = Owner & { turn: string }

/** A schedule as its stream has it, with the moments that follow from it when it is new. */
export type Entry = { turn: string; rule: Schedule; next: Date | undefined; check: Date | undefined }

/** When a schedule is looked at again, and for which parts a turn is still owed. */
export type Times = { next: Date | null; check: Date | null; owed: readonly Part[] }

/** A schedule that is due, held by this transaction. `turn` is the moment of the turn it takes; null when it takes none. */
export type Due = Times & { rule: Schedule; now: Date; turnAt: Date | null }

/** A schedule as people ask for it. */
export type ScheduleState = ScheduleKey & { next: Date | null; check: Date | null; owed: number; seen: Date }

const ownerNames = 'connector, account, stream, variant'
const isOwner = 'connector = $1 and account = $2 and stream = $3 and variant = $4'
const open = `r.state in ('planned', 'waiting', 'running')`
const ofAccount = 'r.connector = s.connector and r.account = s.account'

/** The owners that are given as four arrays in $1 … $4. */
const given = `unnest($1::text[], $2::text[], $3::text[], $4::text[]) as o (${ownerNames})`

/** A chain waits for the open runs of the stream before it; other schedules wait for nothing. */
const blocked = `exists (select from sluice.runs r where ${ofAccount} and r.stream = s.rule ->> 'after' and ${open})`

const isTurn = `coalesce(s.next_at <= sluice.now(), false) and not ${blocked}`

/** A part that is owed a turn can have it: its run has ended. */
const isFree = `exists (
  select from jsonb_array_elements(s.owed) as o (part) where not exists (
    select from sluice.runs r where ${ofAccount} and r.stream = s.stream and r.part = o.part and r.span = '${standing}' and ${open}))`

/** Times that were set so far in the future tell that the clock was set back; a smaller step is waited for. */
const isAhead = `s.set_at > sluice.now() + interval '1 minute'`

const isDue = `(${isTurn} or s.check_at <= sluice.now() or ${isFree} or ${isAhead})`

/**
 * Writes down the schedules of one configuration and drops what it no longer has. One that is there keeps its next turn, and
 * is checked at once if it has checks. A new one begins with its own times, or takes over a turn that another configuration
 * of the stream has missed.
 */
export async function setSchedules(sql: Sql, owner: Owner, entries: readonly Entry[]): Promise<void> {
  for (const { turn, rule, next, check } of entries) {
    await sql.query(
      `insert into sluice.schedules as s (${ownerNames}, turn, rule, next_at, check_at, set_at, seen_at)
       values ($1, $2, $3, $4, $5, $6, least($7, (
         select min(o.next_at) from sluice.schedules o
         where o.connector = $1 and o.account = $2 and o.stream = $3 and o.turn = $5 and $7::timestamptz is not null
       )), $8, sluice.now(), sluice.now())
       on conflict (${ownerNames}, turn) do update
       set rule = excluded.rule, check_at = least(s.check_at, excluded.check_at), seen_at = excluded.seen_at`,
      [...ownerValues(owner), turn, JSON.stringify(rule), next ?? null, check ?? null],
    )
  }
  const turns = entries.map(({ turn }) => turn)
  await sql.query(`delete from sluice.schedules where ${isOwner} and turn <> all($5::text[])`, [
    ...ownerValues(owner),
    turns,
  ])
}

/** Says that these configurations are still in use, and drops the schedules of those that nobody has used for 7 days. */
export async function confirmSchedules(sql: Sql, owners: readonly Owner[]): Promise<void> {
  await sql.query(
    `update sluice.schedules set seen_at = sluice.now() where (${ownerNames}) in (select ${ownerNames} from ${given})`,
    columnsOf(owners),
  )
  await sql.query(`delete from sluice.schedules where seen_at < sluice.now() - interval '7 days'`)
}

/** What is due of these owners, without taking it; and the owners of whom nothing is written down, with `turn` null. */
export function dueSchedules(sql: Sql, owners: readonly Owner[]): Promise<(Owner & { turn: string | null })[]> {
  return sql.query(
    `select ${ownerNames}, s.turn from ${given} left join sluice.schedules s using (${ownerNames})
     where s.turn is null or ${isDue} order by s.next_at`,
    columnsOf(owners),
  )
}

/** Takes a schedule that is due, until the end of the transaction; undefined when somebody else has it, or had it. */
export async function takeSchedule(sql: Sql, key: ScheduleKey): Promise<Due | undefined> {
  const [due] = await sql.query<Due>(
    `select s.rule, s.next_at as next, s.check_at as check, s.owed, sluice.now() as now,
       case when not (${isTurn}) then null
            when s.rule ? 'after' then coalesce((
              select max(r.finished_at) from sluice.runs r where ${ofAccount} and r.stream = s.rule ->> 'after'), s.next_at)
            else s.next_at end as "turnAt"
     from sluice.schedules s where ${isOwner} and turn = $5 and ${isDue} for update of s skip locked`,
    [...ownerValues(key), key.turn],
  )
  return due
}

/** Sets when a schedule is looked at again. */
export async function setTimes(sql: Sql, key: ScheduleKey, { next, check, owed }: Times): Promise<void> {
  await sql.query(
    `update sluice.schedules set next_at = $6, check_at = $7, owed = $8, set_at = sluice.now() where ${isOwner} and turn = $5`,
    [...ownerValues(key), key.turn, next, check, JSON.stringify(owed)],
  )
}

/**
 * Makes due what is chained to a stream of an account, in the transaction that ends a run of it. It takes its turn when no
 * run of the stream is open any more. Rows are locked in order: two runs that end at once do not wait for each other.
 */
export async function markChained(
  sql: Sql,
  { connector, account, stream }: Pick<Owner, 'connector' | 'account' | 'stream'>,
): Promise<void> {
  await sql.query(
    `with chained as (
       select ${ownerNames}, turn from sluice.schedules
       where connector = $1 and account = $2 and rule ->> 'after' = $3 order by ${ownerNames}, turn for update)
     update sluice.schedules s set next_at = sluice.now(), set_at = sluice.now() from chained c
     where (s.connector, s.account, s.stream, s.variant, s.turn) = (c.connector, c.account, c.stream, c.variant, c.turn)`,
    [connector, account, stream],
  )
}

/**
 * The parts of a stream that follow the present and have an open run (`ended` null), or a run that ended in success or
 * partial within the last two days, and when the last of them did.
 */
export function recentParts(
  sql: Sql,
  { connector, account, stream }: Pick<Owner, 'connector' | 'account' | 'stream'>,
): Promise<{ part: Part; ended: Date | null }[]> {
  const ofStream = `r.connector = $1 and r.account = $2 and r.stream = $3 and r.span = '${standing}'`
  return sql.query(
    `select part, null::timestamptz as ended from sluice.runs r where ${ofStream} and ${open}
     union all
     select part, max(finished_at) from sluice.runs r
     where ${ofStream} and state in ('success', 'partial') and finished_at > sluice.now() - interval '2 days' group by part`,
    [connector, account, stream],
  )
}

/** All schedules, the next one first; chains that wait for their stream last. */
export function readSchedules(sql: Sql): Promise<ScheduleState[]> {
  return sql.query(
    `select ${ownerNames}, turn, next_at as next, check_at as check, jsonb_array_length(owed) as owed, seen_at as seen
     from sluice.schedules order by next_at, ${ownerNames}, turn`,
  )
}

function ownerValues({ connector, account, stream, variant }: Owner): string[] {
  return [connector, account, stream, variant]
}

function columnsOf(owners: readonly Owner[]): string[][] {
  return [0, 1, 2, 3].map(at => owners.map(owner => ownerValues(owner)[at]!))
}
