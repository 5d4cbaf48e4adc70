import { conceal } from '../core/conceal.ts'
import type { Priority } from '../core/priority.ts'
import type { Cause, Run, Said, Slice } from '../core/run.ts'
import { flagsValue, giveFlags } from './flags.ts'
import type { Snooze } from './held.ts'
import type { Token } from './queue.ts'
import { isSlice, sliceValues } from './slices.ts'
import type { Sql, Store } from './store.ts'

/**
 * What a run shall do: its span and where that begins and ends (`to` null: at the present), and what the flags of a command say
 * (null: nothing; undefined: no command asks, and an open run keeps what it has).
 */
export type Plan = {
  span: string
  cause: Cause
  priority: Priority
  from: Date
  to: Date | null
  flags?: Said | null | undefined
}

const columns = `id::text, connector, account, stream, part, span, cause, priority::text, state, reason, bucket, due_at as "dueAt",
  from_at as "from", to_at as "to", position, pages, records::float8, inserted::float8, changed::float8,
  quarantined::float8, deaths, retries, error_code as "errorCode", error, warning, notice, findings, flags, total::float8, worker, job, started_at as "startedAt",
  finished_at as "finishedAt"`

/** What the queue has to know of a run. */
export const token = `r.id::text as run, r.priority::text, r.connector || '/' || r.account as account`

const open = `state in ('planned', 'waiting', 'running')`

/**
 * Plans a run unless one is open for the same span; returns the open one's id either way. Somebody who asks for an open run means it
 * to go on, as their flags say: its deaths and retries are forgiven, and neither a repair nor what has come to nothing before waits
 * any longer, unless it is for a quota. A schedule only looks at it: neither waits for the other.
 */
export async function planRun(sql: Sql, slice: Slice, plan: Plan): Promise<{ id: string; planned: boolean }> {
  const values = [...sliceValues(slice), plan.span]
  const isOpen = `${isSlice} and span = $5 and ${open}`
  const [found] = await sql.query<{ id: string }>(
    plan.cause === 'sync'
      ? `update sluice.runs set deaths = 0, retries = 0,
           due_at = case when state = 'waiting' and (cause = 'heal' or (retries > 0 and bucket is null)) then least(due_at, sluice.now()) else due_at end
         where ${isOpen} returning id::text`
      : `select id::text from sluice.runs where ${isOpen}`,
    values,
  )
  if (found) {
    if (plan.flags !== undefined) await giveFlags(sql, found.id, plan.flags)
    return { id: found.id, planned: false }
  }
  const [made] = await sql.query<{ id: string }>(
    `insert into sluice.runs (connector, account, stream, part, span, cause, priority, state, from_at, to_at, position, flags, planned_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $9, 'planned', $7, $8, $7, $10, sluice.now(), sluice.now())
     on conflict (connector, account, stream, part, span) where ${open} do nothing
     returning id::text`,
    [...values, plan.cause, plan.from, plan.to, plan.priority, flagsValue(plan.flags)],
  )
  return made ? { id: made.id, planned: true } : planRun(sql, slice, plan)
}

/**
 * Of all the runs that a worker holds, most only wait for their turn when it dies. The first death counts for each of them;
 * from then on a run is a suspect, and a further one counts only if it had asked a question by then (`suspectAsks`), as
 * only answers kill workers.
 */
export const isToBlame = '(deaths = 0 or reason is not null)'

/** Who claims a run: the worker, the job it was handed, and which time the queue hands it out (0, 1 …). */
export type Claim = { id: string; worker: string; job: string; attempt: number }

/**
 * Takes a run for a worker. A run that is running already is taken only with its own job: by the worker that has it, or
 * by one that was handed the job later, which the queue does when a worker is lost. That is a death, and counted. A run that was
 * taken from a worker goes on under a new job: the old one, should its worker come back with it, moves it no more.
 */
export async function claimRun(sql: Sql, { id, worker, job, attempt }: Claim): Promise<Run | undefined> {
  const [run] = await sql.query<Run>(
    `update sluice.runs
     set deaths = deaths + case when state = 'running' and worker <> $2 and ${isToBlame} then 1 else 0 end,
         state = 'running', worker = $2, job = $3, attempt = $4, reason = null, bucket = null, due_at = null,
         started_at = coalesce(started_at, sluice.now()), updated_at = sluice.now()
     where id = $1 and ((state = 'planned' and job is distinct from $3) or (state = 'running' and job = $3 and (worker = $2 or attempt < $4)))
     returning ${columns}`,
    [id, worker, job, attempt],
  )
  return run
}

/**
 * Takes a run like `claimRun`, unless `most` runs of its account are being worked on; `full` when they are. Claims of one
 * account wait for each other, so that two of them never see the same last place. A run that is running has a place
 * already: its worker comes back to it, or the next one takes it over, however many others there are.
 */
export async function claimWithin(store: Store, claim: Claim, most: number): Promise<Run | 'full' | undefined> {
  return store.transaction(async tx => {
    await tx.query(
      `select pg_advisory_xact_lock(hashtextextended('claim ' || connector || '/' || account, 0))
       from sluice.runs where id = $1`,
      [claim.id],
    )
    const [busy] = await tx.query<{ running: number }>(
      `select count(*)::int as running from sluice.runs r, sluice.runs mine
       where mine.id = $1 and mine.state = 'planned' and r.state = 'running'
         and (r.connector, r.account) = (mine.connector, mine.account)`,
      [claim.id],
    )
    return busy!.running >= most ? 'full' : claimRun(tx, claim)
  })
}

/** Gives a run back that was handed out and not claimed, until a moment. */
export async function postponeRun(sql: Sql, id: string, { due, reason }: Snooze): Promise<void> {
  await sql.query(
    `update sluice.runs set state = 'waiting', due_at = $2, reason = $3, job = null, updated_at = sluice.now()
     where id = $1 and state = 'planned'`,
    [id, due, conceal(reason)],
  )
}

/** Plans the waiting runs whose time has come, the high ones first; at most `most` at once. What they waited for is over. */
export function wakeRuns(sql: Sql, most: number): Promise<Token[]> {
  return sql.query(
    `update sluice.runs r set state = 'planned', reason = null, bucket = null, due_at = null, updated_at = sluice.now() where id in (
       select id from sluice.runs where state = 'waiting' and due_at <= sluice.now()
       order by priority, due_at limit $1 for update skip locked)
     returning ${token}`,
    [most],
  )
}

/**
 * Moves waits back by as much as the clock was set back since they began: nobody waits for a time that was a mistake. A step
 * of less than a minute is waited for.
 */
export async function pullBackRuns(sql: Sql): Promise<void> {
  await sql.query(
    `update sluice.runs set due_at = due_at - (updated_at - sluice.now()), updated_at = sluice.now()
     where state = 'waiting' and updated_at > sluice.now() + interval '1 minute'`,
  )
}

/** Runs by their ids, in the order they were planned. */
export function readRuns(sql: Sql, ids: readonly string[]): Promise<Run[]> {
  return sql.query<Run>(`select ${columns} from sluice.runs where id = any($1::bigint[]) order by runs.id`, [ids])
}

/** The newest runs of a slice, newest first. */
export function latestRuns(sql: Sql, slice: Slice, most: number): Promise<Run[]> {
  return sql.query<Run>(`select ${columns} from sluice.runs where ${isSlice} order by runs.id desc limit $5`, [
    ...sliceValues(slice),
    most,
  ])
}

/** The newest run of a span. */
export async function latestOfSpan(sql: Sql, slice: Slice, span: string): Promise<Run | undefined> {
  const values = [...sliceValues(slice), span]
  const text = `select ${columns} from sluice.runs where ${isSlice} and span = $5 order by runs.id desc limit 1`
  return (await sql.query<Run>(text, values))[0]
}

/** Every run that has not ended, the first one due first; at most `most`. */
export function openRuns(sql: Sql, most: number): Promise<Run[]> {
  return sql.query<Run>(
    `select ${columns} from sluice.runs where ${open} order by due_at nulls first, runs.id limit $1`,
    [most],
  )
}

/** Which runs to list: of these states, of this connector or stream of it; the newest first, at most `most`. */
export type Filter = { states: readonly string[]; connector?: string; stream?: string; most: number }

export function listRuns(sql: Sql, { states, connector, stream, most }: Filter): Promise<Run[]> {
  return sql.query<Run>(
    `select ${columns} from sluice.runs
     where state = any($1::text[]) and ($2::text is null or connector = $2) and ($3::text is null or stream = $3)
     order by runs.id desc limit $4`,
    [states, connector, stream, most],
  )
}
