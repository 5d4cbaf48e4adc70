import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { Connection } from '../../src/db/store.ts'
import { type Env, setupFolder, urlOf } from '../setup/sluice.ts'
import type { Wishes } from './connector.ts'
import type { Orders } from './worker.ts'

const program = fileURLToPath(new URL('worker.ts', import.meta.url))

/** One line that a worker has written; `at` is epoch ms. */
type Line = { at: number; level: string; message: string }

/** A worker process. */
export type Worker = {
  pid: number
  log: Line[]
  isOver(): boolean
  /** Resolves when it works. */
  works: Promise<void>
  signal(signal: NodeJS.Signals): void
  /** Ends it as a power cut does. */
  kill(): Promise<void>
  /** Asks it to end once it works, and waits until it has; its exit code. */
  stop(): Promise<number | null>
}

export type Crew = {
  /** Everything that ever worked here, in order of appearance. */
  workers: Worker[]
  start(): Worker
  stop(): Promise<(number | null)[]>
}

/** Worker processes on one database and one vendor, for the running test. */
export async function setupCrew(connection: Connection, url: string, wishes: Wishes, env: Env = {}): Promise<Crew> {
  const orders: Orders = { url, folder: await setupFolder(), wishes }
  const { PATH, HOME } = process.env
  const all = { PATH, HOME, TZ: 'America/New_York', DATABASE_URL: urlOf(connection), SLUICE_WORKERS: '8', ...env }
  const workers: Worker[] = []
  onTestFinished(async () => {
    for (const { child } of children) child.kill('SIGKILL')
  })
  const children: { child: ChildProcess }[] = []
  const start = () => {
    const child = spawn(process.execPath, [program, JSON.stringify(orders)], {
      env: all,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    children.push({ child })
    const worker = workerOf(child)
    workers.push(worker)
    return worker
  }
  const stop = () => Promise.all(workers.filter(worker => !worker.isOver()).map(worker => worker.stop()))
  return { workers, start, stop }
}

function workerOf(child: ChildProcess): Worker {
  const log: Line[] = []
  const works = Promise.withResolvers<void>()
  works.promise.catch(() => undefined)
  createInterface(child.stdout!).on('line', text => {
    const line: Line = JSON.parse(text)
    log.push(line)
    if (line.message === 'works') works.resolve()
  })
  createInterface(child.stderr!).on('line', message => log.push({ at: Date.now(), level: 'stderr', message }))
  const closed = once(child, 'close')
  closed.then(() => works.reject(new Error(`the worker ended: ${log.map(({ message }) => message).join('\n')}`)))
  const isOver = () => child.exitCode !== null || child.signalCode !== null
  const signal = (name: NodeJS.Signals) => void child.kill(name)
  const end = async (name: NodeJS.Signals) => {
    if (!isOver()) signal(name)
    await closed
    return child.exitCode
  }
  return {
    ...{ pid: child.pid!, log, isOver, works: works.promise, signal },
    kill: async () => void (await end('SIGKILL')),
    stop: async () => {
      await works.promise
      return end('SIGTERM')
    },
  }
}
