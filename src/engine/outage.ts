import { setTimeout as sleep } from 'node:timers/promises'
import type { StoreAway } from '../core/failure.ts'
import type { Log } from '../core/log.ts'
import { raise } from '../db/alerts.ts'
import { tryWriting } from '../db/probe.ts'
import type { Store } from '../db/store.ts'

/**
 * What a process knows of a database that is away or full; all its runs share it.
 *
 *   well    nobody waits; ends when a run fails for the database's sake
 *   away    `over` is the wait of everybody: the database is tried again and again, and nothing is asked of a vendor. Ends
 *           when it can be written to; what is then raised holds until a run has ended well
 *
 * tries: how often it was tried since it was last well for a while; ended: when it was last back (ms of `performance.now()`).
 */
export type Outage = { over: Promise<void> | undefined; tries: number; ended: number }

/** What it takes to wait for the database: the engine, as far as it matters here. */
type Waiter = { store: Store; outage: Outage; log: Log; stopping: AbortSignal }

/** A database that is well. */
export function noOutage(): Outage {
  return { over: undefined, tries: 0, ended: Number.NEGATIVE_INFINITY }
}

/** The keys of what is raised here; a key is the code of the failure. */
export const outageKeys = ['store-away', 'store-full'] as const

/**
 * Waits between two tries (ms): the first; every one is twice the one before, up to the longest. To knock at a door costs
 * nothing; a disk that has room for the probe and not for the page costs questions to the vendor.
 */
const shortest = 1_000
const longest = { away: 5_000, full: 30_000 }

/** One that lasted longer than this is told as an alert, once there is a place for it (ms). */
const notable = 5_000

/** One that comes back within this time goes on where the last one ended: with its wait, and with an alert (ms). */
const calm = 60_000

/**
 * Waits until the database can be written to, together with every other run of this process. Rejects when the process stops,
 * or the queue takes the run away.
 */
export async function sitOut(waiter: Waiter, error: StoreAway, signal: AbortSignal): Promise<void> {
  const { outage } = waiter
  outage.over ??= comeBack(waiter, error).finally(() => {
    outage.over = undefined
  })
  await unlessAborted(outage.over, signal)
}

/**
 * A database that was too busy for one statement is not away: its run alone breathes for a moment. It is told each time: a
 * run that never gets through would ask for the same page for ever, and nobody would know why.
 */
export async function breathe({ log }: Pick<Waiter, 'log'>, error: StoreAway, signal: AbortSignal): Promise<void> {
  log('warn', error.message)
  await sleep(shortest, undefined, { signal }).catch(() => signal.throwIfAborted())
}

async function comeBack(waiter: Waiter, error: StoreAway): Promise<void> {
  const { outage, store, log, stopping } = waiter
  const began = performance.now()
  const isAgain = began - outage.ended < calm
  if (!isAgain) outage.tries = 0
  log(isAgain ? 'debug' : 'error', `${error.message} Runs go on by themselves when it is back.`)
  const most = error.code === 'store-full' ? longest.full : longest.away
  do {
    await sleep(Math.min(shortest * 2 ** outage.tries++, most), undefined, { signal: stopping })
  } while (!(await isWell(waiter)))
  outage.ended = performance.now()
  const lasted = outage.ended - began
  const text = `The database at ${store.where} can be written to again after ${Math.round(lasted / 1000)} s.`
  log(isAgain ? 'debug' : 'info', text)
  if (lasted > notable || isAgain) await tell(waiter, error, `${error.message} ${text}`)
}

async function isWell({ store }: Waiter): Promise<boolean> {
  return tryWriting(store).then(
    () => true,
    () => false,
  )
}

/** Raised only now: before, there was no place for it. That fails where the database has gone again, which is told then. */
async function tell({ store, log }: Waiter, { code }: StoreAway, message: string): Promise<void> {
  await raise(store, { key: code, level: 'critical', code, message }).catch(error => log('debug', String(error)))
}

async function unlessAborted(wait: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  signal.throwIfAborted()
  await Promise.race([wait, aborted.promise]).finally(() => signal.removeEventListener('abort', abort))
}
