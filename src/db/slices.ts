import type { Slice } from '../core/run.ts'
import type { Sql } from './store.ts'

/** The four columns by which every ledger table knows a slice, to be compared with $1 … $4. */
export const isSlice = 'connector = $1 and account = $2 and stream = $3 and part = $4'

/** The values of a slice for $1 … $4. */
export function sliceValues({ connector, account, stream, part }: Slice): [string, string, string, string] {
  return [connector, account, stream, JSON.stringify(part)]
}

/** Lets only one transaction at a time plan runs of a stream; ends with the transaction. */
export async function lockPlans(sql: Sql, { connector, account, stream }: Omit<Slice, 'part'>): Promise<void> {
  const name = [connector, account, stream].join(' ')
  await sql.query('select pg_advisory_xact_lock(hashtextextended($1, 7286))', [name])
}

/** Keeps every commit of a slice away until the transaction ends. */
export async function lockSlice(sql: Sql, slice: Slice): Promise<void> {
  const text = `select ${sliceLock} from (values ($1::text, $2::text, $3::text, $4::jsonb)) as s (connector, account, stream, part)`
  await sql.query(text, sliceValues(slice))
}

/** Selected from a ledger table's row: a lock on its slice, which ends with the transaction. */
export const sliceLock = `pg_advisory_xact_lock(hashtextextended(concat_ws(' ', connector, account, stream, part), 7285))`
