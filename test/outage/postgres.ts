import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import { completeLinks, copyBinaries, findBinaries } from '../../src/db/embedded/binaries.ts'
import { createCluster, name, passwordOf } from '../../src/db/embedded/cluster.ts'
import { shared } from '../../src/db/embedded/place.ts'
import { surroundings } from '../../src/db/embedded/program.ts'
import { standIn } from '../../src/db/embedded/user.ts'
import { type Component, engineComponent, migrate } from '../../src/db/migrations.ts'
import { installQueue } from '../../src/db/queue.ts'
import { type Connection, openStore } from '../../src/db/store.ts'
import { freePort } from '../setup/port.ts'
import { until } from '../setup/sluice.ts'

/** A PostgreSQL of a test's own, which it may break. */
export type Postgres = {
  connection: Connection
  folder: string
  /** Ends it as a power cut does. */
  kill(): Promise<void>
  /** Begins it again, and waits until it lets people in. */
  start(): Promise<void>
  /** Stops all its processes where they are, as a stalled machine does; they do not even refuse. */
  freeze(): Promise<void>
  thaw(): void
}

const isRoot = process.getuid?.() === 0

/** Makes a cluster for the running test, on a small file system of its own (MB) where one is asked for, with our tables in it. */
export async function startPostgres(components: readonly Component[], megabytes?: number): Promise<Postgres> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'sluice-outage-'))
  await chmod(folder, 0o755)
  if (megabytes) execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', folder])
  let server: ChildProcess | undefined
  const kill = async () => {
    if (!server || server.exitCode !== null || server.signalCode !== null) return
    server.kill('SIGKILL')
    await once(server, 'exit')
  }
  onTestFinished(async () => {
    await kill()
    if (megabytes) await until('the file system is let go of', () => unmounts(folder))
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
  })
  const place = { home: folder, own: folder, folder, data: join(folder, 'data') }
  const found = await findBinaries()
  if (!isRoot) await completeLinks(found.folder)
  const binaries = isRoot ? await copyBinaries(found, shared) : found
  const user = isRoot ? await standIn(() => undefined) : undefined
  await createCluster(place, binaries, user)
  const port = await freePort()
  const connection = { host: '127.0.0.1', port, user: name, password: await passwordOf(place), database: name }
  const args = ['-D', place.data, '-h', '127.0.0.1', '-p', String(port), '-k', '', ...settings]

  /** What a killed server leaves behind (its children, its memory) may hinder the next one for a moment. */
  const start = () =>
    until('the server lets people in', async () => {
      if (!server || server.exitCode !== null || server.signalCode !== null) {
        server = spawn(join(binaries.folder, 'bin', 'postgres'), args, { ...surroundings(user), stdio: 'ignore' })
      }
      return letsIn({ ...connection, database: 'postgres' })
    }).then(() => undefined)

  const frozen: number[] = []
  const freeze = async () => {
    frozen.push(server!.pid!, ...(await pidsOf({ ...connection, database: 'postgres' })))
    for (const pid of frozen) signal(pid, 'SIGSTOP')
  }
  const thaw = () => {
    for (const pid of frozen.splice(0)) signal(pid, 'SIGCONT')
  }
  await start()
  await install(connection, components)
  return { connection, folder, kill, start, freeze, thaw }
}

/** What it writes need not survive a power cut of the machine; on a small disk it must not keep much. */
const settings = ['fsync=off', 'shared_buffers=32MB', 'max_wal_size=64MB', 'logging_collector=off'].flatMap(each => [
  '-c',
  each,
])

async function install(connection: Connection, components: readonly Component[]): Promise<void> {
  const root = openStore({ ...connection, database: 'postgres' }, { max: 1 })
  await root.query(`create database ${connection.database}`)
  await root.close()
  const store = openStore(connection, { max: 2 })
  await migrate(store, [engineComponent, ...components])
  await installQueue(store)
  await store.close()
}

async function letsIn(connection: Connection): Promise<boolean> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 1_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Every process of the server but its first. */
async function pidsOf(connection: Connection): Promise<number[]> {
  const client = new pg.Client(connection)
  await client.connect()
  const { rows } = await client.query<{ pid: number }>('select pid from pg_stat_activity where pid <> pg_backend_pid()')
  await client.end()
  return rows.map(({ pid }) => pid)
}

/** One that has ended meanwhile hears no signal. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function unmounts(folder: string): boolean {
  try {
    execFileSync('umount', [folder], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
