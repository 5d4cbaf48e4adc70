import type { Slice } from '../core/run.ts'
import type { Sql } from './store.ts'

/** The four columns by which every ledger table knows a slice, to be compared with $1 … $4. */
export const isSlice = 'connector = $1 and account = $2 and stream = $3 and part = $4'

/** The values of a slice for $1 … $4. */
export function sliceValues({ connector, account, stream, part }: Slice): [string, string, string, string] {
  return [connector, account, stream, JSON.stringify(part)]
}

/** Lets only one transaction at a time touch the ledgers of a slice; ends with the transaction. */
export async function lockSlice(sql: Sql, slice: Slice): Promise<void> {
  await sql.query('select pg_advisory_xact_lock(hashtextextended($1, 7285))', [sliceValues(slice).join(' ')])
}
