import type { Sql, Store } from './store.ts'

/**
 * Makes a database for a while: an empty one, or a copy of another, with which nobody may be connected then. A server that does
 * not wait for its disk copies files, which is quicker than writing them to its log.
 */
export async function createScratch(server: Sql, name: string, template = 'template0'): Promise<void> {
  const [found] = await server.query<{ hurries: boolean }>(`select current_setting('fsync') = 'off' as hurries`)
  const strategy = found!.hurries ? 'file_copy' : 'wal_log'
  await server.query(`create database ${name} template ${template} strategy ${strategy}`)
}

/** Drops a database, whoever is connected with it. */
export async function dropScratch(server: Sql, name: string): Promise<void> {
  await server.query(`drop database if exists ${name} with (force)`)
}

/** The tables of schemas, in order of their names; partitions are parts of theirs. */
export async function tablesOf(sql: Sql, schemas: readonly string[]): Promise<string[]> {
  const rows = await sql.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = any($1::text[]) and c.relkind in ('r', 'p') and not c.relispartition order by 1`,
    [schemas],
  )
  return rows.map(({ name }) => name)
}

/** Empties these tables, and those that hold references to them. Those that are empty are left alone, which is quicker. */
export async function emptyTables(store: Store, tables: readonly string[]): Promise<void> {
  if (tables.length === 0) return
  const looks = tables.map(
    table => `select '${table.replaceAll("'", "''")}' as name where exists (select from ${table})`,
  )
  const full = await store.query<{ name: string }>(looks.join(' union all '))
  if (full.length > 0) await store.query(`truncate ${full.map(({ name }) => name).join(', ')} cascade`)
}

/**
 * The rows of a table as JSON texts, in order of these texts. Left out is when they were asked for, and the
 * numbers that the database gives them; of when they were gone is
 * told only whether.
 */
export async function contentsOf(sql: Sql, table: string): Promise<string[]> {
  const rows = await sql.query<{ row: string }>(
    `select (case when whole ? 'gone_at' then whole || jsonb_build_object('gone_at', whole ->> 'gone_at' is not null)
       else whole end)::text as row
     from (select to_jsonb(t) - 'asked_at' - own.names as whole from ${table} t, (
       select coalesce(array_agg(attname::text), '{}') as names from pg_attribute
       where attrelid = to_regclass($1) and attidentity <> '') own) rows order by 1`,
    [table],
  )
  return rows.map(({ row }) => row)
}

/** The rows of a table that hold one of these texts, wherever; five at most. */
export async function rowsWith(sql: Sql, table: string, texts: readonly string[]): Promise<string[]> {
  const rows = await sql.query<{ row: string }>(
    `select to_jsonb(t)::text as row from ${table} t
     where exists (select from unnest($1::text[]) as mark where strpos(to_jsonb(t)::text, mark) > 0) limit 5`,
    [texts],
  )
  return rows.map(({ row }) => row)
}
