import { randomBytes } from 'node:crypto'
import { chown, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Misuse } from '../../core/failure.ts'
import type { Binaries } from './binaries.ts'
import { read, write } from './file.ts'
import type { Place } from './place.ts'
import { execute, type User } from './program.ts'
import { explain, userRefused } from './trouble.ts'

/** The role that owns everything, and the name of the database. */
export const name = 'sluice'

/**
 * What initdb writes into postgresql.conf, where the user may change it: made for a small machine with an SSD that loads
 * much. fsync and synchronous_commit stay on. The log has a file for each day of the week, emptied when that day comes
 * again.
 */
const settings = {
  shared_buffers: '128MB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  random_page_cost: '1.1',
  jit: 'off',
  client_connection_check_interval: '5s',
  timezone: 'UTC',
  logging_collector: 'on',
  log_directory: 'log',
  log_filename: 'postgresql-%a.log',
  log_rotation_age: '1d',
  log_rotation_size: '0',
  log_truncate_on_rotation: 'on',
  log_checkpoints: 'off',
  log_timezone: 'UTC',
}

const beginning = 'initdb-'

/**
 * Creates the cluster in a folder of its own and moves it to its place when it is complete, so that a crash in between
 * leaves nothing that looks like a cluster. The password is stored first: no cluster is ever without it.
 */
export async function createCluster(place: Place, binaries: Binaries, user: User | undefined): Promise<void> {
  await removeUnfinished(place.folder)
  const password = randomBytes(24).toString('base64url')
  await write(passwordFile(place), `${password}\n`, 0o600)
  const attempt = join(place.folder, `${beginning}${randomBytes(4).toString('hex')}`)
  try {
    await mkdir(attempt, { mode: 0o700 })
    await initialise(attempt, password, place, binaries, user)
    await rename(join(attempt, 'data'), place.data)
  } finally {
    await rm(attempt, { recursive: true, force: true })
  }
}

/** The password goes to initdb through a file that only its user can read. */
async function initialise(attempt: string, password: string, place: Place, binaries: Binaries, user: User | undefined) {
  const secret = join(attempt, 'password')
  await writeFile(secret, `${password}\n`, { mode: 0o600, flag: 'wx' })
  if (user) await give([secret, attempt], user)
  const access = ['--username', name, '--auth=scram-sha-256', '--pwfile', secret]
  const text = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const set = Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`])
  const args = ['--pgdata', join(attempt, 'data'), ...access, ...text, '--no-sync', '--no-instructions', ...set]
  const { ok, output } = await execute(join(binaries.folder, 'bin', 'initdb'), args, user)
  if (!ok) throw explain('initdb', output, place.data)
}

async function give(paths: string[], { uid, gid }: User): Promise<void> {
  try {
    for (const path of paths) await chown(path, uid, gid)
  } catch (error) {
    throw userRefused((error as Error).message)
  }
}

/** What crashed attempts left. Should such an initdb still run, it fails now, which harms nobody. */
async function removeUnfinished(folder: string): Promise<void> {
  const left = (await readdir(folder)).filter(entry => entry.startsWith(beginning))
  await Promise.all(left.map(entry => rm(join(folder, entry), { recursive: true, force: true, maxRetries: 3 })))
}

/** @throws Misuse when there is a cluster that these programs cannot run. */
export async function checkCluster({ data }: Place, { major }: Binaries): Promise<void> {
  const version = (await read(join(data, 'PG_VERSION')))?.trim()
  if (version === String(major)) return
  const what = version === undefined ? 'holds no PG_VERSION file' : `was made by PostgreSQL ${version}`
  throw new Misuse(
    version === undefined ? 'embedded-broken' : 'embedded-version',
    `The store in ${data} ${what}; this Sluice brings PostgreSQL ${major} and cannot open it. ` +
      'Use the Sluice that made it (to move the data: dump it there, load it here, with pg_dump and psql), ' +
      'restore a backup, or set SLUICE_HOME to another folder.',
  )
}

/** The password that was drawn when the cluster was created. */
export async function passwordOf(place: Place): Promise<string> {
  const password = (await read(passwordFile(place)).catch(error => unreadable(place, error)))?.trim()
  if (password) return password
  throw new Misuse(
    'embedded-password',
    `The password of the store in ${place.data} is missing: put ${passwordFile(place)} back, for instance from a backup.`,
  )
}

async function unreadable(place: Place, error: NodeJS.ErrnoException): Promise<never> {
  if (error.code !== 'EACCES') throw error
  const { uid } = await stat(passwordFile(place))
  const who = uid === 0 ? 'root (run this with sudo)' : `user ${uid}`
  throw new Misuse(
    'embedded-foreign',
    `The store of ${place.home} belongs to ${who}. Set SLUICE_HOME to a folder of your own.`,
  )
}

function passwordFile({ own }: Place): string {
  return join(own, 'password')
}

/** Whom the programs of this cluster run as: its owner when we are root; otherwise ourselves. */
export async function userOf({ data }: Place): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const { uid, gid } = await stat(data)
  if (uid === 0) throw userRefused(`${data} belongs to root`)
  return { uid, gid }
}
