import pg from 'pg'
import { Misuse, StoreAway } from '../../core/failure.ts'
import { name } from './cluster.ts'
import { diskFull } from './trouble.ts'

/** What a driver needs to know to connect to the store. */
export type Connection = { host: string; port: number; user: string; password: string; database: string }

/**
 * Our one connection that stays open as long as we use the store: how the others see that it is in use, and how we
 * learn that it has gone.
 */
export type Presence = {
  /** Resolves when the connection has ended, by us or by anything else. */
  lost: Promise<void>
  /** How many others are connected, be they Sluice or not. */
  others(): Promise<number>
  end(): Promise<void>
}

type Trouble = Error & { code?: string }

/** The server refuses or cuts connections for a moment: starting, stopping, recovering, full, just gone. */
const passing = new Set(['57P01', '57P02', '57P03', '53300', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'])

/** Undefined when it is worth another try soon. */
export async function enter(connection: Connection): Promise<Presence | undefined> {
  try {
    return presence(await connectOrCreate(connection))
  } catch (error) {
    const { code = '', message } = error as Trouble
    if (passing.has(code) || /terminated|timeout/.test(message)) return undefined
    throw judged(error as Trouble, connection)
  }
}

/** The database is made at the first entry; a crash may have come between initdb and this. */
async function connectOrCreate(connection: Connection): Promise<pg.Client> {
  try {
    return await connect(connection)
  } catch (error) {
    if ((error as Trouble).code !== '3D000') throw error
    const client = await connect({ ...connection, database: 'postgres' })
    await client.query(`create database ${name}`).finally(() => client.end())
    return connect(connection)
  }
}

async function connect(connection: Connection): Promise<pg.Client> {
  const client = new pg.Client({
    ...connection,
    ssl: false,
    application_name: 'sluice presence',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  })
  // An unheard 'error' would end the process; what it says is that the connection is lost, which 'end' says too.
  client.on('error', () => {})
  await client.connect().catch(error => {
    client.end().catch(() => {})
    throw error
  })
  return client
}

function presence(client: pg.Client): Presence {
  const lost = new Promise<void>(resolve => client.once('end', () => resolve()))
  return { lost, others: () => others(client), end: () => client.end() }
}

async function others(client: pg.Client): Promise<number> {
  const { rows } = await client.query(`
    select count(*)::int as others from pg_stat_activity
    where backend_type in ('client backend', 'walsender') and pid <> pg_backend_pid()`)
  return rows[0].others
}

function judged(error: Trouble, { host, port }: Connection): Error {
  const where = `The embedded PostgreSQL on ${host}:${port}`
  if (error.code === '53100') return diskFull('the embedded PostgreSQL')
  if (error.code !== '28P01') return new StoreAway('store-away', `${where} does not let us in: ${error.message}`)
  return new Misuse(
    'embedded-password',
    `${where} refuses the stored password. Put back the file postgres/password that belongs to this store.`,
  )
}
