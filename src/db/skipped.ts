import type { Slice } from '../core/run.ts'
import { isSlice, sliceValues } from './slices.ts'
import type { Sql } from './store.ts'

/** A page that never came: the question, the span of the runs that ask for it again, and why it did not come. */
export type Skipped = {
  span: string
  cursor: unknown
  reason: string
  /** The run that left it out, or asked for it last. */
  run: string
  times: number
  firstSeen: Date
  lastSeen: Date
}

const columns = `span, cursor, reason, run_id::text as run, times, first_seen as "firstSeen", last_seen as "lastSeen"`

/** How the spans of runs begin that ask for one page again. */
export const pageSpan = 'page '

/** A second try comes this much later (ms). */
const ripeAfter = 600_000

/** Notes a page that was left out. */
export async function skip(sql: Sql, slice: Slice, cursor: unknown, reason: string, run: string): Promise<void> {
  await sql.query(
    `insert into sluice.skipped as s (connector, account, stream, part, span, cursor, reason, run_id, first_seen, last_seen)
     values ($1, $2, $3, $4, '${pageSpan}' || md5($5::jsonb::text), $5::jsonb, $6, $7, sluice.now(), sluice.now())
     on conflict (connector, account, stream, part, span) do update
     set reason = excluded.reason, run_id = excluded.run_id, last_seen = excluded.last_seen, times = s.times + 1`,
    [...sliceValues(slice), JSON.stringify(cursor), reason, run],
  )
}

/** How many pages a run has left out. */
export async function countSkipped(sql: Sql, slice: Slice, run: string): Promise<number> {
  const [row] = await sql.query<{ n: number }>(
    `select count(*)::int as n from sluice.skipped where ${isSlice} and run_id = $5`,
    [...sliceValues(slice), run],
  )
  return row!.n
}

/** The pages of a slice that were left out, the first one first. */
export function readSkipped(sql: Sql, slice: Slice): Promise<Skipped[]> {
  return sql.query<Skipped>(
    `select ${columns} from sluice.skipped
     where ${isSlice} order by first_seen, span`,
    sliceValues(slice),
  )
}

/** The pages that can be asked for again now. */
export function ripeSkipped(sql: Sql, slice: Slice): Promise<Skipped[]> {
  return sql.query<Skipped>(
    `select ${columns} from sluice.skipped
     where ${isSlice} and last_seen <= sluice.now() - $5 * interval '1 ms' order by first_seen, span`,
    [...sliceValues(slice), ripeAfter],
  )
}

/** Notes that a page was asked for again and is not there yet: it has its next try later. */
export async function askedAgain(sql: Sql, slice: Slice, span: string, run: string): Promise<void> {
  await sql.query(`update sluice.skipped set run_id = $6, last_seen = sluice.now() where ${isSlice} and span = $5`, [
    ...sliceValues(slice),
    span,
    run,
  ])
}

/** Notes that a page has come after all; without a span, that none is missing any more. */
export async function unskip(sql: Sql, slice: Slice, span?: string): Promise<void> {
  await sql.query(`delete from sluice.skipped where ${isSlice} and ($5::text is null or span = $5)`, [
    ...sliceValues(slice),
    span ?? null,
  ])
}
