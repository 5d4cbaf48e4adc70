import type { Sql } from './store.ts'

/** What a database server says of itself. */
export type Server = { version: string; encoding: string; user: string; mayCreate: boolean }

/** The server's version (`18.4`), the encoding of our database there, who we are, and whether we may create schemas in it. */
export async function describeServer(sql: Sql): Promise<Server> {
  const [row] = await sql.query<Server>(
    `select split_part(version(), ' ', 2) as version, getdatabaseencoding() as encoding, current_user::text as user,
       has_database_privilege(current_database(), 'create') as "mayCreate"`,
  )
  return row!
}

/** The clock of the machine that the server runs on, whatever a test has made of ours. */
export async function serverTime(sql: Sql): Promise<Date> {
  const [row] = await sql.query<{ now: Date }>('select clock_timestamp() as now')
  return row!.now
}

/** What the user we are may do beyond its own databases and tables, in words of PostgreSQL; nothing for one with few rights. */
export async function widerRights(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ right: string }>(
    `select r as right from pg_roles, lateral (values ('superuser', rolsuper), ('createdb', rolcreatedb), ('createrole', rolcreaterole),
       ('replication', rolreplication), ('bypassrls', rolbypassrls)) as of_role(r, has)
     where rolname = current_user and has`,
  )
  return rows.map(({ right }) => right)
}
