import type { Slice } from '../core/run.ts'
import type { Held } from './held.ts'
import type { Token } from './queue.ts'
import { isToBlame, token } from './runs.ts'
import { isSlice, sliceValues } from './slices.ts'
import type { Sql } from './store.ts'

/** The workers that hold runs now. */
export async function holders(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ worker: string }>(`select distinct worker from sluice.runs where state = 'running'`)
  return rows.map(row => row.worker)
}

/**
 * Plans the runs of dead workers again and counts the death where it may be theirs; returns them with the jobs they were held by.
 * One that somebody is at (a plan that finds it open, a last commit) is left for the next time: to wait for it while holding
 * others would be a deadlock with a plan that has them in another order.
 */
export function orphanRuns(sql: Sql, workers: readonly string[]): Promise<(Token & { job: string })[]> {
  return sql.query(
    `with dead as (
       select id, job from sluice.runs where state = 'running' and worker = any($1::text[])
       for update skip locked)
     update sluice.runs r set state = 'planned', deaths = deaths + case when ${isToBlame} then 1 else 0 end,
       reason = null, worker = null, updated_at = sluice.now()
     from dead where r.id = dead.id returning ${token}, dead.job::text`,
    [workers],
  )
}

/** Plans runs again whose jobs are lost. */
export function replanRuns(sql: Sql, ids: readonly string[]): Promise<Token[]> {
  return sql.query(
    `update sluice.runs r set state = 'planned', worker = null, job = null, updated_at = sluice.now()
     where id = any($1::bigint[]) and state in ('planned', 'running') returning ${token}`,
    [ids],
  )
}

/** Notes that a suspect asks a question: if its worker dies before the page is committed, that is a death more. */
export async function suspectAsks(sql: Sql, { id, worker, job }: Held): Promise<void> {
  await sql.query(
    `update sluice.runs set reason = 'asks again what a worker died over'
     where id = $1 and worker = $2 and job = $3 and state = 'running' and deaths > 0`,
    [id, worker, job],
  )
}

/**
 * Has the runs of a slice that are under way begin anew from what is known of it now, because that was replaced under them:
 * whatever their workers still bring is refused.
 */
export async function restartRuns(sql: Sql, slice: Slice, reason: string): Promise<void> {
  await sql.query(
    `update sluice.runs set state = 'waiting', due_at = sluice.now(), reason = $5, worker = null, job = null, updated_at = sluice.now()
     where ${isSlice} and state = 'running'`,
    [...sliceValues(slice), reason],
  )
}
