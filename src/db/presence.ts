import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { storeFailure } from './failure.ts'
import { type Sql, type Store, watched } from './store.ts'

/**
 * A worker is present as long as one session of its own holds an advisory lock. The database drops the lock the moment
 * the process dies, however it dies, so that others need not wait for a heartbeat to be missed. A session that is lost
 * while the process lives (the server was restarted) is replaced as soon as the database answers again.
 */
export type Presence = { worker: string; leave(): Promise<void> }

const space = 7_285

/** How often a lost session is tried again, in ms. */
const again = 250

/** Announces this process under a name of its own: host, process id and a random word. */
export async function arrive(store: Store): Promise<Presence> {
  const worker = `${hostname()}:${process.pid}:${randomBytes(3).toString('hex')}`
  const leaving = new AbortController()
  let session = await announce(store, worker)
  let back = Promise.resolve()
  const watch = () =>
    session.once('end', () => {
      back = comeBack()
    })
  const comeBack = async () => {
    while (!leaving.signal.aborted) {
      const next = await announce(store, worker).catch(() => undefined)
      if (next) {
        session = next
        return void watch()
      }
      await sleep(again, undefined, { signal: leaving.signal }).catch(() => undefined)
    }
  }
  watch()
  const leave = async () => {
    leaving.abort()
    await back
    await session.end()
  }
  return { worker, leave }
}

async function announce(store: Store, worker: string): Promise<pg.Client> {
  const options = { ...watched, application_name: 'sluice presence', connectionTimeoutMillis: 10_000 }
  const client = new pg.Client({ ...store.connection, ...options })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select pg_advisory_lock($1, hashtext($2))', [space, worker])
    return client
  } catch (error) {
    await client.end().catch(() => undefined)
    throw storeFailure(error, store.where)
  }
}

/** After a start of the server every worker is given so long to announce itself again (s): living ones do so at once. */
const settling = 3

/**
 * Which of these workers are gone. Nobody is while the server has only just started and others have not come back yet. One
 * that started at a time still to come has had its clock set back since, as machines do when they find the time.
 */
export async function absentWorkers(sql: Sql, workers: readonly string[]): Promise<string[]> {
  const rows = await sql.query<{ worker: string }>(
    `select worker from unnest($2::text[]) as worker, (
       select greatest(pg_postmaster_start_time(), max(backend_start)) as started from pg_stat_activity
       where backend_type = 'checkpointer') as server
     where clock_timestamp() not between started and started + interval '${settling} seconds'
     and not exists (
       select from pg_locks where locktype = 'advisory' and classid = $1::oid and objid = (hashtext(worker)::bigint & 4294967295)::oid
         and objsubid = 2 and granted and database = (select oid from pg_database where datname = current_database()))`,
    [space, workers],
  )
  return rows.map(row => row.worker)
}
