import type { App } from '../app/app.ts'
import { Misuse } from '../core/failure.ts'
import { partText } from '../core/part.ts'
import {
  type Chosen,
  dismiss,
  type Kind,
  kindsOfBad,
  type Quarantined,
  readQuarantine,
  readQuarantined,
} from '../db/quarantine.ts'
import { replay } from '../engine/replay.ts'
import { type Common, type ExitCode, withApp } from './command.ts'
import { printJson, type Screen } from './screen.ts'
import { counted, moment, streamText, table } from './text.ts'

type Options = Common & { stream?: string; account?: string; limit?: string }

type Wanted = { which: Chosen; most: number }

/** `sluice quarantine [action] [ids...]`: what records could not become rows, and what shall become of them. */
export function quarantine(action: string | undefined, ids: readonly string[], options: Options): Promise<ExitCode> {
  const act = actions[action ?? 'list']
  if (!act) throw new Misuse('usage', `There is no "quarantine ${action}"; known: ${Object.keys(actions).join(', ')}`)
  const wanted = wantedOf(ids, options)
  if (action === 'show' && ids.length === 0)
    throw new Misuse('usage', 'sluice quarantine show needs the number of a record')
  return withApp(options, (app, screen) => act(app, screen, wanted))
}

type Act = (app: App, screen: Screen, wanted: Wanted) => Promise<ExitCode>

const actions: Readonly<Record<string, Act>> = { list, show, replay: replayAll, dismiss: dismissAll }

function wantedOf(ids: readonly string[], { stream, account, limit = '20' }: Options): Wanted {
  const wrong = ids.find(id => !/^\d{1,18}$/.test(id))
  if (wrong !== undefined)
    throw new Misuse('unknown-record', `"${wrong}" is no number of a record; sluice quarantine lists them`)
  const most = Number(limit)
  if (!Number.isInteger(most) || most < 1) throw new Misuse('bad-flag', `--limit ${limit} is no whole number above 0`)
  const [connector, name] = stream?.split('.') ?? []
  return { which: { connector, stream: name, account, ...(ids.length > 0 ? { ids } : {}) }, most }
}

/** By what is wrong with them; with their numbers, the records themselves. */
async function list({ store }: App, screen: Screen, { which, most }: Wanted): Promise<ExitCode> {
  const kinds = await kindsOfBad(store, which)
  const records = await readQuarantine(store, which, most)
  if (screen.json) printJson(screen, { kinds, records: records.map(jsonOf) })
  else if (kinds.length === 0) screen.out('Nothing is in quarantine.')
  else {
    screen.out(table(['stream', ' records', 'field', 'reason', 'last (UTC)', 'example'], kinds.map(kindRow)))
    screen.out('To look at one: sluice quarantine show NUMBER. Once it can be read: sluice quarantine replay')
  }
  return 0
}

function kindRow(kind: Kind): string[] {
  const { field, reason, times, example, last } = kind
  return [streamText(kind), counted(times), field ?? '-', reason, moment(last), example]
}

async function show({ store }: App, screen: Screen, { which }: Wanted): Promise<ExitCode> {
  for (const id of which.ids!) {
    const found = await readQuarantined(store, id)
    if (!found) throw new Misuse('unknown-record', `There is no record ${id}; sluice quarantine lists them`)
    if (screen.json)
      printJson(screen, { ...jsonOf(found), replayedAt: found.replayedAt, dismissedAt: found.dismissedAt })
    else for (const line of linesOf(found)) screen.out(line)
  }
  return 0
}

function jsonOf(record: Quarantined) {
  const { id, connector, account, stream, part, field, value, reason, times, firstSeen, lastSeen } = record
  return {
    id,
    connector,
    account,
    stream,
    part,
    field,
    value,
    reason,
    times,
    firstSeen,
    lastSeen,
    record: record.record,
  }
}

function linesOf(found: Quarantined & { replayedAt: Date | null; dismissedAt: Date | null }): string[] {
  const { id, connector, account, stream, part, field, value, reason, times, firstSeen, lastSeen, record } = found
  const end = found.replayedAt ?? found.dismissedAt
  return [
    `${id}: ${connector}/${account} ${stream} ${partText(part)}`.trimEnd(),
    `  field    ${field ?? '-'}`,
    `  value    ${value ?? '-'}`,
    `  reason   ${reason}`,
    `  seen     ${times} times, ${moment(firstSeen)} to ${moment(lastSeen)} UTC`,
    ...(end ? [`  ended    ${found.replayedAt ? 'replayed' : 'dismissed'} ${moment(end)} UTC`] : []),
    `  record   ${record}`,
  ]
}

async function replayAll({ store, sources }: App, screen: Screen, { which }: Wanted): Promise<ExitCode> {
  const done = await replay(store, sources, which)
  if (screen.json) printJson(screen, done)
  else if (done.tried === 0) screen.out('Nothing of this is in quarantine.')
  else {
    const rows = `${counted(done.inserted)} new rows, ${counted(done.changed)} changed, ${counted(done.unneeded)} already there or older`
    screen.out(`${counted(done.tried)} records: ${rows}, ${counted(done.broken)} still broken.`)
  }
  return done.broken > 0 ? 3 : 0
}

async function dismissAll({ store }: App, screen: Screen, { which }: Wanted): Promise<ExitCode> {
  if (!which.ids && !which.connector && !which.account) {
    throw new Misuse('usage', 'Say which records to dismiss: their numbers, --stream or --account')
  }
  const dismissed = await dismiss(store, which)
  if (screen.json) printJson(screen, { dismissed })
  else screen.out(`${counted(dismissed)} records are dismissed; they are kept for a while and no longer counted.`)
  return 0
}
