import type { App } from '../app/app.ts'
import { Misuse } from '../core/failure.ts'
import { saidText, sourceOfRun } from '../core/flag.ts'
import { partText } from '../core/part.ts'
import { type Run, sliceText, standing } from '../core/run.ts'
import { listRuns, readRuns } from '../db/runs.ts'
import type { Wish } from '../engine/plan.ts'
import { type Common, type ExitCode, withApp } from './command.ts'
import { printJson, type Screen } from './screen.ts'
import { collect, exitCode, report } from './sync.ts'
import { brief, counted, flagsText, moment, streamText, table } from './text.ts'

type Options = Common & { state?: string; stream?: string; limit?: string; retry?: boolean }

const states = ['planned', 'waiting', 'running', 'success', 'partial', 'failed'] as const

/** `sluice runs [ids...]`: the newest runs, or the named ones; with --retry those of them that failed are run again, now. */
export function runs(ids: readonly string[], { retry = false, ...options }: Options): Promise<ExitCode> {
  const filter = filterOf(options, retry)
  return withApp(options, async (app, screen) => {
    const found = ids.length > 0 ? await named(app, ids) : await listRuns(app.store, filter)
    if (retry) return again(app, screen, found)
    if (screen.json)
      printJson(
        screen,
        found.map(({ worker, job, ...run }) => run),
      )
    else if (ids.length > 0) for (const run of found) for (const line of linesOf(run)) screen.out(line)
    else print(screen, found)
    return 0
  })
}

function filterOf({ state, stream, limit = '20' }: Options, retry: boolean) {
  const asked = state?.split(',').map(each => each.trim()) ?? (retry ? ['failed'] : states)
  const unknown = asked.find(each => !(states as readonly string[]).includes(each))
  if (unknown !== undefined)
    throw new Misuse('unknown-state', `There is no state "${unknown}"; known: ${states.join(', ')}`)
  const most = Number(limit)
  if (!Number.isInteger(most) || most < 1) throw new Misuse('bad-flag', `--limit ${limit} is no whole number above 0`)
  const [connector, name] = stream?.split('.') ?? []
  return { states: asked, most, ...(connector ? { connector } : {}), ...(name ? { stream: name } : {}) }
}

async function named({ store }: App, ids: readonly string[]): Promise<Run[]> {
  const wrong = ids.find(id => !/^\d{1,18}$/.test(id))
  if (wrong !== undefined) throw new Misuse('unknown-run', `"${wrong}" is no id of a run; sluice runs lists them`)
  const found = await readRuns(store, ids)
  const missing = ids.find(id => !found.some(run => run.id === id))
  if (missing !== undefined) throw new Misuse('unknown-run', `There is no run ${missing}; sluice runs lists them`)
  return found
}

/** Each part once, with its flags: of runs that failed for the same, the newest is run again. */
async function again(app: App, screen: Screen, found: readonly Run[]): Promise<ExitCode> {
  const failed = found.filter(({ state }) => state === 'failed')
  if (failed.length === 0) {
    if (screen.json)
      printJson(screen, { state: 'success', interrupted: false, seconds: 0, runs: [], complete: [], overruled: [] })
    else screen.out('None of these runs has failed; there is nothing to run again.')
    return 0
  }
  const wishes = new Map(
    failed
      .toSorted((one, other) => Number(one.id) - Number(other.id))
      .map(run => [JSON.stringify([run.connector, run.account, run.stream, run.part, run.span]), wishOf(app, run)]),
  )
  const summary = await collect(app, screen, [...wishes.values()])
  report(screen, summary)
  return exitCode(summary)
}

function wishOf({ sources }: App, run: Run): Omit<Wish, 'cause'> {
  const range = run.span === standing || !run.to ? {} : { from: run.from, to: run.to }
  return { source: sourceOfRun(sources, run), parts: [run.part], ...range }
}

function print(screen: Screen, found: readonly Run[]): void {
  if (found.length === 0) screen.out('There is no such run.')
  else screen.out(table([' run', 'stream', 'part', 'state', 'began (UTC)', ' records', 'note'], found.map(rowOf)))
}

/** One run in full, with the result of checking its records. */
function linesOf(run: Run): string[] {
  const { quarantined, records, findings } = run
  const verdict =
    quarantined === 0 ? 'valid' : `not valid: ${counted(quarantined)} of ${counted(records)} are in quarantine`
  return [
    `${run.id}: ${sliceText(run)}, ${run.state}`,
    `  asked    ${run.pages} pages, from ${moment(run.from)} to ${moment(run.to ?? run.position)} UTC`,
    ...(run.flags ? [`  flags    ${saidText(run.flags)}`] : []),
    `  began    ${moment(run.startedAt)} UTC, ended ${moment(run.finishedAt)} UTC`,
    `  records  ${counted(records)}, ${verdict}; ${counted(run.inserted)} new rows, ${counted(run.changed)} changed`,
    ...findings.map(({ field, reason, times }) => `    ${counted(times)} × ${field ?? 'record'}: ${reason}`),
    ...(run.retries + run.deaths > 0 ? [`  trouble  ${run.retries} retries, ${run.deaths} deaths of its worker`] : []),
    ...(run.reason ? [`  waits    ${noteOf(run)}`] : []),
    ...(run.warning ? [`  warning  ${run.warning}`] : []),
    ...(run.notice ? [`  notice   ${run.notice}`] : []),
    ...(run.error ? [`  error    ${run.errorCode}: ${run.error}`] : []),
  ]
}

function rowOf(run: Run): string[] {
  const { id, part, state, startedAt, records } = run
  const note = [flagsText(run), noteOf(run)].filter(text => text !== '').join('; ')
  return [id, streamText(run), partText(part), state, moment(startedAt), counted(records), note]
}

function noteOf(run: Run): string {
  const due = run.dueAt ? ` (due ${moment(run.dueAt)})` : ''
  return run.reason ? run.reason + due : brief(run.error ?? run.warning ?? '', run)
}
