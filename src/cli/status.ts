import type { App } from '../app/app.ts'
import { partText } from '../core/part.ts'
import { openAlerts } from '../db/alerts.ts'
import { type PartState, readParts } from '../db/parts.ts'
import { readSchedules, type ScheduleState } from '../db/schedules.ts'
import { type Common, type ExitCode, withApp } from './command.ts'
import { printJson, type Screen } from './screen.ts'
import { age, brief, counted, moment, table } from './text.ts'

/** `sluice status`: where every part stands, what it waits for, what is wrong, and when what is due next. */
export function status(options: Common): Promise<ExitCode> {
  return withApp(options, async (app, screen) => {
    await printStatus(app, screen)
    return 0
  })
}

/** Prints the state of every part, the alerts that hold now, and the next turns. */
export async function printStatus({ store, clock }: App, screen: Screen): Promise<void> {
  const [parts, alerts, schedules, now] = await Promise.all([
    readParts(store),
    openAlerts(store),
    readSchedules(store),
    clock.now(),
  ])
  if (screen.json) return printJson(screen, { now, parts, alerts, schedules })
  if (parts.length === 0) return screen.out('Nothing has been collected yet. Begin with: sluice sync')
  const headings = ['stream', 'part', 'state', ' rows', 'from (UTC)', 'to (UTC)', ' behind', 'note']
  screen.out(
    table(
      headings,
      parts.map(part => rowOf(part, now)),
    ),
  )
  for (const { level, message, times } of alerts)
    screen.out(`${level.toUpperCase()}: ${message}${times > 1 ? ` (${times} times)` : ''}`)
  for (const line of turnsOf(schedules, now)) screen.out(line)
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

function rowOf(part: PartState, now: Date): string[] {
  const { connector, stream, rows, from, to } = part
  const state = part.paused ? 'paused' : (part.run?.state ?? '-')
  const where = [`${connector}.${stream}`, partText(part.part), state, counted(rows)]
  return [...where, moment(from), moment(to), age(to, now), noteOf(part)]
}

function noteOf({ run, paused, holes, quarantined, ...slice }: PartState): string {
  const notes = [
    brief(paused ?? run?.error ?? run?.warning ?? '', slice),
    run?.state === 'waiting' ? `${run.reason} (due ${moment(run.due)})` : '',
    holes > 0 ? `${holes} ${holes === 1 ? 'hole' : 'holes'} at the vendor` : '',
    quarantined > 0 ? `${quarantined} in quarantine` : '',
  ]
  return notes.filter(note => note !== '').join('; ')
}
