import { Overtaken } from '../core/failure.ts'
import { type Range, rangeText } from '../core/range.ts'
import { type Slice, sliceText, standing } from '../core/run.ts'
import type { Held } from './held.ts'
import { isSlice, sliceLock, sliceValues } from './slices.ts'
import type { Sql } from './store.ts'

/** Where a part stands. `version` is what a commit must have read to be allowed to write (fencing). */
export type Checkpoint = { cursor: unknown; from: Date; position: Date; version: string }

/** The checkpoint of a span, if a run has ever worked on it. */
export async function readCheckpoint(sql: Sql, slice: Slice, span: string): Promise<Checkpoint | undefined> {
  const [row] = await sql.query<Checkpoint>(
    `select cursor, from_at as "from", position, version::text from sluice.checkpoints where ${isSlice} and span = $5`,
    [...sliceValues(slice), span],
  )
  return row
}

/**
 * The cursor at which a stream of an account stands: in the part of the slice, or else in the only part it has. Undefined
 * before its first page.
 */
export async function readCursor(sql: Sql, { connector, account, stream, part }: Slice): Promise<unknown> {
  const found = await sql.query<{ cursor: unknown; same: boolean }>(
    `select cursor, part = $4::jsonb as same from sluice.checkpoints
     where connector = $1 and account = $2 and stream = $3 and span = $5 and cursor is not null`,
    [connector, account, stream, JSON.stringify(part), standing],
  )
  const [only] = found
  return (found.find(({ same }) => same) ?? (found.length === 1 ? only : undefined))?.cursor
}

/**
 * Takes the checkpoint for a run, creating it when there is none: from now on nobody else's version is right. `anew` says
 * that it holds only for the run that began where this one did; any other begins from nothing.
 * @throws Overtaken when the run is held no more
 */
export async function takeCheckpoint(
  sql: Sql,
  slice: Slice,
  take: { span: string; run: Held; from: Date; to: Date | null; position: Date; anew?: boolean },
): Promise<Checkpoint> {
  const { span, run, from, to, position } = take
  const [row] = await sql.query<Checkpoint>(
    `insert into sluice.checkpoints as c (connector, account, stream, part, span, from_at, to_at, position, run_id, updated_at)
     select $1, $2, $3, $4::jsonb, $5, $6::timestamptz, $7::timestamptz, $8::timestamptz, id, sluice.now()
     from sluice.runs where id = $9 and worker = $10 and job = $11 and state = 'running'
     on conflict (connector, account, stream, part, span) do update
     set version = c.version + 1, run_id = excluded.run_id,
       from_at = case when $12 then excluded.from_at else c.from_at end,
       cursor = case when $12 and c.from_at <> excluded.from_at then null else c.cursor end
     returning cursor, from_at as "from", position, version::text`,
    [...sliceValues(slice), span, from, to, position, run.id, run.worker, run.job, take.anew ?? false],
  )
  if (!row) throw overtaken(slice)
  return row
}

/**
 * Moves a checkpoint from the version that was read: the first statement of every commit. From then on until its end
 * only this transaction touches the ledgers of the slice.
 * @returns the next version, and the database's time
 * @throws Overtaken when no row moved, because somebody else took over
 */
export async function moveCheckpoint(
  sql: Sql,
  slice: Slice,
  move: { span: string; run: string; version: string; cursor: unknown; position: Date },
): Promise<{ version: string; now: Date }> {
  const [row] = await sql.query<{ version: string; now: Date }>(
    `update sluice.checkpoints
     set version = version + 1, cursor = $8, position = $9, updated_at = sluice.now()
     where ${isSlice} and span = $5 and run_id = $6 and version = $7
     returning version::text, updated_at as now, ${sliceLock}`,
    [...sliceValues(slice), move.span, move.run, move.version, JSON.stringify(move.cursor), move.position],
  )
  if (!row) throw overtaken(slice)
  return { version: row.version, now: row.now }
}

/** Somebody else has this run now. */
export function overtaken(slice: Slice): Overtaken {
  return new Overtaken(`${sliceText(slice)}: another worker took this run over; nothing of this page was written`)
}

/** Notes that a range has to be asked for, from its beginning: the next plan finds it among those begun and not ended. */
export async function beginSpan(sql: Sql, slice: Slice, range: Range): Promise<void> {
  await sql.query(
    `insert into sluice.checkpoints (connector, account, stream, part, span, from_at, to_at, position, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $6, sluice.now())
     on conflict (connector, account, stream, part, span) do nothing`,
    [...sliceValues(slice), rangeText(range), range.from, range.to],
  )
}

/** The checkpoint of a finished range has nothing more to tell: coverage proves it. */
export async function dropCheckpoint(sql: Sql, slice: Slice, span: string): Promise<void> {
  await sql.query(`delete from sluice.checkpoints where ${isSlice} and span = $5`, [...sliceValues(slice), span])
}

/** Forgets a beginning that no page followed: the vendor will have no more for it the next time. */
export async function dropUntouched(sql: Sql, slice: Slice, span: string): Promise<void> {
  await sql.query(`delete from sluice.checkpoints where ${isSlice} and span = $5 and cursor is null`, [
    ...sliceValues(slice),
    span,
  ])
}

/** Everything that was ever begun and not dropped: from where to where (null: to the present) it shall reach. */
export function begunSpans(sql: Sql, slice: Slice): Promise<{ from: Date; to: Date | null; position: Date }[]> {
  return sql.query(
    `select from_at as "from", to_at as "to", position from sluice.checkpoints where ${isSlice} order by from_at`,
    sliceValues(slice),
  )
}

/** Moves the beginning of the standing checkpoint back, once the time before it is covered. */
export async function extendBack(sql: Sql, slice: Slice, span: string, { from }: Pick<Range, 'from'>): Promise<void> {
  await sql.query(`update sluice.checkpoints set from_at = $6 where ${isSlice} and span = $5 and from_at > $6`, [
    ...sliceValues(slice),
    span,
    from,
  ])
}
