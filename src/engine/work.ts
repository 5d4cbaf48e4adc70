import { StoreAway } from '../core/failure.ts'
import type { Run } from '../core/run.ts'
import { isDerived } from '../core/stream.ts'
import type { Job } from '../db/queue.ts'
import { claimRun, claimWithin, postponeRun } from '../db/runs.ts'
import { begin } from './begin.ts'
import type { Engine } from './engine.ts'
import { normalizeAll } from './normalize.ts'
import { breathe, sitOut } from './outage.ts'
import { turnPages } from './pages.ts'
import { giveUp, settle } from './trouble.ts'
import { conclude } from './verdict.ts'

/** After so many deaths in a row a run fails: something in it kills workers. */
const deaths = 3

/**
 * Works one job from beginning to end: claim, turn the pages, conclude; or settle what went wrong. A job that comes when
 * this process stops goes back to the queue, which hears of it by the error. When the database goes away the run waits for it
 * here and is claimed anew, at the checkpoint that was committed last; while it is away, nothing is begun.
 */
export async function work(engine: Engine, job: Job): Promise<void> {
  const signal = AbortSignal.any([engine.stopping, job.signal])
  signal.throwIfAborted()
  for (;;) {
    try {
      await engine.outage.over
      return await workOnce(engine, job, signal)
    } catch (error) {
      if (!(error instanceof StoreAway) || signal.aborted) throw error
      await (error.code === 'store-busy' ? breathe(engine, error, signal) : sitOut(engine, error, signal))
    }
  }
}

async function workOnce(engine: Engine, job: Job, signal: AbortSignal): Promise<void> {
  const run = await claim(engine, job)
  if (!run) return
  if (run.deaths >= deaths) return giveUp(engine, run)
  try {
    await attempt(engine, run, signal)
  } catch (error) {
    await settle(engine, run, error, signal)
  }
}

/** How long a run waits for a place among those of its account (ms). */
const crowded = 500

/** The queue hands out no more runs of an account than there may be, nearly always; here it holds always. */
async function claim({ store, clock, worker, perAccount }: Engine, job: Job): Promise<Run | undefined> {
  const claim = { id: job.run, worker, job: job.id, attempt: job.attempt }
  if (perAccount === undefined) return claimRun(store, claim)
  const run = await claimWithin(store, claim, perAccount)
  if (run !== 'full') return run
  const due = new Date((await clock.now()).getTime() + crowded)
  const reason = `${perAccount} ${perAccount === 1 ? 'run' : 'runs'} of its account at a time`
  await postponeRun(store, job.run, { due, reason })
  return undefined
}

async function attempt(engine: Engine, run: Run, signal: AbortSignal): Promise<void> {
  const voyage = await begin(engine, run)
  const { stream } = voyage.source
  const place = isDerived(stream)
    ? await normalizeAll(engine, voyage, stream, signal)
    : await turnPages(engine, voyage, signal)
  await conclude(engine, voyage, place)
}
