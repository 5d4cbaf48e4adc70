import { Misuse } from '../core/failure.ts'
import type { Sql } from './store.ts'

/** A table or view to read from. Names are quoted, ready for SQL; `type` is that of the catalogue, below any domain. */
export type Relation = { name: string; columns: Field[]; key: string[] }
export type Field = { name: string; quoted: string; type: string }

/**
 * Looks a table or view up, as the catalogue has it: its columns in order, and its primary key (none of a view).
 * @throws Misuse when there is none of that name
 */
export async function findRelation(sql: Sql, name: string): Promise<Relation> {
  const [found] = await sql.query<{ id: string; name: string }>(
    `select c.oid::text as id, format('%I.%I', n.nspname, c.relname) as name
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname || '.' || c.relname = $1 and c.relkind in ('r', 'p', 'v', 'm', 'f')`,
    [name],
  )
  if (!found) throw new Misuse('unknown-table', `There is no table "${name}"; there are ${await namesOf(sql)}`)
  const columns = await sql.query<Field & { key: number | null }>(
    `select a.attname as name, format('%I', a.attname) as quoted, coalesce(b.typname, t.typname) as type,
       array_position(i.indkey::int2[], a.attnum) as key
     from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_type b on b.oid = nullif(t.typbasetype, 0)
       left join pg_index i on i.indrelid = a.attrelid and i.indisprimary
     where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    [found.id],
  )
  const key = columns.filter(column => column.key !== null).toSorted((a, b) => a.key! - b.key!)
  return { name: found.name, columns, key: key.map(({ quoted }) => quoted) }
}

/** The tables and views a user may mean: those of our own schemas and of connectors, without the partitions. */
async function namesOf(sql: Sql): Promise<string> {
  const found = await sql.query<{ name: string }>(
    `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
       and n.nspname not in ('pg_catalog', 'information_schema', 'sluice_queue') and n.nspname !~ '^pg_' order by 1`,
  )
  return found.map(({ name }) => name).join(', ')
}

/** How many rows a table holds of an account; those that are gone are left out where rows can be gone. */
export async function countRowsOf(sql: Sql, table: string, account: string): Promise<number> {
  const { name, columns } = await findRelation(sql, table)
  const here = columns.some(column => column.name === 'gone_at') ? ' and gone_at is null' : ''
  const [row] = await sql.query<{ rows: string }>(`select count(*) as rows from ${name} where account = $1${here}`, [
    account,
  ])
  return Number(row!.rows)
}
