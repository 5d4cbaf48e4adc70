import type { Slice } from '../core/run.ts'

/** The four columns by which every ledger table knows a slice, to be compared with $1 … $4. */
export const isSlice = 'connector = $1 and account = $2 and stream = $3 and part = $4'

/** The values of a slice for $1 … $4. */
export function sliceValues({ connector, account, stream, part }: Slice): [string, string, string, string] {
  return [connector, account, stream, JSON.stringify(part)]
}

/** Selected from a ledger table's row: a lock on its slice, which ends with the transaction. */
export const sliceLock = `pg_advisory_xact_lock(hashtextextended(concat_ws(' ', connector, account, stream, part), 7285))`
