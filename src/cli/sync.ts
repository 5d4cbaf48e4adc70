import { isDeepStrictEqual } from 'node:util'
import { closest } from 'fastest-levenshtein'
import type { App } from '../app/app.ts'
import { startEngine } from '../app/app.ts'
import { accountless, commanded } from '../app/sources.ts'
import { accountText } from '../core/account.ts'
import { Misuse } from '../core/failure.ts'
import type { Level } from '../core/log.ts'
import { partText } from '../core/part.ts'
import { isFinished, type Run, type Slice, sliceText } from '../core/run.ts'
import type { Source } from '../core/source.ts'
import { readRuns } from '../db/runs.ts'
import type { Engine } from '../engine/engine.ts'
import { follow } from '../engine/follow.ts'
import { plan, type Wish } from '../engine/plan.ts'
import { progressOf } from '../engine/progress.ts'
import { readyOf } from '../engine/stages.ts'
import { meterOf } from './bar.ts'
import { type Common, type ExitCode, flagValues, rangeOf, type StreamFlag, withApp } from './command.ts'
import { printJson, type Screen, screenLog } from './screen.ts'
import { halt, onStop } from './stop.ts'
import { brief, counted, flagsText, streamText, table } from './text.ts'

export type Options = Common & {
  from?: string
  to?: string
  account?: string
} & Record<string, unknown>

/** What a sync came to. `overruled` are the runs that another command has since asked for with other flags. */
export type Summary = { runs: Run[]; complete: Slice[]; overruled: Run[]; seconds: number; interrupted: boolean }

/** `sluice sync [stream]`: collects what is lacking, now, in this process; follows what others already work on. */
export function sync(name: string | undefined, options: Options, flags: readonly StreamFlag[]): Promise<ExitCode> {
  const range = rangeOf(options)
  if (options.acceptFewer)
    throw new Misuse('bad-flag', '--accept-fewer says something of --resync; add that or leave it out')
  return withApp({ json: options.json ?? false, flags: flagValues(flags, options) }, async (app, screen) => {
    const sources = chosen(app, screen, name, options.account)
    const wishes = sources.map(source => ({ source, parts: source.stream.parts(source.options), ...range }))
    const summary = await collect(app, screen, wishes)
    report(screen, summary)
    return exitCode(summary)
  })
}

/** What somebody asks for by hand. */
type Request = Omit<Wish, 'cause'>

/** Plans and works what is wished for until every run has ended or the user stops it. */
export async function collect(app: App, screen: Screen, wishes: readonly Request[]): Promise<Summary> {
  const began = Date.now()
  const log = screenLog(screen, leastOf(app.settings.log.level))
  const stopping = onStop(() => halt(starting), { grace: app.settings.grace, screen })
  const starting = startEngine(app, log, ['worker'])
  try {
    const { engine } = await starting
    const summary = stopping.asked() ? { runs: [], complete: [], overruled: [] } : await workAll(engine, screen, wishes)
    return { ...summary, seconds: (Date.now() - began) / 1000, interrupted: stopping.asked() }
  } finally {
    await halt(starting)
    stopping.end()
  }
}

/** What comes of each run is in the summary: on the screen, its log only warns, unless everything shall be seen. */
function leastOf(level: Level): Level {
  return level === 'info' ? 'warn' : level
}

/** Everything that is wished for, each as soon as what it needs is there. */
async function workAll(engine: Engine, screen: Screen, wishes: readonly Request[]) {
  const ids: string[] = []
  const complete: Slice[] = []
  const begun = new Map<Request, string[]>()
  const meter = meterOf(screen)
  const ahead = (await engine.clock.now()).getTime() - Date.now()
  const onward = async (runs: readonly Run[]) => {
    if (ids.length > 0) meter.show(progressOf(runs, engine.sources, new Date(Date.now() + ahead)))
    const open = new Set(runs.filter(run => !isFinished(run)).map(({ id }) => id))
    const working = [...begun].flatMap(([wish, its]) => (its.some(id => open.has(id)) ? [wish] : []))
    const waiting = wishes.filter(wish => !begun.has(wish))
    if (engine.stopping.aborted) return
    for (const wish of readyOf(waiting, working)) {
      const planned = await plan(engine, { ...wish, cause: 'sync' })
      begun.set(wish, planned.runs)
      ids.push(...planned.runs.filter(id => !ids.includes(id)))
      complete.push(...planned.complete)
    }
    if (begun.size < wishes.length && ids.length === runs.length && open.size === 0) await onward(runs)
  }
  await follow(engine, ids, onward)
  if (ids.length > 0) meter.end()
  const runs = await readRuns(engine.store, ids)
  const overruled = [...begun].flatMap(([{ source }, its]) =>
    runs.filter(({ id, flags }) => its.includes(id) && !isDeepStrictEqual(flags ?? {}, source.flags ?? {})),
  )
  return { runs, complete, overruled }
}

/** What is asked for by hand. An account that is held is left out with a warning, unless nothing else is left. */
export function chosen(app: App, screen: Screen, name: string | undefined, account: string | undefined): Source[] {
  const found = wanted(app, name).filter(source => account === undefined || isOf(source, account))
  if (found.length === 0)
    throw new Misuse('unknown-account', `There is no account "${account}" here; see: sluice accounts list`)
  const free = found.filter(({ held }) => held === undefined)
  const holds = new Set(found.flatMap(({ held }) => (held ? [held] : [])))
  const [first] = holds
  if (free.length === 0) throw new Misuse(first!.code, sentence(first!.message))
  for (const message of new Set([...holds].map(held => held.message))) screen.err(`[WARN] ${sentence(message)}`)
  return free.map(source => commanded(app, source))
}

function wanted(app: App, name: string | undefined): Source[] {
  const { sources, connectors, env } = app
  const found = sources.filter(
    source => name === undefined || nameOf(source) === name || source.connector.name === name,
  )
  if (found.length > 0) return found
  const without = connectors.find(each => name === undefined || each.name === name?.split('.')[0])
  if (without && sources.every(({ connector }) => connector !== without)) throw accountless(without, env)
  const names = connectors.flatMap(connector => connector.streams.map(stream => `${connector.name}.${stream.name}`))
  throw new Misuse(
    'unknown-stream',
    `There is no stream "${name}"; did you mean "${closest(name!, names)}"? Known: ${names.join(', ')}`,
  )
}

function isOf({ connector, account }: Source, text: string): boolean {
  return text === account || text === accountText(connector.name, account)
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function nameOf({ connector, stream }: Source): string {
  return `${connector.name}.${stream.name}`
}

/** Prints what a sync came to: one JSON value, or a table and a sentence. */
export function report(screen: Screen, summary: Summary): void {
  if (screen.json) printJson(screen, jsonOf(summary))
  else printSummary(screen, summary)
}

export function printSummary(screen: Screen, { runs, complete, overruled, seconds, interrupted }: Summary): void {
  if (runs.length > 0) screen.out(table(['part', 'state', ' records', ' new', ' changed', 'note'], runs.map(rowOf)))
  if (complete.length > 0) screen.out(`Nothing was lacking: ${complete.map(sliceText).join(', ')}`)
  for (const run of overruled) {
    const how = flagsText(run) || 'without flags'
    screen.err(
      `[WARN] ${sliceText(run)}: run ${run.id} went on ${how}, as another command asked since; run this one again`,
    )
  }
  const total = runs.reduce((sum, run) => sum + run.records, 0)
  if (runs.length > 0) screen.out(`${counted(total)} records in ${seconds.toFixed(1)} s`)
  const stopped = 'Stopped. What was committed is kept; the same command goes on from there.'
  if (interrupted) screenLog(screen, 'info')('info', stopped)
}

function rowOf(run: Run): string[] {
  const note = brief(run.error ?? run.warning ?? run.reason ?? run.notice ?? '', run)
  return [
    `${streamText(run)} ${partText(run.part)}`.trimEnd(),
    run.state,
    counted(run.records),
    counted(run.inserted),
    counted(run.changed),
    note,
  ]
}

export function jsonOf(summary: Summary) {
  const { runs, complete, overruled, seconds, interrupted } = summary
  const states = { state: stateOf(summary), interrupted, seconds }
  return {
    ...states,
    runs: runs.map(({ worker, job, position, ...run }) => run),
    complete,
    overruled: overruled.map(({ id }) => id),
  }
}

function stateOf({ runs, overruled, interrupted }: Summary): string {
  for (const state of ['failed', 'partial'] as const) if (runs.some(run => run.state === state)) return state
  if (overruled.length > 0) return 'partial'
  const isStopped = interrupted && runs.length === 0
  return runs.every(isFinished) && !isStopped ? 'success' : 'unfinished'
}

/** 1 when a run failed, 3 when one is partial or was not finished, 0 when everything is proven. */
export function exitCode(summary: Summary): ExitCode {
  const state = stateOf(summary)
  if (state === 'failed') return 1
  return state === 'success' ? 0 : 3
}
