import type { App } from '../app/app.ts'
import { openLimits } from '../app/limits.ts'
import { partText } from '../core/part.ts'
import { openAlerts } from '../db/alerts.ts'
import { openRuns } from '../db/runs.ts'
import { readSchedules, type ScheduleState } from '../db/schedules.ts'
import { type Eta, etasOf } from '../engine/eta.ts'
import { type Standing, standings } from '../engine/standing.ts'
import { type Common, type ExitCode, withApp } from './command.ts'
import { printJson, type Screen } from './screen.ts'
import { age, brief, counted, flagsText, moment, span, streamText, table } from './text.ts'

/** `sluice status`: where every part stands, what it waits for, what is wrong, and when what is due next. */
export function status(options: Common): Promise<ExitCode> {
  return withApp(options, async (app, screen) => {
    await printStatus(app, screen)
    return 0
  })
}

/** Prints the state of every part, the alerts that hold now, and the next turns. */
export async function printStatus(app: App, screen: Screen): Promise<void> {
  const { store, clock } = app
  const [parts, alerts, schedules, now] = await Promise.all([
    standings(store, app.sources),
    openAlerts(store),
    readSchedules(store),
    clock.now(),
  ])
  const loads = await loadsOf(app, now)
  if (screen.json) return printJson(screen, { now, parts, alerts, schedules, loads })
  if (parts.length === 0) return screen.out('Nothing has been collected yet. Begin with: sluice sync')
  const headings = ['stream', 'part', 'state', ' rows', 'from (UTC)', 'to (UTC)', ' behind', 'note']
  screen.out(
    table(
      headings,
      parts.map(part => rowOf(part, loads, now)),
    ),
  )
  for (const { level, message, times } of alerts)
    screen.out(`${level.toUpperCase()}: ${message}${times > 1 ? ` (${times} times)` : ''}`)
  for (const line of turnsOf(schedules, now)) screen.out(line)
}

/** More open runs than this are told without their ends: nobody reads them. */
const most = 2_000

/** When the open runs will be done. A store of limits that is away has nothing to say of their closures. */
async function loadsOf(app: App, now: Date): Promise<Eta[]> {
  const open = await openLimits(app, app.store)
  try {
    const [runs, buckets] = await Promise.all([openRuns(app.store, most), open.limits.list().catch(() => [])])
    return etasOf(runs, { sources: app.sources, buckets, egress: app.settings.egress, now })
  } finally {
    await open.close()
  }
}

/** One question is on its way while this is read: a load of one is none. */
function etaText({ questions, ceiling, every, at }: Eta): string {
  if (questions < 2) return ''
  return `done about ${moment(at)}: ${counted(questions)} questions to go, quota ${counted(ceiling)} per ${span(every)}`
}

/** A turn that nobody has taken for so long (ms) tells that no scheduler runs that could. */
const untaken = 60_000

/** Two configurations of a stream that are due together are told once. */
function turnsOf(schedules: readonly ScheduleState[], now: Date): string[] {
  return [...new Set(schedules.map(schedule => turnText(schedule, now)))]
}

function turnText({ connector, account, stream, turn, next, owed }: ScheduleState, now: Date): string {
  const late = next !== null && now.getTime() - next.getTime() > untaken
  const when = next === null ? 'when that has ended' : late ? `since ${moment(next)}` : moment(next)
  const notes = [
    late && !turn.startsWith('after ') ? 'no sluice up runs with these settings' : '',
    owed > 0 ? `${owed} ${owed === 1 ? 'part' : 'parts'} once more when the open run ends` : '',
  ].filter(note => note !== '')
  return `due ${when}: ${connector}.${stream} of ${account}, ${turn}${notes.map(note => ` (${note})`).join('')}`
}

/** Where nothing is proven, and nothing was made of other rows, to say that there are 0 would be wrong. */
function rowOf(part: Standing, loads: readonly Eta[], now: Date): string[] {
  const { rows, from, to, left } = part
  const state = part.paused ? 'paused' : (part.run?.state ?? '-')
  const where = [streamText(part), partText(part.part), state, from === null && left === null ? '-' : counted(rows)]
  return [...where, moment(from), moment(to), age(to, now), noteOf(part, loads)]
}

function noteOf({ run, paused, holes, skipped, quarantined, left, ...slice }: Standing, loads: readonly Eta[]): string {
  const load = loads.find(each => each.run === run?.id)
  const notes = [
    brief(paused ?? run?.error ?? run?.warning ?? run?.notice ?? '', slice),
    run ? flagsText(run) : '',
    run?.state === 'waiting' ? `${run.reason} (due ${moment(run.due)})` : '',
    load ? etaText(load) : '',
    left ? `${counted(left)} ${left === 1 ? 'row' : 'rows'} to be made` : '',
    skipped > 0 ? `${skipped} ${skipped === 1 ? 'page' : 'pages'} never came` : '',
    holes > 0 ? `${holes} ${holes === 1 ? 'hole' : 'holes'} at the vendor` : '',
    quarantined > 0 ? `${quarantined} in quarantine` : '',
  ]
  return notes.filter(note => note !== '').join('; ')
}
