import { type Range, subtract } from '../core/range.ts'
import type { Slice } from '../core/run.ts'
import { isSlice, sliceValues } from './slices.ts'
import type { Sql } from './store.ts'

/** A stretch inside the coverage in which the vendor sent nothing: suspected at first, absent once confirmed. */
export type Hole = Range & { status: 'suspected' | 'absent'; firstSeen: Date }

/** A second look counts when it comes this much later (vendor's caches, late publication), in ms. */
export const confirmAfter = 600_000

/** The holes of a slice in order of time. */
export function readHoles(sql: Sql, slice: Slice): Promise<Hole[]> {
  return sql.query<Hole>(
    `select from_at as "from", to_at as "to", status, first_seen as "firstSeen" from sluice.holes
     where ${isSlice} order by from_at`,
    sliceValues(slice),
  )
}

/**
 * Writes down what an answer for `covered` said about holes. One that was known before keeps the time it was first seen,
 * and is absent when this is at least 10 min later; one that the answer filled is forgotten.
 */
export async function recordHoles(sql: Sql, slice: Slice, covered: Range, holes: readonly Range[]): Promise<void> {
  const known = await sql.query<Hole>(
    `delete from sluice.holes where ${isSlice} and from_at < $6 and to_at > $5
     returning from_at as "from", to_at as "to", status, first_seen as "firstSeen"`,
    [...sliceValues(slice), covered.from, covered.to],
  )
  for (const old of known) for (const rest of subtract(old, [covered])) await insert(sql, slice, rest, old)
  for (const hole of holes) {
    await insert(
      sql,
      slice,
      hole,
      known.find(old => old.from <= hole.from && old.to >= hole.to),
    )
  }
}

async function insert(sql: Sql, slice: Slice, { from, to }: Range, before: Hole | undefined): Promise<void> {
  await sql.query(
    `insert into sluice.holes (connector, account, stream, part, from_at, to_at, first_seen, last_seen, status)
     select $1, $2, $3, $4, $5, $6, seen, sluice.now(),
       case when $8 or sluice.now() - seen >= $9 * interval '1 ms' then 'absent' else 'suspected' end
     from (select coalesce($7::timestamptz, sluice.now()) as seen) first
     on conflict (connector, account, stream, part, from_at) do update set to_at = excluded.to_at`,
    [...sliceValues(slice), from, to, before?.firstSeen ?? null, before?.status === 'absent', confirmAfter],
  )
}

/** The suspected holes that a second look can settle now. */
export function ripeHoles(sql: Sql, slice: Slice): Promise<Range[]> {
  return sql.query<Range>(
    `select from_at as "from", to_at as "to" from sluice.holes
     where ${isSlice} and status = 'suspected' and first_seen <= sluice.now() - $5 * interval '1 ms' order by from_at`,
    [...sliceValues(slice), confirmAfter],
  )
}
