import { type Range, subtract } from '../core/range.ts'
import type { Slice } from '../core/run.ts'
import { isSlice, sliceValues } from './slices.ts'
import type { Sql } from './store.ts'

/** A stretch inside the coverage in which the vendor sent nothing: suspected at first, absent once confirmed. */
export type Hole = Range & { status: 'suspected' | 'absent'; firstSeen: Date }

type Known = Hole & { lastSeen: Date }

const insert =
  'insert into sluice.holes (connector, account, stream, part, from_at, to_at, first_seen, last_seen, status)'

/** A second look counts when it comes this much later (vendor's caches, late publication), in ms. */
const confirmAfter = 600_000

/** The holes of a slice in order of time. */
export function readHoles(sql: Sql, slice: Slice): Promise<Hole[]> {
  return sql.query<Hole>(
    `select from_at as "from", to_at as "to", status, first_seen as "firstSeen" from sluice.holes
     where ${isSlice} order by from_at`,
    sliceValues(slice),
  )
}

/**
 * Writes down what an answer for `covered` said about holes. One that is seen again, unchanged, keeps the time it was
 * first seen, and is absent when this is at least 10 min later; one that the answer filled is forgotten.
 */
export async function recordHoles(sql: Sql, slice: Slice, covered: Range, holes: readonly Range[]): Promise<void> {
  if (covered.from >= covered.to) return
  const known = await sql.query<Known>(
    `delete from sluice.holes where ${isSlice} and from_at < $6 and to_at > $5
     returning from_at as "from", to_at as "to", status, first_seen as "firstSeen", last_seen as "lastSeen"`,
    [...sliceValues(slice), covered.from, covered.to],
  )
  for (const old of known) for (const rest of subtract(old, [covered])) await keep(sql, slice, rest, old)
  for (const hole of holes) {
    await see(
      sql,
      slice,
      hole,
      known.find(old => same(clip(old, covered), hole)),
    )
  }
}

/** The piece of a known hole that this answer said nothing about stays what it was. */
async function keep(
  sql: Sql,
  slice: Slice,
  { from, to }: Range,
  { status, firstSeen, lastSeen }: Known,
): Promise<void> {
  await sql.query(`${insert} values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, [
    ...sliceValues(slice),
    ...[from, to, firstSeen, lastSeen, status],
  ])
}

function clip({ from, to }: Range, { from: first, to: last }: Range): Range {
  return { from: from > first ? from : first, to: to < last ? to : last }
}

/** A hole that changed its edges is another one: some of it was filled, or it grew. */
function same(a: Range, b: Range): boolean {
  return a.from.getTime() === b.from.getTime() && a.to.getTime() === b.to.getTime()
}

async function see(sql: Sql, slice: Slice, { from, to }: Range, before: Known | undefined): Promise<void> {
  await sql.query(
    `${insert}
     select $1, $2, $3, $4, $5, $6, seen, sluice.now(),
       case when $8 or sluice.now() - seen >= $9 * interval '1 ms' then 'absent' else 'suspected' end
     from (select coalesce($7::timestamptz, sluice.now()) as seen) first`,
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
