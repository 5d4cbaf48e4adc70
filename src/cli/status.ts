import type { App } from '../app/app.ts'
import { partText } from '../core/part.ts'
import { openAlerts } from '../db/alerts.ts'
import { type PartState, readParts } from '../db/parts.ts'
import { type Common, type ExitCode, withApp } from './command.ts'
import { printJson, type Screen } from './screen.ts'
import { age, brief, counted, moment, table } from './text.ts'

/** `sluice status`: where every part stands, what it waits for, what is wrong. */
export function status(options: Common): Promise<ExitCode> {
  return withApp(options, async (app, screen) => {
    await printStatus(app, screen)
    return 0
  })
}

/** Prints the state of every part and the alerts that hold now. */
export async function printStatus({ store, clock }: App, screen: Screen): Promise<void> {
  const [parts, alerts, now] = await Promise.all([readParts(store), openAlerts(store), clock.now()])
  if (screen.json) return printJson(screen, { now, parts, alerts })
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
