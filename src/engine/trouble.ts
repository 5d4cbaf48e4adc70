import { AuthError, BadPage, Failure, Overtaken, Rejected, StoreAway, Throttled } from '../core/failure.ts'
import { type Run, type Slice, sliceText } from '../core/run.ts'
import { raise } from '../db/alerts.ts'
import { dropUntouched } from '../db/checkpoints.ts'
import { pause } from '../db/pauses.ts'
import { finishRun, latestRuns, snoozeRun } from '../db/runs.ts'
import type { Transaction } from '../db/store.ts'
import type { Engine } from './engine.ts'

/** A throttled run is back this much before its bucket opens, so that no quota is lost (ms). */
const early = 1_000

/** So many equal rejections in a row pause a part: vendors punish those who go on. */
const equalRejections = 3

/**
 * Decides what an error means for its run; the failure table of the docs, row by row. An error that only the caller can
 * answer, because the database is away, is thrown on.
 */
export async function settle(engine: Engine, run: Run, error: unknown, signal: AbortSignal): Promise<void> {
  if (error instanceof StoreAway) throw error
  if (error instanceof Overtaken) return engine.log('warn', error.message)
  if (engine.stopping.aborted)
    return giveBack(engine, run, await engine.clock.now(), 'the process that worked on it was stopped')
  if (signal.aborted)
    return engine.log('warn', `${sliceText(sliceOfRun(run))}: the queue gave this run to another worker`)
  if (error instanceof Throttled) return throttle(engine, run, error)
  await engine.store.transaction(tx => fail(engine, tx, run, error))
}

async function throttle(engine: Engine, run: Run, { until, bucket, message }: Throttled): Promise<void> {
  const reason = `throttled until ${until.toISOString().slice(11, 19)} UTC: bucket ${bucket}: ${message}`
  await giveBack(engine, run, new Date(until.getTime() - early), reason)
}

function giveBack({ store, worker }: Engine, { id }: Run, due: Date, reason: string): Promise<void> {
  return snoozeRun(store, { id, worker, due, reason })
}

async function fail(engine: Engine, tx: Transaction, run: Run, error: unknown): Promise<void> {
  const { code, message, stack } = detailsOf(error)
  const ended = await finishRun(tx, run.id, engine.worker, {
    state: 'failed',
    code,
    error: message,
    ...(stack ? { stack } : {}),
  })
  if (!ended) return
  const level = error instanceof BadPage || !(error instanceof Failure) ? 'critical' : 'warning'
  const slice = sliceOfRun(run)
  const isNew = await raise(tx, { key: `run ${JSON.stringify(slice)}`, level, code, message, slice })
  if (error instanceof AuthError) await pause(tx, { ...slice, part: {} }, message)
  if (error instanceof Rejected) await dropUntouched(tx, slice, run.span)
  if (error instanceof Rejected && (await repeats(tx, slice, code))) await pause(tx, slice, message)
  engine.log(isNew || run.cause === 'sync' ? 'error' : 'debug', message)
}

/** What is kept of an error. Only our own faults keep their stack: the others are told by their message. */
function detailsOf(error: unknown): { code: string; message: string; stack?: string } {
  if (error instanceof Failure) return { code: error.code, message: error.message }
  if (!(error instanceof Error)) return { code: 'bug', message: String(error) }
  return {
    code: 'bug',
    message: `This is a fault in Sluice: ${error.message}`,
    ...(error.stack ? { stack: error.stack } : {}),
  }
}

/** Told by their code: the text of each names its own moment. */
async function repeats(tx: Transaction, slice: Slice, code: string): Promise<boolean> {
  const latest = await latestRuns(tx, slice, equalRejections)
  return latest.length === equalRejections && latest.every(run => run.state === 'failed' && run.errorCode === code)
}

/** Ends a run whose workers die again and again without committing a page. */
export async function giveUp(engine: Engine, run: Run): Promise<void> {
  const message = `${sliceText(sliceOfRun(run))}: its worker died ${run.deaths} times without committing a page; see the log for what killed it, then run it again`
  await engine.store.transaction(async tx => {
    await finishRun(tx, run.id, engine.worker, { state: 'failed', code: 'worker-died', error: message })
    const slice = sliceOfRun(run)
    await raise(tx, { key: `run ${JSON.stringify(slice)}`, level: 'critical', code: 'worker-died', message, slice })
  })
}

function sliceOfRun({ connector, account, stream, part }: Run): Slice {
  return { connector, account, stream, part }
}
