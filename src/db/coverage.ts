import type { Range } from '../core/range.ts'
import type { Slice } from '../core/run.ts'
import { isSlice, sliceValues } from './slices.ts'
import type { Sql } from './store.ts'

/** A stretch of time that is proven complete, and how many rows the table must hold there. */
export type Covered = Range & { rows: number }

/** A coverage row takes the next page in until it holds this many rows: few rows, and a count of one is quick. */
const full = 10_000

/** What is proven of a slice, in order of time; only what touches `range` when one is given. */
export async function readCoverage(sql: Sql, slice: Slice, range?: Range): Promise<Covered[]> {
  const rows = await sql.query<{ from: Date; to: Date; rows: string }>(
    `select from_at as "from", to_at as "to", rows from sluice.coverage
     where ${isSlice} and ($5::timestamptz is null or (from_at < $6 and to_at > $5)) order by from_at`,
    [...sliceValues(slice), range?.from ?? null, range?.to ?? null],
  )
  return rows.map(row => ({ ...row, rows: Number(row.rows) }))
}

/** Adds a stretch that overlaps nothing; it grows the row before it when that ends where this begins. */
export async function addCoverage(sql: Sql, slice: Slice, { from, to, rows }: Covered, run: string): Promise<void> {
  const grown = await sql.query(
    `update sluice.coverage set to_at = $6, rows = rows + $7, run_id = $8, proven_at = sluice.now()
     where ${isSlice} and to_at = $5 and rows + $7 <= ${full} returning 1`,
    [...sliceValues(slice), from, to, rows, run],
  )
  if (grown.length > 0) return
  await sql.query(
    `insert into sluice.coverage (connector, account, stream, part, from_at, to_at, rows, run_id, proven_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, sluice.now())`,
    [...sliceValues(slice), from, to, rows, run],
  )
}

/** Forgets exactly these stretches. */
export async function dropCoverage(sql: Sql, slice: Slice, stretches: readonly Range[]): Promise<void> {
  if (stretches.length === 0) return
  await sql.query(`delete from sluice.coverage where ${isSlice} and from_at = any($5::timestamptz[])`, [
    ...sliceValues(slice),
    stretches.map(({ from }) => from),
  ])
}

/** Says that a stretch holds so many rows more. */
export async function growCoverage(sql: Sql, slice: Slice, { from }: Pick<Range, 'from'>, rows: number): Promise<void> {
  if (rows === 0) return
  await sql.query(`update sluice.coverage set rows = rows + $6 where ${isSlice} and from_at = $5`, [
    ...sliceValues(slice),
    from,
    rows,
  ])
}
