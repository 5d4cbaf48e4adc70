import type { Range } from '../core/range.ts'
import type { Sql, Store } from './store.ts'

/** One lock for all who add partitions. */
const lock = 7_285_002

/**
 * Makes the monthly (UTC) partitions that rows of this range will need. Done before a run, never inside a page's
 * transaction. A partition is built beside its table and attached, which leaves readers and writers undisturbed.
 */
export async function makePartitions(store: Store, table: string, by: string, range: Range): Promise<void> {
  const wanted = months(range).map(from => ({ from, name: `${table}_${nameOf(from)}` }))
  const missing = await absent(store, wanted)
  if (missing.length === 0) return
  await store.transaction(async tx => {
    await tx.query('select pg_advisory_xact_lock($1)', [lock])
    for (const { name, from } of await absent(tx, missing)) await attach(tx, table, by, name, from)
  })
}

/** Read from the catalogue's tables, because name look-ups answer from a cache that another's commit may not have reached. */
async function absent<T extends { name: string }>(sql: Sql, partitions: T[]): Promise<T[]> {
  const rows = await sql.query<{ name: string }>(
    `select name from unnest($1::text[]) as name where not exists (
       select from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname || '.' || c.relname = name)`,
    [partitions.map(({ name }) => name)],
  )
  return partitions.filter(({ name }) => rows.some(row => row.name === name))
}

async function attach(sql: Sql, table: string, by: string, name: string, from: Date): Promise<void> {
  const [low, high] = [from.getTime(), nextMonth(from).getTime()]
  await sql.query(`create table ${name} (like ${table} including defaults including constraints)`)
  await sql.query(`alter table ${name} add check (${by} >= ${low} and ${by} < ${high})`)
  await sql.query(`alter table ${table} attach partition ${name} for values from (${low}) to (${high})`)
}

function months({ from, to }: Range): Date[] {
  const found: Date[] = []
  let month = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth(), 1))
  for (; month < to; month = nextMonth(month)) found.push(month)
  return found
}

function nextMonth(month: Date): Date {
  return new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 1))
}

function nameOf(month: Date): string {
  return month.toISOString().slice(0, 7).replace('-', '_')
}
