import { type App, components, load, openApp } from '../app/app.ts'
import { type Reached, reach, withAsker } from '../app/ask.ts'
import { openLimits } from '../app/limits.ts'
import { version } from '../app/name.ts'
import { accountText } from '../core/account.ts'
import { Failure } from '../core/failure.ts'
import type { Source } from '../core/source.ts'
import { openAlerts } from '../db/alerts.ts'
import { pending } from '../db/migrations.ts'
import { describeServer, serverTime, widerRights } from '../db/server.ts'
import type { Common, ExitCode } from './command.ts'
import { printJson, screenLog, terminal } from './screen.ts'

/** One thing looked at: whether it is well, and what was seen. */
type Finding = { check: string; ok: boolean; seen: string }

/** A clock that is off by more than this (ms) makes candles late and windows of limits wrong. */
const offsetAllowed = 2_000

/** `sluice doctor`: looks at everything Sluice needs and says what is wrong with it. Asks each vendor for its time. */
export async function doctor({ json = false }: Common): Promise<ExitCode> {
  const screen = terminal(json)
  const findings: Finding[] = [
    { check: 'program', ok: true, seen: `sluice ${version} on Node ${process.versions.node}` },
  ]
  try {
    const loaded = await load({ folder: process.cwd(), env: process.env })
    const app = await openApp(loaded, screenLog(screen, 'warn'), 'embedded')
    await examine(app, findings).finally(app.close)
  } catch (error) {
    findings.push(failed('store', error))
  }
  if (json) printJson(screen, findings)
  else for (const { check, ok, seen } of findings) screen.out(`${ok ? 'ok  ' : 'BAD '} ${check}: ${seen}`)
  return findings.every(({ ok }) => ok) ? 0 : 1
}

type Check = [name: string, look: () => Promise<Omit<Finding, 'check'>>]

async function examine(app: App, findings: Finding[]): Promise<void> {
  const isPrepared = (await pending(app.store, components(app))).length === 0
  const store: Check[] = [
    ['store', () => server(app)],
    ['rights', () => rights(app)],
    ['tables', () => tables(app)],
    ['clock', () => clock(app)],
  ]
  for (const [check, look] of isPrepared ? [...store, ...beyondTables(app)] : store) {
    const finding = await look().then(
      result => ({ check, ...result }),
      error => failed(check, error),
    )
    findings.push(finding)
  }
}

/** What cannot be looked at without tables: limits and alerts are kept there. A vendor is asked once for each account. */
function beyondTables(app: App): Check[] {
  const firsts = app.sources.filter(
    (source, at) => app.sources.findIndex(each => nameOf(each) === nameOf(source)) === at,
  )
  const vendors = firsts.map((source): Check => [nameOf(source), () => vendor(app, source)])
  return [['limits', () => limits(app)], ...vendors, ['alerts', () => alerts(app)]]
}

/** The vendor's name where it wants no credentials; with the account's where it does. */
function nameOf({ connector, account }: Source): string {
  return account === connector.account ? connector.name : accountText(connector.name, account)
}

async function server({ store, database, home }: App): Promise<Omit<Finding, 'check'>> {
  const { version, encoding } = await describeServer(store)
  const where = database.embedded ? `embedded, below ${home}` : store.where
  const isUtf8 = encoding === 'UTF8'
  const advice = isUtf8 ? '' : '; create the database with encoding UTF8, or texts will be refused'
  return {
    ok: isUtf8 && Number.parseInt(version, 10) >= 15,
    seen: `PostgreSQL ${version} (15 or newer), ${encoding}, ${where}${advice}`,
  }
}

/** Too many rights harm nothing by themselves: they are told, and all is well. */
async function rights({ store, database }: App): Promise<Omit<Finding, 'check'>> {
  if (database.embedded) return { ok: true, seen: 'of our own store, which nobody else uses' }
  const [{ user }, wider] = [await describeServer(store), await widerRights(store)]
  const advice = 'more than Sluice needs every day; docs/inventory.md has a role with few rights'
  return { ok: true, seen: wider.length === 0 ? `few, as ${user}` : `${user} has ${wider.join(', ')}: ${advice}` }
}

async function tables(app: App): Promise<Omit<Finding, 'check'>> {
  const todo = await pending(app.store, components(app))
  if (todo.length === 0) return { ok: true, seen: 'current' }
  return { ok: app.database.embedded, seen: `${todo.length} migrations to apply; run: sluice migrate` }
}

async function clock({ store }: App): Promise<Omit<Finding, 'check'>> {
  const before = Date.now()
  const now = await serverTime(store)
  const offset = now.getTime() - (before + Date.now()) / 2
  return { ok: Math.abs(offset) <= offsetAllowed, seen: `database ${offsetText(offset)} this machine` }
}

/** Whatever comes of it, the address that was asked is told. */
async function vendor(app: App, source: Source): Promise<Omit<Finding, 'check'>> {
  const { baseUrl, connector, held } = source
  if (held) return { ok: held.code === 'account-paused', seen: held.message }
  return withAsker(
    app,
    () => undefined,
    asker => reach(asker, source, connector.title),
  ).then(
    reached => answered(baseUrl, reached),
    error => ({ ok: false, seen: `${baseUrl}: ${failed(connector.name, error).seen}` }),
  )
}

function answered(baseUrl: string, reached: Reached | undefined): Omit<Finding, 'check'> {
  if (!reached) return { ok: true, seen: `${baseUrl}; there is nothing cheap to ask there` }
  const { ms, offset } = reached
  const advice = Math.abs(offset) <= offsetAllowed ? '' : '; set the clock of the database server (NTP)'
  return {
    ok: advice === '',
    seen: `${baseUrl} answers in ${ms.toFixed(0)} ms; its clock is ${offsetText(offset)} ours${advice}`,
  }
}

/** A store of limits that is away stops everything: nothing is asked without it. */
async function limits(app: App): Promise<Omit<Finding, 'check'>> {
  const { limits, close } = await openLimits(app, app.store)
  const buckets = await limits.list().finally(close)
  const closed = buckets.filter(({ closedUntil }) => closedUntil)
  const seen = `kept in ${limits.where}, ${buckets.length} known${closed.length > 0 ? `, ${closed.length} closed; see: sluice limits` : ''}`
  return { ok: true, seen }
}

async function alerts({ store }: App): Promise<Omit<Finding, 'check'>> {
  const open = await openAlerts(store)
  return { ok: open.length === 0, seen: open.length === 0 ? 'none' : open.map(({ message }) => message).join('; ') }
}

function offsetText(offset: number): string {
  return `${(Math.abs(offset) / 1000).toFixed(2)} s ${offset < 0 ? 'behind' : 'ahead of'}`
}

function failed(check: string, error: unknown): Finding {
  if (error instanceof Failure) return { check, ok: false, seen: error.message }
  return { check, ok: false, seen: `unexpected: ${error instanceof Error ? error.message : String(error)}` }
}
