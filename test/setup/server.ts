import { randomUUID } from 'node:crypto'
import { chmod, chown, mkdir, readdir, rm, stat, statfs } from 'node:fs/promises'
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
  const quick = await roomInMemory(place!.data)
  await withStore(connection, store => hurry(store, quick))
  const stop = async () => {
    await release()
    const folders = [place!.folder, dirname(home), ...(quick ? [quick] : [])]
    for (const folder of folders) await rm(folder, { recursive: true, force: true })
  }
  return { connection: { ...connection, ssl: false }, stop }
}

const [memory, mark] = ['/dev/shm', 'sluice-test-']

/** So much memory (bytes) must be free for databases to be kept in it. */
const enough = 2 * 1024 ** 3

/** A folder in memory that belongs to the server's user; undefined where there is none, or little room. */
async function roomInMemory(data: string): Promise<string | undefined> {
  const room = await statfs(memory).catch(() => undefined)
  if (!room || room.bavail * room.bsize < enough) return undefined
  await clearAfterTheDead()
  const folder = join(memory, `${mark}${process.pid}`)
  const { uid, gid } = await stat(data)
  await mkdir(folder, { mode: 0o700 })
  await chown(folder, uid, gid)
  return folder
}

/** What runs that were killed have left there would take memory for good. */
async function clearAfterTheDead(): Promise<void> {
  const left = (await readdir(memory)).filter(name => name.startsWith(mark))
  for (const name of left.filter(each => !isAlive(Number(each.slice(mark.length))))) {
    await rm(join(memory, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** New databases are copies of a template, and lie where it lies: making one, of a thousand files, is the most of many a test. */
async function hurry(store: Store, quick: string | undefined): Promise<void> {
  if (quick) {
    await store.query(`create tablespace memory location '${quick}'`)
    await store.query('alter database template0 set tablespace memory')
  }
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
