import { Misuse } from '../core/failure.ts'
import type { Part } from '../core/part.ts'
import type { Range } from '../core/range.ts'
import type { Sql } from './store.ts'
import type { Table } from './table.ts'

/**
 * The rows of a part in its table: the columns named like the part's fields hold its values, `account` its account where
 * there is such a column, and `time` (epoch ms) the time of each, if they have one. `flags` are those of the table (Flags).
 */
export type Counted = {
  table: string
  of: Readonly<Record<string, string>>
  time?: string
  flags?: readonly string[]
}

/**
 * How the rows of a part are found.
 * @throws Misuse when a field of the part is no column: its rows could not be told from those of others.
 */
export function countedOf({ name, own, columns, flags }: Table, part: Part, account: string, time?: string): Counted {
  const missing = Object.keys(part).find(field => !columns.some(column => column.name === field))
  if (missing !== undefined)
    throw new Misuse('schema-mismatch', `${name} has no column "${missing}", which names a part of its stream`)
  const of = { ...part, ...(own.has('account') ? { account } : {}) }
  return { table: name, of, flags: Object.keys(flags), ...(time ? { time } : {}) }
}

/** How many rows of a part the table holds in a stretch of time. */
export async function countRows(sql: Sql, { table, of, time }: Counted, { from, to }: Range): Promise<number> {
  const [row] = await sql.query<{ n: string }>(
    `select count(*) as n from ${table} where ${ofPart(of, 3)} and ${time} >= $1 and ${time} < $2`,
    [from.getTime(), to.getTime(), ...Object.values(of)],
  )
  return Number(row!.n)
}

/** How many rows of a part the table holds in all; those that are gone are left out where rows can be gone. */
export async function countAll(sql: Sql, { table, of }: Counted, canBeGone: boolean): Promise<number> {
  const [row] = await sql.query<{ n: string }>(
    `select count(*) as n from ${table} where ${ofPart(of)}${canBeGone ? ' and gone_at is null' : ''}`,
    Object.values(of),
  )
  return Number(row!.n)
}

/** How many rows of a part were asked for since a moment. */
export async function countSeen(sql: Sql, { table, of }: Counted, since: Date): Promise<number> {
  const [row] = await sql.query<{ n: string }>(
    `select count(*) as n from ${table} where ${ofPart(of, 2)} and asked_at >= $1 and gone_at is null`,
    [since, ...Object.values(of)],
  )
  return Number(row!.n)
}

/** Marks the rows of a part that no question since a moment has brought; returns how many. */
export async function markGone(sql: Sql, { table, of, flags = [] }: Counted, since: Date): Promise<number> {
  const undone = flags.map(name => `, "${name}" = false`).join('')
  const [row] = await sql.query<{ n: string }>(
    `with gone as (
       update ${table} set gone_at = sluice.now()${undone}
       where ${ofPart(of, 2)} and asked_at < $1 and gone_at is null returning 1)
     select count(*) as n from gone`,
    [since, ...Object.values(of)],
  )
  return Number(row!.n)
}

/** The stretches between rows that lie further apart than `step` ms, the edges of the range included; 100 at most. */
export async function gaps(
  sql: Sql,
  { table, of, time }: Counted,
  { from, to }: Range,
  step: number,
): Promise<Range[]> {
  const rows = await sql.query<{ low: string; high: string }>(
    `select low, high from (
       select lag(at, 1, $1::bigint - $3::bigint) over (order by at) as low, at as high from (
         select ${time} as at from ${table} where ${ofPart(of, 4)} and ${time} >= $1 and ${time} < $2
         union all select $2::bigint) times) pairs
     where high - low >= $3::bigint * 1.9 order by low limit 100`,
    [from.getTime(), to.getTime(), step, ...Object.values(of)],
  )
  return rows.map(({ low, high }) => ({ from: new Date(Number(low) + step), to: new Date(Number(high)) }))
}

function ofPart(of: Counted['of'], first = 1): string {
  const columns = Object.keys(of).map((name, place) => `"${name}" = $${first + place}`)
  return columns.length > 0 ? columns.join(' and ') : 'true'
}
