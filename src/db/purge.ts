import pg from 'pg'
import { nursery } from '../core/source.ts'
import type { AccountKey } from './accounts.ts'
import { archive } from './generations.ts'
import type { Sql } from './store.ts'

/**
 * What Sluice keeps of an account beside its rows. Checkpoints go first: a page that is about to be committed either was
 * before, or finds its checkpoint gone and is rolled back. Runs go next, for the page of a run that takes its checkpoint
 * after that: it finds its run gone, and all that it has proven and stored before is seen by what is deleted from here on.
 */
const ledgers = [
  ...['checkpoints', 'runs', 'coverage', 'holes', 'skipped', 'quarantine', 'schedules', 'pauses', 'alerts'],
  'account_use',
]

/**
 * Tables with a column `account` that hold rows of a connector: its own, and those in which a stream is loaded anew or its former
 * rows are kept (generations.ts), which begin with its name. Of two connectors that a name begins with, the longer one has made it.
 */
const tablesText = `
  select n.nspname as schema, c.relname as name
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
  where a.attname = 'account' and not a.attisdropped and c.relkind in ('r', 'p') and not c.relispartition
    and (n.nspname = $1 or n.nspname = any($2) and starts_with(c.relname, $1 || '_') and not exists (
      select from pg_namespace o where starts_with(o.nspname, $1 || '_') and starts_with(c.relname, o.nspname || '_')))
  order by n.nspname <> $1, 1, 2`

/**
 * Deletes everything that was collected for an account: its rows in every table of the connector that has a column
 * `account`, those of other generations as well, and its ledgers. Returns how many rows of each table, those without any left out. It may take long, and is
 * done in a transaction of its own.
 */
export async function purge(sql: Sql, { connector, slug }: AccountKey): Promise<Record<string, number>> {
  await sql.query('set local statement_timeout = 0')
  const tables = await sql.query<{ schema: string; name: string }>(tablesText, [connector, [nursery, archive]])
  const gone: Record<string, number> = {}
  for (const name of ledgers) {
    gone[`sluice.${name}`] = await empty(sql, `sluice.${name}`, 'connector = $1 and account = $2', [connector, slug])
  }
  for (const { schema, name } of tables) {
    const table = [schema, name].map(each => pg.escapeIdentifier(each)).join('.')
    gone[`${schema}.${name}`] = await empty(sql, table, 'account = $1', [slug])
  }
  return Object.fromEntries(Object.entries(gone).filter(([, rows]) => rows > 0))
}

async function empty(sql: Sql, table: string, which: string, values: readonly string[]): Promise<number> {
  const text = `with gone as (delete from ${table} where ${which} returning 1) select count(*)::float8 as rows from gone`
  const [row] = await sql.query<{ rows: number }>(text, values)
  return row!.rows
}
