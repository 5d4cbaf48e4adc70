import { join, relative, resolve } from 'node:path'
import { closest } from 'fastest-levenshtein'
import { add, rotate } from '../app/accounts.ts'
import type { App } from '../app/app.ts'
import { Misuse } from '../core/failure.ts'
import { listAccounts } from '../db/accounts.ts'
import { countRowsOf } from '../db/relation.ts'
import { type Common, type ExitCode, withApp } from './command.ts'
import { printJson, type Screen, screenLog } from './screen.ts'
import { printStatus } from './status.ts'
import { collect, exitCode, report, type Summary } from './sync.ts'
import { counted, table } from './text.ts'
import { eventLog, run } from './up.ts'
import { type Truth, type World, worlds } from './worlds.ts'

export type DemoOptions = Common & { once?: boolean; only?: string }

/**
 * `sluice demo`: the whole product against imitated vendors in this process, with a store of its own. Nothing leaves this
 * machine, and the user's own data is not touched.
 */
export async function demo({ once = false, only = 'binance', ...options }: DemoOptions): Promise<ExitCode> {
  const names = [...new Set(only.split(',').map(name => name.trim()))]
  const shown = await Promise.all(names.map(name => worldOf(name)()))
  try {
    const env = { SLUICE_HOME: homeOf(names), SLUICE_SECRET_KEY: 'the demo has no secrets', ...envOf(shown) }
    return await withApp({ ...options, env, folder: env.SLUICE_HOME }, (app, screen) => show(app, screen, shown, once))
  } finally {
    await Promise.all(shown.map(world => world.close()))
  }
}

function worldOf(name: string) {
  const world = worlds[name]
  const known = Object.keys(worlds)
  if (world) return world
  const text = `There is no imitated "${name}"; did you mean "${closest(name, known)}"? Known: ${known.join(', ')}`
  throw new Misuse('bad-flag', text)
}

/** Each choice of vendors has a store of its own: what one demo has loaded is not lacking in another. */
function homeOf(names: readonly string[]): string {
  const home = join(resolve(process.env.SLUICE_HOME ?? '.sluice'), 'demo')
  const others = names.filter(name => name !== 'binance').toSorted()
  return others.length > 0 ? `${home}-${names.toSorted().join('-')}` : home
}

/** Everything a user may have set is left out: the demo is the same everywhere. */
function envOf(shown: readonly World[]): Record<string, string> {
  return Object.assign({}, ...shown.map(({ env }) => env))
}

async function show(app: App, screen: Screen, shown: readonly World[], once: boolean): Promise<ExitCode> {
  const began = Date.now()
  await enterAccounts(app, shown)
  const since = (await enteredAt(app)) ?? began
  for (const { about, begin } of shown) {
    begin?.(since)
    screenLog(screen, 'info')('info', about)
  }
  const sources = (await app.reload()).filter(({ connector }) => shown.some(each => each.connector === connector.name))
  const summary = await collect(
    { ...app, sources },
    screen,
    sources.map(source => ({ source, parts: source.stream.parts(source.options) })),
  )
  report(screen, summary)
  await printStatus({ ...app, sources }, screen)
  if (!summary.interrupted) {
    const asked = (stream: string, account: string) => askedAt(summary, stream, account)
    const truth = shown.flatMap(world => world.truth(since, asked))
    const refused = shown.reduce((sum, world) => sum + world.refused(), 0)
    printBooks(screen, await heldBeside(app, truth), refused)
  }
  if (once || summary.interrupted) return exitCode(summary)
  const log = screen.json ? eventLog(screen) : screenLog(screen, 'info')
  const home = relative(process.cwd(), app.home) || '.'
  await run({ ...app, sources }, { screen, log }, [
    'From here on news are collected as they come. Stop with Ctrl-C.',
    `To look around, in another terminal: SLUICE_HOME=${home} npx sluice status`,
  ])
  log('info', 'The demo has stopped. Its data stays; run it again to go on from there.')
  return 0
}

/** Enters the accounts that the imitated vendors know. */
async function enterAccounts(app: App, shown: readonly World[]): Promise<void> {
  const stored = await listAccounts(app.store)
  for (const { connector: name, accounts } of shown) {
    const connector = app.connectors.find(each => each.name === name)!
    for (const { slug, credentials } of accounts) {
      const isThere = stored.some(each => each.connector === name && each.slug === slug)
      await (isThere ? rotate : add)(app, { connector, slug }, { credentials })
    }
  }
}

/** When the first account of this store was entered (epoch ms), by this demo or by one before it. */
async function enteredAt({ store }: App): Promise<number | undefined> {
  const entered = (await listAccounts(store)).map(({ createdAt }) => createdAt.getTime())
  return entered.length > 0 ? Math.min(...entered) : undefined
}

/** When a stream of an account was read; its run may have waited for its limit long before. */
function askedAt({ runs }: Summary, stream: string, account: string): number {
  const run = runs.find(each => each.stream === stream && each.account === account)
  return run?.finishedAt?.getTime() ?? Date.now()
}

/** What a table holds beside what the vendor's own books say. */
type Compared = Truth & { held: number }

async function heldBeside({ store }: App, truth: readonly Truth[]): Promise<Compared[]> {
  const compared: Compared[] = []
  for (const each of truth) compared.push({ ...each, held: await countRowsOf(store, each.table, each.account) })
  return compared
}

/** Prints the tables beside the books of the imitated vendors, and how often they had to refuse. */
function printBooks(screen: Screen, compared: readonly Compared[], refused: number): void {
  if (screen.json) {
    printJson(screen, { compared, refused })
    return
  }
  if (compared.length > 0) {
    const rows = compared.map(({ table: name, account, rows, held }) => {
      return [name, account, counted(held), counted(rows), held === rows ? 'the same' : 'DIFFERENT']
    })
    screen.out(table(['table', 'account', ' rows here', ' in the vendor’s books', ''], rows))
  }
  screen.out(`The imitated vendors had to refuse ${counted(refused)} questions for their limits.`)
}
