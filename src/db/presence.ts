import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import pg from 'pg'
import type { Sql, Store } from './store.ts'

/**
 * A worker is present as long as one session of its own holds an advisory lock. The database drops the lock the moment
 * the process dies, however it dies, so that others need not wait for a heartbeat to be missed.
 */
export type Presence = { worker: string; leave(): Promise<void> }

const space = 7_285

/** Announces this process under a name of its own: host, process id and a random word. */
export async function arrive(store: Store): Promise<Presence> {
  const worker = `${hostname()}:${process.pid}:${randomBytes(3).toString('hex')}`
  const client = new pg.Client({ ...store.connection, application_name: 'sluice presence', keepAlive: true })
  client.on('error', () => undefined)
  await client.connect()
  await client.query('select pg_advisory_lock($1, hashtext($2))', [space, worker])
  return { worker, leave: () => client.end() }
}

/** Which of these workers are gone. */
export async function absentWorkers(sql: Sql, workers: readonly string[]): Promise<string[]> {
  const rows = await sql.query<{ worker: string }>(
    `select worker from unnest($2::text[]) as worker where not exists (
       select from pg_locks where locktype = 'advisory' and classid = $1::oid and objid = (hashtext(worker)::bigint & 4294967295)::oid
         and objsubid = 2 and granted and database = (select oid from pg_database where datname = current_database()))`,
    [space, workers],
  )
  return rows.map(row => row.worker)
}
