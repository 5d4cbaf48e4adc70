import type { Part } from '../core/part.ts'
import type { Range } from '../core/range.ts'
import type { Sql } from './store.ts'

/** A table whose rows belong to a part and a time: the columns named like the part's fields, and one of epoch ms. */
export type Counted = { table: string; time: string }

/** How many rows of a part the table holds in a stretch of time. */
export async function countRows(sql: Sql, { table, time }: Counted, part: Part, { from, to }: Range): Promise<number> {
  const [row] = await sql.query<{ n: string }>(
    `select count(*) as n from ${table} where ${ofPart(part)} and ${time} >= $1 and ${time} < $2`,
    [from.getTime(), to.getTime(), ...Object.values(part)],
  )
  return Number(row!.n)
}

/** The stretches between rows that lie further apart than `step` ms, the edges of the range included; 100 at most. */
export async function gaps(
  sql: Sql,
  { table, time }: Counted,
  part: Part,
  { from, to }: Range,
  step: number,
): Promise<Range[]> {
  const rows = await sql.query<{ low: string; high: string }>(
    `select low, high from (
       select lag(at, 1, $1::bigint - $3::bigint) over (order by at) as low, at as high from (
         select ${time} as at from ${table} where ${ofPart(part, 4)} and ${time} >= $1 and ${time} < $2
         union all select $2::bigint) times) pairs
     where high - low >= $3::bigint * 1.9 order by low limit 100`,
    [from.getTime(), to.getTime(), step, ...Object.values(part)],
  )
  return rows.map(({ low, high }) => ({ from: new Date(Number(low) + step), to: new Date(Number(high)) }))
}

function ofPart(part: Part, first = 3): string {
  return Object.keys(part)
    .map((name, place) => `"${name}" = $${first + place}`)
    .join(' and ')
}
