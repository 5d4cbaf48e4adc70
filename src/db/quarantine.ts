import { createHash } from 'node:crypto'
import { conceal } from '../core/conceal.ts'
import type { Slice } from '../core/run.ts'
import { hideInJson } from '../core/secret.ts'
import { isSlice, sliceValues } from './slices.ts'
import type { Sql } from './store.ts'

/** A record that could not become a row: the text it came as, and the first thing that is wrong with it. */
export type Bad = { record: string; field?: string; value?: string; reason: string }

/**
 * Keeps broken records; the same record of the same slice is kept once, however often it comes. The record is kept as it came,
 * because it is to be replayed: only secrets of ours that a vendor has put into it are hidden. What is said of it is for people.
 */
export async function keepBad(sql: Sql, slice: Slice, bad: readonly Bad[], run: string): Promise<void> {
  for (const { record, field, value, reason } of bad) {
    await sql.query(
      `insert into sluice.quarantine as q
         (connector, account, stream, part, digest, record, field, value, reason, run_id, first_seen, last_seen)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, sluice.now(), sluice.now())
       on conflict (connector, account, stream, part, digest) do update
       set last_seen = excluded.last_seen, run_id = excluded.run_id, times = q.times + 1,
           field = excluded.field, value = excluded.value, reason = excluded.reason`,
      [
        ...sliceValues(slice),
        digest(record),
        printable(hideInJson(record)),
        field,
        value && printable(conceal(value)),
        conceal(reason),
        run,
      ],
    )
  }
}

/** How many records of a slice are in quarantine. */
export async function countBad(sql: Sql, slice: Slice): Promise<number> {
  const [row] = await sql.query<{ n: number }>(
    `select count(*)::int as n from sluice.quarantine where ${isSlice}`,
    sliceValues(slice),
  )
  return row!.n
}

function digest(record: string): Buffer {
  return createHash('sha256').update(record).digest()
}

/** PostgreSQL keeps no NUL in a text; JSON text has it only as an escape, a bare value may hold it. */
function printable(text: string): string {
  return text.replaceAll('\u0000', '\\u0000')
}
