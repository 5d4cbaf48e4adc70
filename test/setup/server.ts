import { randomUUID } from 'node:crypto'
import { chmod, mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parse } from 'pg-connection-string'
import { openEmbedded } from '../../src/db/embedded/open.ts'
import { findPlace } from '../../src/db/embedded/place.ts'
import { type Connection, openStore, type Store } from '../../src/db/store.ts'

/** The PostgreSQL that a run of the tests uses, and its end. */
export type Server = { connection: Connection; stop(): Promise<void> }

/** The server named in SLUICE_TEST_DATABASE_URL, whose user may create databases; otherwise one of our own. */
export function startServer(): Promise<Server> {
  const url = process.env.SLUICE_TEST_DATABASE_URL
  return url ? Promise.resolve({ connection: fromUrl(url), stop: async () => undefined }) : startOwn()
}

/** A database server that lives as long as the run and need not survive a power cut. */
async function startOwn(): Promise<Server> {
  const home = join(tmpdir(), `sluice-test-${randomUUID()}`, 'home')
  await mkdir(dirname(home))
  await chmod(dirname(home), 0o755)
  const { connection, release } = await openEmbedded({ home })
  const place = await findPlace(home)
  await withStore(connection, hurry)
  const stop = async () => {
    await release()
    for (const folder of [place!.folder, dirname(home)]) await rm(folder, { recursive: true, force: true })
  }
  return { connection: { ...connection, ssl: false }, stop }
}

async function hurry(store: Store): Promise<void> {
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    await store.query(`alter system set ${setting} = off`)
  }
  await store.query('select pg_reload_conf()')
}

/** Works with a store of this database and closes it. */
export async function withStore<T>(connection: Connection, work: (store: Store) => Promise<T>): Promise<T> {
  const store = openStore(connection, { max: 1 })
  return work(store).finally(store.close)
}

function fromUrl(url: string): Connection {
  const { host, port, user, password, database } = parse(url)
  return {
    host: host ?? 'localhost',
    port: Number(port || 5432),
    user: user ?? 'postgres',
    password: String(password ?? ''),
    database: database ?? 'postgres',
  }
}
