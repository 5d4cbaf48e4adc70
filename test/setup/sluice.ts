import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, inject, onTestFinished } from 'vitest'
import { findPlace } from '../../src/db/embedded/place.ts'
import { embeddedStatus } from '../../src/db/embedded/status.ts'
import type { Connection } from '../../src/db/store.ts'

/** How a command ended and what it wrote. */
export type Ended = { code: number | null; signal: NodeJS.Signals | null; out: string; err: string }

/** The command line, running. */
export type Command = {
  child: ChildProcess
  /** What it has written so far. */
  out(): string
  err(): string
  ended: Promise<Ended>
  /** Sends a signal to it alone. */
  signal(signal: NodeJS.Signals): void
  /** Sends a signal to its whole process group. */
  signalGroup(signal: NodeJS.Signals): void
}

export type Env = Record<string, string | undefined>
type Where = { folder: string; env?: Env; input?: string; uid?: number; bin?: string }

const ours = join(import.meta.dirname, '../../bin/sluice.js')

/** Starts `sluice` as a user would: a process of its own in a folder, with nothing in its environment but what is given. */
export function start(args: readonly string[], { folder, env = {}, input, uid, bin = ours }: Where): Command {
  const { PATH, HOME } = process.env
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: folder,
    env: { PATH, HOME, TZ: 'America/New_York', NODE_COMPILE_CACHE: inject('cache'), ...env },
    detached: true,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  child.stdin?.end(input)
  const [out, err] = [child.stdout!, child.stderr!].map(stream => {
    const chunks: string[] = []
    stream.setEncoding('utf8').on('data', chunk => chunks.push(chunk))
    return () => chunks.join('')
  }) as [() => string, () => string]
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, out: out(), err: err() }) as Ended)
  return {
    child,
    out,
    err,
    ended,
    signal: signal => void child.kill(signal),
    signalGroup: signal => void process.kill(-child.pid!, signal),
  }
}

/** Runs a command to its end. */
export function run(args: readonly string[], where: Where): Promise<Ended> {
  return start(args, where).ended
}

/** The one JSON value of a command's output. */
export function jsonOf<T = unknown>({ out, err }: Ended): T {
  const lines = out.split('\n')
  if (lines.length !== 2 || lines[1] !== '')
    throw new Error(`not one line of JSON on stdout: ${out}\non stderr: ${err}`)
  return JSON.parse(lines[0]!)
}

/** The JSON objects of an output that holds one a line. */
export function linesOf<T = Record<string, unknown>>(out: string): T[] {
  return out
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line))
}

/** A folder of the running test's own, which every user can enter. With it goes what stores below it left elsewhere. */
export async function setupFolder(): Promise<string> {
  const folder = await newFolder()
  onTestFinished(() => removeFolder(folder))
  return folder
}

/** A folder for all tests of a file; called at its top. */
export async function setupFileFolder(): Promise<string> {
  const folder = await newFolder()
  afterAll(() => removeFolder(folder))
  return folder
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'sluice-cli-'))
  await chmod(folder, 0o755)
  return folder
}

/** Ends the servers of the stores that a command may have made here, and removes everything of them. */
async function removeFolder(folder: string): Promise<void> {
  for (const home of [join(folder, '.sluice/demo'), join(folder, '.sluice')]) {
    if (!existsSync(home)) continue
    const { pid } = await embeddedStatus(home)
    if (pid !== null) process.kill(pid, 'SIGKILL')
    if (pid !== null) await until('the server is gone', async () => (await embeddedStatus(home)).pid === null)
    const place = await findPlace(home)
    if (place) await rm(place.folder, { recursive: true, force: true })
  }
  await rm(folder, { recursive: true, force: true })
}

/** The address of a database, as DATABASE_URL says it. */
export function urlOf({ host, port, user, password, database }: Connection): string {
  const [name, secret] = [user, password].map(encodeURIComponent)
  return `postgres://${name}:${secret}@${host}:${port}/${database}`
}

/** Looks again and again until something holds, and fails when it does not within a minute. */
export async function until<T>(what: string, look: () => T | Promise<T>): Promise<NonNullable<T>> {
  const deadline = Date.now() + 60_000
  for (;;) {
    const found = await look()
    if (found) return found as NonNullable<T>
    if (Date.now() > deadline) throw new Error(`waited for a minute, but it did not come true that ${what}`)
    await sleep(20)
  }
}
