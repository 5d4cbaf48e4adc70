import { conceal } from '../core/conceal.ts'
import type { Finding, Run } from '../core/run.ts'
import type { Sql } from './store.ts'

/** A run as its worker claimed it. Planned anew it goes on under another job, and what comes of this one is refused. */
export type Held = Pick<Run, 'id' | 'worker' | 'job'>

const isTheirs = `id = $1 and worker = $2 and job = $3 and state = 'running'`

/** What one page brought. */
export type Gain = Pick<Run, 'position' | 'records' | 'inserted' | 'changed' | 'quarantined'> & {
  total?: number | undefined
  notice?: string | undefined
}

/**
 * Adds what one page brought, in the page's transaction; false when the run is held no more. Deaths and retries count while
 * nothing is committed between them.
 */
export async function countPage(sql: Sql, { id, worker, job }: Held, gain: Gain): Promise<boolean> {
  const counted = await sql.query(
    `update sluice.runs set position = $4, pages = pages + 1, deaths = 0, retries = 0, reason = null, records = records + $5, inserted = inserted + $6,
       changed = changed + $7, quarantined = quarantined + $8, total = coalesce($9, total),
       notice = coalesce($10, notice), updated_at = sluice.now()
     where ${isTheirs} returning 1`,
    [
      ...[id, worker, job, gain.position, gain.records, gain.inserted, gain.changed, gain.quarantined],
      ...[gain.total ?? null, gain.notice === undefined ? null : conceal(gain.notice)],
    ],
  )
  return counted.length > 0
}

/** Whether a run is still held; notes that it is worked on. */
export async function isHeld(sql: Sql, { id, worker, job }: Held): Promise<boolean> {
  const held = await sql.query(`update sluice.runs set updated_at = sluice.now() where ${isTheirs} returning 1`, [
    ...[id, worker, job],
  ])
  return held.length > 0
}

/** Why a run waits: until when, in words, for which bucket if for one, and whether it spends a retry, or has them all again (`anew`). */
export type Snooze = { due: Date; reason: string; bucket?: string; retry?: boolean; anew?: boolean }

/** Gives a run back until a moment; the waker plans it again then. False when it is held no more. */
export async function snoozeRun(sql: Sql, { id, worker, job }: Held, snooze: Snooze): Promise<boolean> {
  const given = await sql.query(
    `update sluice.runs set state = 'waiting', due_at = $4, reason = $5, bucket = $6, retries = case when $8 then 0 else retries + $7::int end,
       worker = null, job = null, updated_at = sluice.now()
     where ${isTheirs} returning 1`,
    [
      ...[id, worker, job, snooze.due, conceal(snooze.reason), snooze.bucket],
      ...[snooze.retry ? 1 : 0, snooze.anew ?? false],
    ],
  )
  return given.length > 0
}

/** How a run ended. */
export type End = {
  state: 'success' | 'partial' | 'failed'
  warning?: string
  code?: string
  error?: string
  stack?: string
  findings?: readonly Finding[]
}

/** Ends a run that is still held; false when it is not. */
export async function finishRun(sql: Sql, { id, worker, job }: Held, end: End): Promise<boolean> {
  const [warning, error, stack] = [end.warning, end.error, end.stack].map(text => text && conceal(text))
  const ended = await sql.query(
    `update sluice.runs set state = $4, warning = $5, error_code = $6, error = $7, stack = $8, reason = null, due_at = null,
       findings = $9, finished_at = sluice.now(), updated_at = sluice.now()
     where ${isTheirs} returning 1`,
    [id, worker, job, end.state, warning, end.code, error, stack, JSON.stringify(end.findings ?? [])],
  )
  return ended.length > 0
}
