import type { Slice } from '../core/run.ts'
import { isSlice, sliceValues } from './slices.ts'
import type { Sql } from './store.ts'

/** What is proven of a part without times: pages that follow each other, or a complete list; how many rows that makes. */
export type Proven = {
  kind: 'chain' | 'snapshot'
  from: Date
  to: Date
  rows: number
  total: number | null
  complete: boolean
}

/** What a page adds to a chain: from which cursor to which, when it was asked for, how many rows it made, and whether it is the end. */
export type Link = { from: unknown; to: unknown; asked: Date; rows: number; isEnd: boolean }

/** Everything that is proven of such a part, in order of time; one chain has one row unless it is broken. */
export async function readProven(sql: Sql, slice: Slice): Promise<Proven[]> {
  const rows = await sql.query<Omit<Proven, 'rows' | 'total'> & { rows: string; total: string | null }>(
    `select kind, from_at as "from", to_at as "to", rows, total, complete from sluice.coverage
     where ${isSlice} and kind <> 'range' order by from_at`,
    sliceValues(slice),
  )
  return rows.map(row => ({ ...row, rows: Number(row.rows), total: row.total === null ? null : Number(row.total) }))
}

/** Adds a page to the chain that ends where it begins; false when there is none. */
export async function growChain(
  sql: Sql,
  slice: Slice,
  { from, to, asked, rows, isEnd }: Link,
  run: string,
): Promise<boolean> {
  const values = [...sliceValues(slice), JSON.stringify(from), JSON.stringify(to), asked, rows, run, isEnd]
  const grown = await sql.query(
    `update sluice.coverage
     set to_cursor = $6, to_at = greatest(to_at, $7), rows = rows + $8, run_id = $9, complete = $10, proven_at = sluice.now()
     where ${isSlice} and kind = 'chain' and to_cursor = $5::jsonb returning 1`,
    values,
  )
  return grown.length > 0
}

/** Begins a chain with a page. */
export async function beginChain(
  sql: Sql,
  slice: Slice,
  { from, to, asked, rows, isEnd }: Link,
  run: string,
): Promise<void> {
  await sql.query(
    `insert into sluice.coverage as c
       (connector, account, stream, part, kind, from_cursor, to_cursor, from_at, to_at, rows, run_id, complete, proven_at)
     values ($1, $2, $3, $4, 'chain', $5, $6, $7, $7, $8, $9, $10, sluice.now())
     on conflict (connector, account, stream, part, from_at) do update
     set to_cursor = excluded.to_cursor, rows = c.rows + excluded.rows, complete = excluded.complete, proven_at = excluded.proven_at`,
    [...sliceValues(slice), JSON.stringify(from), JSON.stringify(to), asked, rows, run, isEnd],
  )
}

/** Adds rows that came outside of the order of pages: to the newest of what is proven. */
export async function addRows(sql: Sql, slice: Slice, rows: number): Promise<void> {
  await sql.query(
    `update sluice.coverage set rows = rows + $5 where ${isSlice} and kind <> 'range' and from_at = (
       select max(from_at) from sluice.coverage where ${isSlice} and kind <> 'range')`,
    [...sliceValues(slice), rows],
  )
}

/** Adds the rows of a page to a list that is being made, or to the complete one that it will replace; false without one. */
export async function growList(sql: Sql, slice: Slice, { rows }: Pick<Link, 'rows'>): Promise<boolean> {
  const grown = await sql.query(
    `update sluice.coverage set rows = rows + $5 where ${isSlice} and kind = 'snapshot' returning 1`,
    [...sliceValues(slice), rows],
  )
  return grown.length > 0
}

/** Begins the first list of a part. It proves nothing before it has come to its end. */
export async function beginList(
  sql: Sql,
  slice: Slice,
  page: Pick<Link, 'asked' | 'rows'>,
  run: string,
): Promise<void> {
  await sql.query(
    `insert into sluice.coverage
       (connector, account, stream, part, kind, from_at, to_at, rows, complete, run_id, proven_at)
     values ($1, $2, $3, $4, 'snapshot', $5, $5, $6, false, $7, sluice.now())`,
    [...sliceValues(slice), page.asked, page.rows, run],
  )
}

/** What a list came to that is at its end: when it was begun and ended, how many rows, how many the vendor said. */
export type Listed = { from: Date; to: Date; rows: number; total: number | null }

/** Writes down a list that has come to its end, in place of the one before. */
export async function proveListed(
  sql: Sql,
  slice: Slice,
  { from, to, rows, total }: Listed,
  run: string,
): Promise<void> {
  await dropProven(sql, slice)
  await sql.query(
    `insert into sluice.coverage
       (connector, account, stream, part, kind, from_at, to_at, rows, total, run_id, proven_at)
     values ($1, $2, $3, $4, 'snapshot', $5, $6, $7, $8, $9, sluice.now())`,
    [...sliceValues(slice), from, to, rows, total, run],
  )
}

/** Forgets all that is proven of a part without times. */
export async function dropProven(sql: Sql, slice: Slice): Promise<void> {
  await sql.query(`delete from sluice.coverage where ${isSlice} and kind <> 'range'`, sliceValues(slice))
}
