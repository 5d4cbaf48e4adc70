import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../core/failure.ts'
import { holders, orphanRuns, replanRuns } from '../db/orphans.ts'
import { absentWorkers } from '../db/presence.ts'
import { pullBackRuns, wakeRuns } from '../db/runs.ts'
import type { Engine } from './engine.ts'

/** How often the small duties below are looked at, in ms. A look is one indexed statement. */
const beat = 250

/** Waiting runs that are planned again in one beat, at most. */
const most = 500

/**
 * Keeps the runs moving while this process works: wakes those whose time has come and takes over those of dead workers.
 * Any number of processes may do so; each run is moved once. Ends when the engine stops.
 */
export async function tend(engine: Engine, duties: readonly Duty[]): Promise<void> {
  while (!engine.stopping.aborted) {
    for (const duty of duties) await attempt(engine, duty)
    await sleep(beat, undefined, { signal: engine.stopping }).catch(() => undefined)
  }
}

/** One small thing to look after, done again and again. */
export type Duty = (engine: Engine) => Promise<void>

/** After a fault of our own in a duty we breathe before the next beat, in ms, so as not to flood the log. */
const breath = 5_000

/** A duty that fails is tried again at the next beat. A database that is away is told by those who work. */
async function attempt(engine: Engine, duty: Duty): Promise<void> {
  try {
    await duty(engine)
  } catch (error) {
    if (error instanceof Failure) return engine.log('debug', error.message)
    engine.log('error', `This is a fault in Sluice: ${error instanceof Error ? error.stack : String(error)}`)
    await sleep(breath, undefined, { signal: engine.stopping }).catch(() => undefined)
  }
}

/** Waiting runs whose time has come go back into the queue, in one transaction with their jobs. */
export async function wake({ store, queue }: Engine): Promise<void> {
  await store.transaction(async tx => {
    await queue.send(tx, await wakeRuns(tx, most))
  })
}

/**
 * The runs of processes that are no more go back into the queue under new jobs; the old ones are taken out. A database that was
 * away has lost sight of the living too: until we have our own runs back, they are given time to come back to theirs.
 */
export async function adopt({ store, queue, worker, log, outage }: Engine): Promise<void> {
  if (outage.over) return
  const others = (await holders(store)).filter(name => name !== worker)
  const dead = others.length > 0 ? await absentWorkers(store, others) : []
  if (dead.length === 0) return
  await store.transaction(async tx => {
    const orphans = await orphanRuns(tx, dead)
    await queue.drop(
      tx,
      orphans.map(({ job }) => job),
    )
    await queue.send(tx, orphans)
    if (orphans.length > 0) log('info', `${orphans.length} runs of a worker that is gone go on here`)
  })
}

/** Runs that wait go on when they would have, also where the clock was set back meanwhile. */
export async function pullBack({ store }: Engine): Promise<void> {
  await pullBackRuns(store)
}

/** Runs whose jobs the queue has lost (cleared, restored without it, kept too long) get new ones. */
export async function rescue({ store, queue, log }: Engine): Promise<void> {
  await store.transaction(async tx => {
    const lost = await queue.lost(tx)
    if (lost.length === 0) return
    await queue.send(tx, await replanRuns(tx, lost))
    log('warn', `${lost.length} runs had no job in the queue; they have new ones`)
  })
}

/** A duty that need not be done at every beat: not more often than every so many ms. */
export function paced(pace: number, duty: Duty): Duty {
  let last = Number.NEGATIVE_INFINITY
  return async engine => {
    if (performance.now() - last < pace) return
    last = performance.now()
    await duty(engine)
  }
}
