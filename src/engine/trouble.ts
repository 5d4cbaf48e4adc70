import {
  AuthError,
  BadPage,
  CircuitOpen,
  Failure,
  LimitsAway,
  Overtaken,
  Paused,
  Postponed,
  Rejected,
  StoreAway,
  Throttled,
  Transient,
} from '../core/failure.ts'
import { sourceOfRun } from '../core/flag.ts'
import { delay, noRetry, type Policy } from '../core/retry.ts'
import { type Run, type Slice, sliceOfRun, sliceText, standing } from '../core/run.ts'
import { isKnown } from '../core/source.ts'
import { raise } from '../db/alerts.ts'
import { dropUntouched } from '../db/checkpoints.ts'
import { finishRun, isHeld, type Snooze, snoozeRun } from '../db/held.ts'
import { pause } from '../db/pauses.ts'
import { latestRuns } from '../db/runs.ts'
import type { Transaction } from '../db/store.ts'
import type { Engine } from './engine.ts'
import { leave } from './leave.ts'
import { limitsAway } from './purse.ts'

/** A throttled run is back this much before its bucket opens, so that no quota is lost (ms). */
const early = 1_000

/** So many equal rejections in a row pause a part: vendors punish those who go on. */
const equalRejections = 3

/** How long a run waits when nobody can tell what is left of a quota (ms). */
const unknown = 5_000

/** How long a run of a stream that this process does not know waits before it is offered again (ms). */
const strange = 15_000

/** How long a run waits before it looks again whether its account is held no more (ms). */
const held = 30_000

/**
 * Decides what an error means for its run; the failure table of the docs, row by row. An error that only the caller can
 * answer, because the database is away, is thrown on.
 */
export async function settle(engine: Engine, run: Run, error: unknown, signal: AbortSignal): Promise<void> {
  if (error instanceof StoreAway) throw error
  const name = sliceText(sliceOfRun(run))
  if (error instanceof Overtaken) return engine.log('warn', error.message, name)
  const now = await engine.clock.now()
  if (engine.stopping.aborted)
    return giveBack(engine, run, { due: now, reason: 'the process that worked on it was stopped' })
  if (signal.aborted) return engine.log('warn', `${name}: the queue gave this run to another worker`, name)
  const snooze = snoozeOf(engine, run, error, now)
  if (error instanceof LimitsAway) engine.purse.isDoubtful = true
  if (error instanceof LimitsAway && (await raise(engine.store, { ...limitsAway, message: error.message }))) {
    engine.log('error', error.message)
  }
  if (snooze) return giveBack(engine, run, snooze)
  if ((error instanceof Transient || isCut(error)) && (await leaveOut(engine, run, error, now))) return
  await engine.store.transaction(tx => fail(engine, tx, run, error))
}

/**
 * How long a run waits before it goes on; undefined when it shall not. One that came here from a process with other
 * connectors is not ours to fail.
 */
function snoozeOf(engine: Engine, run: Run, error: unknown, now: Date): Snooze | undefined {
  const isRemoved = error instanceof Paused && error.code === 'account-removed'
  if (isRemoved) return undefined
  if (!isKnown(engine.sources, run)) return { due: after(now, strange), reason: strangeText(run) }
  if (error instanceof LimitsAway) return { due: after(now, unknown), reason: error.message }
  if (error instanceof Paused && run.cause !== 'sync') return { due: after(now, held), reason: error.message }
  if (error instanceof Throttled) return throttled(error)
  if (error instanceof Postponed)
    return { due: error.until, reason: `${error.message}; asked again at ${timeText(error.until)} UTC` }
  const isSlow = error instanceof BadPage && error.cause instanceof Throttled
  return error instanceof Transient || isCut(error) || isSlow ? retried(engine, run, error as Failure, now) : undefined
}

/** An answer that broke off says nothing of the vendor's ways, as one of another shape does: it is as if none had come. */
function isCut(error: unknown): error is BadPage {
  return error instanceof BadPage && error.code === 'bad-json'
}

function strangeText({ connector, stream }: Run): string {
  return `waits for a process whose settings know ${connector}.${stream}; look at "connectors" in sluice.yaml`
}

function throttled({ until, bucket, message }: Throttled): Snooze {
  const reason = `throttled until ${timeText(until)} UTC: bucket ${bucket}: ${message}`
  return { due: after(until, -early), reason, bucket }
}

/**
 * By the stream's policy. A vendor that is left alone by everybody is not asked before its time, nor one whose quota has no room
 * for the next try: that is a retry all the same, as the stream has them within a question if it has no policy, since a run that
 * only waited for its quota would ask for ever.
 */
function retried({ sources }: Engine, run: Run, error: Failure, now: Date): Snooze | undefined {
  const { stream, options } = sourceOfRun(sources, run)
  const { cause } = error
  const usual = cause instanceof Throttled ? { transient: stream.retry(options) } : noRetry
  const policy: Policy = stream.policy?.(options) ?? usual
  const retry = (error.code === 'vendor-timeout' && policy.timeout) || policy.transient
  const wait = delay(retry, run.retries + 1)
  if (wait === undefined) return undefined
  const soonest = error instanceof CircuitOpen ? error.until : cause instanceof Throttled ? cause.until : now
  const due = new Date(Math.max(after(now, wait).getTime(), soonest.getTime()))
  const reason = `retry ${run.retries + 1} of ${retry.retries} at ${timeText(due)} UTC: ${error.message}`
  return { due, reason, retry: true, ...(cause instanceof Throttled ? { bucket: cause.bucket } : {}) }
}

/**
 * A page that never came is left out where its stream says how to go on without it; true when it is. One that was not even
 * asked for by the last retry, because nobody asks this vendor now, is not missing.
 */
async function leaveOut(engine: Engine, run: Run, error: Transient | BadPage, now: Date): Promise<boolean> {
  const source = sourceOfRun(engine.sources, run)
  if (!source.stream.skip || source.stream.for || run.span !== standing) return false
  if (error instanceof CircuitOpen && error.cause === undefined) return false
  const message = `${error.message}; this page is left out and asked for again later`
  const isLeft = await engine.store.transaction(async tx => {
    if (!(await isHeld(tx, run))) return false
    if (!(await leave(tx, run, source, error.message))) return false
    return snoozeRun(tx, run, { due: now, reason: message, anew: true })
  })
  if (isLeft) engine.log('warn', message)
  return isLeft
}

async function giveBack({ store }: Engine, run: Run, snooze: Snooze): Promise<void> {
  await snoozeRun(store, run, snooze)
}

function after(moment: Date, length: number): Date {
  return new Date(moment.getTime() + length)
}

function timeText(moment: Date): string {
  return moment.toISOString().slice(11, 19)
}

async function fail(engine: Engine, tx: Transaction, run: Run, error: unknown): Promise<void> {
  const { code, message, stack } = detailsOf(error, run)
  const ended = await finishRun(tx, run, {
    state: 'failed',
    code,
    error: message,
    ...(stack ? { stack } : {}),
  })
  const slice = sliceOfRun(run)
  if (code === 'account-removed') await dropUntouched(tx, slice, run.span)
  if (!ended) return
  const level = error instanceof BadPage || !(error instanceof Failure) ? 'critical' : 'warning'
  if (isOfAccount(error)) return engine.log(run.cause === 'sync' ? 'error' : 'debug', message)
  const isNew = await raise(tx, { key: `run ${JSON.stringify(slice)}`, level, code, message, slice })
  if (isOfStream(error, code)) await pause(tx, { ...slice, part: {} }, message)
  if (error instanceof Rejected) await dropUntouched(tx, slice, run.span)
  if (error instanceof Rejected && (await repeats(tx, slice, code))) await pause(tx, slice, message)
  engine.log(isNew || run.cause === 'sync' ? 'error' : 'debug', message, sliceText(slice))
}

/** What holds for every part of the stream, and will hold until somebody has looked. */
function isOfStream(error: unknown, code: string): boolean {
  return error instanceof AuthError || code === 'too-many-broken' || code === 'vendor-gone'
}

/** What befell the whole account is told by the account: its runs add no alert and no pause of their own. */
function isOfAccount(error: unknown): boolean {
  return error instanceof Paused || (error instanceof AuthError && error.code === 'auth-lost')
}

/** What is kept of an error. Only our own faults keep their stack: the others are told by their message. */
function detailsOf(error: unknown, { retries }: Run): { code: string; message: string; stack?: string } {
  const isRetried = error instanceof Transient || error instanceof BadPage
  const given = retries > 0 && isRetried ? `; given up after ${retries} retries` : ''
  if (error instanceof Failure) return { code: error.code, message: error.message + given }
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
  const slice = sliceOfRun(run)
  const message = `${sliceText(slice)}: its worker died ${run.deaths} times without committing a page; see the log for what killed it, then run it again`
  await engine.store.transaction(async tx => {
    if (!(await finishRun(tx, run, { state: 'failed', code: 'worker-died', error: message }))) return
    await raise(tx, { key: `run ${JSON.stringify(slice)}`, level: 'critical', code: 'worker-died', message, slice })
    engine.log('error', message, sliceText(slice))
  })
}
