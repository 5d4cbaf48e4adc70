import type { Command } from 'commander'
import { accountNamed, connectorNamed, logIn, sourceOf, type Trial, tryOut } from '../app/account.ts'
import type { Entered, Named } from '../app/accounts.ts'
import * as accounts from '../app/accounts.ts'
import type { App } from '../app/app.ts'
import type { Credentials } from '../core/account.ts'
import { AuthError, Misuse } from '../core/failure.ts'
import { type Common, type ExitCode, withApp } from './command.ts'
import { enter, type Origin } from './credentials.ts'
import { askOpen, canAsk } from './question.ts'
import { showAccounts, showAudit } from './roster.ts'
import { printJson, type Screen, screenLog } from './screen.ts'
import { moment } from './text.ts'

type Entering = Common & Origin & { test?: boolean; keep?: boolean }

/** `sluice accounts …`: whose credentials there are, and what becomes of them. */
export function accountsCommand(program: Command, ended: (code: ExitCode) => void): void {
  const group = program
    .command('accounts')
    .description('accounts with credentials: add, list, test, rotate, pause, remove')
  const add = (name: string, about: string) =>
    group.command(name).description(about).option('--json', 'machine-readable output')
  const entering = (command: Command) =>
    command
      .option('--stdin', 'credentials from stdin: a JSON object, or name=value lines')
      .option('--from-env', 'credentials from the variables of the connector')
      .option('--no-test', 'do not ask the vendor whether it takes them')
      .allowUnknownOption()
      .allowExcessArguments()

  entering(add('add <connector> [slug]', 'store credentials under a name: acme main, or acme/main')).action(
    async (connector, slug, options, command) => ended(await addAccount(connector, slug, options, command.args)),
  )
  add('list', 'all accounts: state, age of credentials, last success and refusal').action(async options =>
    ended(await withApp(lenient(options), showAccounts)),
  )
  add('test <account>', 'ask the vendor whether it takes the credentials').action(async (account, options) =>
    ended(await test(account, options)),
  )
  entering(add('rotate <account>', 'replace credentials, or log in again'))
    .option('--keep', 'keep the credentials, only log in again')
    .action(async (account, options, command) => ended(await rotate(account, options, command.args)))
  add('pause <account>', 'ask nothing for it until it is resumed')
    .option('--reason <text>', 'why, for those who look at it later')
    .action(async (account, options) => ended(await pause(account, options)))
  add('resume <account>', 'go on').action(async (account, options) => ended(await resume(account, options)))
  add('remove <account>', 'forget the credentials; what was collected stays')
    .option('--purge', 'delete everything that was collected for it, too')
    .option('--yes', 'do not ask before that')
    .action(async (account, options) => ended(await remove(account, options)))
  add('rekey', 'encrypt everything anew with SLUICE_SECRET_KEY').action(async options => ended(await rekey(options)))
  add('audit', 'what was done to accounts, and by whom')
    .option('--account <account>', 'only of this one')
    .option('--limit <n>', 'how many at most', '20')
    .action(async options => ended(await withApp(lenient(options), (app, screen) => showAudit(app, screen, options))))
}

/** Settings may name an account that is to be added, or was removed. */
function lenient<T extends Common>(options: T): T & { strangers: 'allowed' } {
  return { ...options, strangers: 'allowed' }
}

function onAccount<T extends Common>(
  account: string,
  options: T,
  work: (app: App, named: Named, screen: Screen) => Promise<ExitCode>,
): Promise<ExitCode> {
  return withApp(lenient({ ...options }), async (app, screen) => work(app, await accountNamed(app, account), screen))
}

function addAccount(
  first: string,
  second: string | undefined,
  options: Entering,
  args: readonly string[],
): Promise<ExitCode> {
  const isWhole = first.includes('/')
  refuseSecrets(args, isWhole ? 1 : 2)
  const [name = '', slug = ''] = isWhole ? first.split('/') : [first, second]
  if (slug === '') throw new Misuse('bad-flag', `The account of ${name} has no name: sluice accounts add ${name} main`)
  return withApp(lenient({ ...options }), async (app, screen) => {
    const named: Named = { connector: connectorNamed(app, name), slug }
    accounts.refuseSlug(named.connector, slug)
    await app.vault.key()
    const { entered, trial } = await obtain(app, screen, named, options)
    await accounts.add(app, named, entered)
    return tell(screen, named, 'added', trial)
  })
}

function rotate(account: string, options: Entering, args: readonly string[]): Promise<ExitCode> {
  refuseSecrets(args, 1)
  return onAccount(account, options, async (app, named, screen) => {
    await app.vault.key()
    const before = await accounts.current(app, named).catch(error => lost(error, options, screen))
    const { entered, trial } = await obtain(app, screen, named, options, before)
    await accounts.rotate(app, named, entered)
    return tell(screen, named, 'rotated', trial)
  })
}

/** Credentials that open no more are what rotating is for; they cannot be kept. */
function lost(error: unknown, { keep }: Entering, screen: Screen): Credentials {
  if (!(error instanceof Misuse) || keep) throw error
  screen.err('[WARN] What is stored of them cannot be opened here; all of them have to be entered.')
  return {}
}

/** Credentials and tokens that the vendor takes, as far as it can be asked now. @throws AuthError when it refuses them */
async function obtain(app: App, screen: Screen, named: Named, options: Entering, before?: Credentials) {
  const log = screenLog(screen, app.settings.log.level === 'debug' ? 'debug' : 'warn')
  const credentials = options.keep && before ? before : await enter(app, named.connector, options, before)
  const show = ({ address, code, until }: { address: string; code: string; until: Date }) =>
    screen.err(`Open ${address} and type the code ${code} (until ${moment(until)} UTC).`)
  const tokens = await logIn(app, log, named, { credentials }, show)
  const entered: Entered = { credentials, tokens }
  if (tokens) return { entered, trial: { outcome: 'accepted', text: 'logged in' } satisfies Trial }
  if (options.test === false) return { entered, trial: { outcome: 'untried', text: 'not tested' } satisfies Trial }
  const trial = await tryOut(app, log, sourceOf(app, named, entered))
  if (trial.outcome !== 'refused') return { entered, trial }
  await accounts.note(app.store, named, 'refused')
  throw new AuthError(
    'credentials-refused',
    `${trial.text}. Nothing was stored; with --no-test it is stored all the same`,
  )
}

function tell(screen: Screen, named: Named, done: string, trial: Trial): ExitCode {
  if (screen.json) printJson(screen, { account: accounts.nameOf(named), done, test: trial })
  else screen.out(`${accounts.nameOf(named)} is ${done}: ${trial.text}.`)
  if (trial.outcome === 'away') screen.err('[WARN] The vendor did not answer: whether it takes them is not known yet.')
  return 0
}

function test(account: string, options: Common): Promise<ExitCode> {
  return withApp(lenient({ ...options }), async (app, screen) => {
    const source = app.sources.find(each => [each.account, `${each.connector.name}/${each.account}`].includes(account))
    const named =
      source && !isStored(source)
        ? { connector: source.connector, slug: source.account }
        : await accountNamed(app, account)
    const its = app.sources.find(each => each.connector.name === named.connector.name && each.account === named.slug)!
    if (its.held && its.held.code !== 'account-paused') throw its.held
    const trial = await tryOut(app, screenLog(screen, 'warn'), its)
    await accounts.note(app.store, named, 'test', { outcome: trial.outcome })
    if (screen.json) printJson(screen, { account: accounts.nameOf(named), ...trial })
    else screen.out(`${accounts.nameOf(named)}: ${trial.outcome}: ${trial.text}`)
    return trial.outcome === 'refused' || trial.outcome === 'away' ? 1 : 0
  })
}

function isStored({ connector, account }: App['sources'][number]): boolean {
  return account !== connector.account && account !== 'default'
}

function pause(account: string, options: Common & { reason?: string }): Promise<ExitCode> {
  return onAccount(account, options, async (app, named, screen) => {
    await accounts.pause(app, named, options.reason ?? 'paused by hand')
    if (screen.json) printJson(screen, { account: accounts.nameOf(named), done: 'paused' })
    else screen.out(`${accounts.nameOf(named)} is paused; a running Sluice notices within 10 s.`)
    return 0
  })
}

function resume(account: string, options: Common): Promise<ExitCode> {
  return onAccount(account, options, async (app, named, screen) => {
    await accounts.resume(app, named)
    if (screen.json) printJson(screen, { account: accounts.nameOf(named), done: 'resumed' })
    else screen.out(`${accounts.nameOf(named)} goes on; a running Sluice notices within 10 s.`)
    return 0
  })
}

function remove(account: string, options: Common & { purge?: boolean; yes?: boolean }): Promise<ExitCode> {
  return onAccount(account, options, async (app, named, screen) => {
    const { purge = false } = options
    const name = accounts.nameOf(named)
    if (purge && !options.yes) await makeSure(name)
    const rows = await accounts.remove(app, named, purge)
    if (screen.json) printJson(screen, { account: name, done: purge ? 'purged' : 'removed', rows })
    else screen.out(`${name} is removed; ${purge ? deletedText(rows) : 'what was collected for it stays'}.`)
    return 0
  })
}

function deletedText(rows: Readonly<Record<string, number>>): string {
  const texts = Object.entries(rows).map(([table, count]) => `${count} rows of ${table}`)
  return texts.length > 0 ? `deleted: ${texts.join(', ')}` : 'nothing had been collected for it'
}

/** What is purged is gone for good. */
async function makeSure(name: string): Promise<void> {
  if (!canAsk())
    throw new Misuse(
      'no-terminal',
      `Nobody is there to be asked whether all data of ${name} shall be deleted; add --yes`,
    )
  const answer = await askOpen(`All that was collected for ${name} will be deleted. Type its name to go on: `)
  if (answer !== name) throw new Misuse('cancelled', 'Nothing was changed')
}

function rekey(options: Common): Promise<ExitCode> {
  return withApp(lenient({ ...options }), async (app, screen) => {
    const { rekeyed, current, failed } = await accounts.rekey(app)
    if (screen.json) printJson(screen, { rekeyed, current, failed })
    else screen.out(`${rekeyed.length} accounts are under the new key now; ${current.length} were already.`)
    for (const { why } of failed) screen.err(`[ERROR] ${why}`)
    return failed.length > 0 ? 1 : 0
  })
}

/** The shell keeps what is typed in its history, and every user of this machine sees it in the list of processes. */
function refuseSecrets(args: readonly string[], expected: number): void {
  const option = args.find(arg => arg.startsWith('-'))?.split('=')[0]
  if (option === undefined && args.length <= expected) return
  const what = option === undefined ? 'There are too many arguments' : `There is no option${optionText(option)}`
  const why =
    'credentials are never taken from the command line: they would stay in the history of the shell, and others see them in "ps"'
  throw new Misuse(
    'secret-in-argument',
    `${what}; ${why}. Leave them out and be asked, or use --stdin or --from-env. If that was a credential, make a new one at the vendor`,
  )
}

/** An option is repeated only if it looks like one: credentials may begin with - and hold digits. */
function optionText(option: string): string {
  return /^--[a-z]+(-[a-z]+)*$/.test(option) ? ` ${option}` : ' of that name'
}
