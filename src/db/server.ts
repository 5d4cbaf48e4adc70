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
