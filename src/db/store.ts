import { createHash } from 'node:crypto'
import pg from 'pg'
import { storeFailure } from './failure.ts'

/** Where a PostgreSQL server answers, and as whom we speak to it. */
export type Connection = {
  host: string
  port: number
  user: string
  password: string
  database: string
  ssl?: boolean | { rejectUnauthorized: boolean }
}

/** Something that runs one SQL statement: the store itself, or a transaction of it. */
export type Sql = {
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>
}

/** An open transaction. `client` is for what is no single statement: COPY. */
export type Transaction = Sql & { client: pg.PoolClient }

/**
 * The database as the rest of the house sees it. Every method throws StoreAway when the server is not there, and Misuse
 * when it refuses us.
 */
export type Store = Sql & {
  connection: Connection
  /** Where it is, without the password. */
  where: string
  /** Runs `work` in one transaction; whatever it throws rolls everything back. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
  /** Runs `work` on the database as it is now, whatever others commit meanwhile; it cannot change anything. */
  snapshot<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
  /** The same, but the commit may be forgotten if the database SERVER crashes within the next second, and all later such ones. */
  lightly: Sql & Pick<Store, 'transaction'>
  close(): Promise<void>
}

/** B11: a statement may take 30 s, an idle transaction 300 s. */
const session = { statement_timeout: 30_000, idle_in_transaction_session_timeout: 300_000 }

/**
 * A server that is gone without a word (its machine lost power, the way there is cut) is noticed by the system some 20 s after
 * it last answered; otherwise a statement under way would wait for its answer for ever.
 */
export const watched = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 }

export type PoolSize = { max: number }

/** A pool on this server. Nothing is asked yet: the first statement connects. */
export function openStore(connection: Connection, { max }: PoolSize = { max: 10 }): Store {
  const where = `${connection.host}:${connection.port}/${connection.database}`
  const base = { ...connection, ...session, ...watched, application_name: 'sluice', connectionTimeoutMillis: 10_000 }
  const pool = newPool({ ...base, max, options: '-c timezone=UTC' })
  const light = newPool({ ...base, max: 2, options: '-c timezone=UTC -c synchronous_commit=off' })
  return {
    ...sql(pool, where),
    connection,
    where,
    lightly: {
      ...sql(light, where),
      transaction: work => transact(pool, where, 'begin; set local synchronous_commit = off', work),
    },
    transaction: work => transact(pool, where, 'begin', work),
    snapshot: work => transact(pool, where, 'begin isolation level repeatable read read only', work),
    close: async () => void (await Promise.all([pool.end(), light.end()])),
  }
}

/** A connection that breaks is replaced by the pool; whoever uses it learns of it from its own statement. */
function newPool(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool(config)
  pool.on('error', () => undefined)
  pool.on('connect', client => void client.on('error', () => undefined))
  return pool
}

/**
 * A statement with values is prepared: a connection that has run it before neither sends its text again nor has it
 * parsed, which is most of the work of a small statement.
 */
function sql(runner: pg.Pool | pg.PoolClient, where: string): Sql {
  return {
    query: async <Row extends object>(text: string, values: readonly unknown[] = []) => {
      const prepared = values.length > 0 ? { name: nameOf(text) } : {}
      try {
        return (await runner.query<Row & pg.QueryResultRow>({ text, values: [...values], ...prepared })).rows
      } catch (error) {
        throw storeFailure(error, where)
      }
    },
  }
}

const names = new Map<string, string>()

/** The name a prepared statement has on every connection. */
function nameOf(text: string): string {
  const known = names.get(text) ?? createHash('sha256').update(text).digest('base64url')
  names.set(text, known)
  return known
}

async function transact<T>(
  pool: pg.Pool,
  where: string,
  begin: string,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  let client: pg.PoolClient
  try {
    client = await pool.connect()
  } catch (error) {
    throw storeFailure(error, where)
  }
  try {
    await client.query(begin)
    const result = await work({ client, ...sql(client, where) })
    await client.query('commit')
    client.release()
    return result
  } catch (error) {
    await abandon(client)
    throw storeFailure(error, where)
  }
}

/** Rolls back, and throws the connection away when even that fails. */
async function abandon(client: pg.PoolClient): Promise<void> {
  try {
    await client.query('rollback')
    client.release()
  } catch (error) {
    client.release(error instanceof Error ? error : true)
  }
}
