import { spawn } from 'node:child_process'
import { open, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Misuse, StoreAway } from '../../core/failure.ts'
import type { Binaries } from './binaries.ts'
import { read } from './file.ts'
import type { Place } from './place.ts'
import { poll } from './poll.ts'
import { alive, occupied, programOf, standsIn, taken } from './process.ts'
import { execute, surroundings, type User } from './program.ts'
import { explain } from './trouble.ts'

/**
 * A server as its postmaster.pid shows it:
 *   starting  from the first line of the file on; also replays what a crash left. Ends with ready, or with its death
 *   ready     accepts connections. Ends with stopping, or with its death
 *   stopping  accepts none. Ends with its death and without the file
 * A server that was killed leaves the file; then the process is dead or is not ours, and there is no server.
 */
export type Server = { pid: number; port: number; state: 'starting' | 'ready' | 'stopping' }

export const host = '127.0.0.1'

/** How long a start (with the recovery after a crash) or a stop (with its checkpoint) may take, in ms. */
const patience = 300_000

export async function findServer(data: string): Promise<Server | undefined> {
  const file = await readPidFile(data)
  if (!file || !(await serves(file.pid, file.data, data))) return undefined
  const { pid, port, status } = file
  const state = status === 'ready' || status === 'stopping' ? status : 'starting'
  return { pid, port, state }
}

async function readPidFile(data: string) {
  const lines = (await read(join(data, 'postmaster.pid')))?.split('\n')
  if (!lines) return undefined
  const [pid, folder, , port, , , , status] = lines
  return { pid: Number(pid), data: folder ?? '', port: Number(port ?? 0), status: status?.trim() }
}

/** Whether the process is a server on this data: one may have died, and its number gone to somebody else. */
async function serves(pid: number, named: string, data: string): Promise<boolean> {
  if (await foreign(pid, data)) return false
  return (await standsIn(pid, data)) ?? named === data
}

/** Whether the process surely is no server on this data. */
async function foreign(pid: number, data: string): Promise<boolean> {
  if (!(pid > 0) || !(await alive(pid))) return true
  if (((await programOf(pid)) ?? 'postgres') !== 'postgres') return true
  return (await standsIn(pid, data)) === false
}

/** The running server, started when there is none, as soon as it accepts connections. */
export async function ensureServer(place: Place, binaries: Binaries, user: User | undefined): Promise<Server> {
  const ready = await poll(patience, async () => {
    const server = await findServer(place.data)
    if (server?.state === 'ready') return server
    return server ? undefined : startServer(place, binaries, user)
  })
  if (ready) return ready
  throw new StoreAway(
    'embedded-not-starting',
    `The embedded PostgreSQL in ${place.data} has been starting or shutting down for ${patience / 1000} s. ` +
      `Look into ${join(place.data, 'log')} for what it does, and try again.`,
  )
}

/** Undefined when it is worth another try: somebody took the port, or the last server's processes are not gone yet. */
async function startServer(place: Place, binaries: Binaries, user: User | undefined): Promise<Server | undefined> {
  await removeForeignPidFile(place.data)
  const port = await freePort(await lastPort(place.data))
  await rm(firstLog(place), { force: true })
  const before = await logs(place)
  const { pid, ended } = await launch(place, binaries, user, port)
  const server = await poll(patience, async () => {
    if (ended()) return 'ended' as const
    const found = await findServer(place.data)
    return found && found.pid === pid && found.state === 'ready' ? found : undefined
  })
  if (server !== 'ended') return server
  const output = written(before, await logs(place))
  if (/Address already in use|pre-existing shared memory block|could not create any TCP/.test(output)) return undefined
  throw explain(start(place), output, place.data)
}

/** The log holds the server's own life only: errors of statements reach the client, and can quote personal data. */
const discreet = ['-c', 'log_min_messages=log', '-c', 'log_min_error_statement=panic']

/**
 * Starts the server as pg_ctl does, in a session of its own, but without its shell (which would interpret a `$` in a
 * folder's name), and as our own child: where process 1 does not bury orphans, a dead server still leaves no zombie.
 */
async function launch(place: Place, binaries: Binaries, user: User | undefined, port: number) {
  const log = await open(firstLog(place), 'wx', 0o600)
  try {
    const args = ['-D', place.data, '-h', host, '-p', String(port), '-k', '', ...discreet]
    const program = join(binaries.folder, 'bin', 'postgres')
    const child = spawn(program, args, { ...surroundings(user), stdio: ['ignore', log.fd, log.fd] })
    let failed: Error | undefined
    child.on('error', error => {
      failed = error
    })
    child.unref()
    return { pid: child.pid, ended: () => ended(child, failed, place) }
  } catch (error) {
    throw explain(start(place), (error as Error).message, place.data)
  } finally {
    await log.close()
  }
}

function ended(child: ReturnType<typeof spawn>, failed: Error | undefined, place: Place): boolean {
  if (failed) throw explain(start(place), failed.message, place.data)
  return child.exitCode !== null || child.signalCode !== null
}

function start(place: Place): string {
  return `The start (its log is ${firstLog(place)}, later ones are in ${join(place.data, 'log')})`
}

/** What a server writes before it opens its own log. */
function firstLog({ folder }: Place): string {
  return join(folder, 'server.log')
}

/** What all logs hold, by their paths. */
async function logs(place: Place): Promise<Map<string, string>> {
  const folder = join(place.data, 'log')
  const names = await readdir(folder).catch(() => [])
  const paths = [firstLog(place), ...names.map(name => join(folder, name))]
  return new Map(await Promise.all(paths.map(async path => [path, (await read(path)) ?? ''] as const)))
}

/** What was added: the troubles of an earlier start must not be taken for those of this one. */
function written(before: Map<string, string>, after: Map<string, string>): string {
  const added = [...after].map(([path, text]) => {
    const known = before.get(path) ?? ''
    return text.startsWith(known) ? text.slice(known.length) : text
  })
  return added.join('\n')
}

/**
 * PostgreSQL refuses to start while the number in postmaster.pid is in use, even if by a shell or a zombie. When that is
 * surely no server of this data, and no orphan of one stands there any more, the file goes.
 */
async function removeForeignPidFile(data: string): Promise<void> {
  const file = await readPidFile(data)
  if (!file || !taken(file.pid) || !(await foreign(file.pid, data))) return
  const empty = await poll(patience, async () => ((await occupied(data, 'postgres')) ? undefined : true))
  if (empty) await rm(join(data, 'postmaster.pid'), { force: true })
}

/** The port of the last start, so that a restart keeps it when it can. */
async function lastPort(data: string): Promise<number> {
  const options = await read(join(data, 'postmaster.opts'))
  return Number(/"-p" "(\d+)"/.exec(options ?? '')?.[1] ?? 0)
}

/** The wished port when it is free, otherwise any free one. */
async function freePort(wished: number): Promise<number> {
  const port = (await listen(wished)) ?? (await listen(0))
  if (port !== undefined) return port
  throw new Misuse('no-free-port', `No port of ${host} can be listened on, so the embedded PostgreSQL cannot start.`)
}

function listen(port: number): Promise<number | undefined> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen(port, host, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined))
    })
  })
}

/** Stops the server; resolves when it is gone and the next one can start. */
export async function stopServer(place: Place, binaries: Binaries, user: User | undefined): Promise<void> {
  const server = await findServer(place.data)
  if (!server) return
  const args = ['stop', '--pgdata', place.data, '--mode', 'fast', '--no-wait']
  const { ok, output } = await execute(join(binaries.folder, 'bin', 'pg_ctl'), args, user)
  if (!ok && (await alive(server.pid))) throw explain('The stop', output, place.data)
  const gone = await poll(patience, async () => ((await alive(server.pid)) ? undefined : true))
  if (gone) return
  throw new StoreAway(
    'embedded-not-stopping',
    `The embedded PostgreSQL in ${place.data} (process ${server.pid}) has not stopped after ${patience / 1000} s. ` +
      'It may still be writing its data to a slow disk; nothing is lost.',
  )
}
