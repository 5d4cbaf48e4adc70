import { Command } from 'commander'
import { version } from '../app/name.ts'
import type { Connector } from '../core/connector.ts'
import { accountsCommand } from './accounts.ts'
import { type ExitCode, streamFlags } from './command.ts'
import type { DemoOptions } from './demo.ts'
import { doctor } from './doctor.ts'
import { exportRows } from './export.ts'
import { init } from './init.ts'
import { inventoryCommand } from './inventory.ts'
import { limits } from './limits.ts'
import { migrate } from './migrate.ts'
import { normalize } from './normalize.ts'
import { quarantine } from './quarantine.ts'
import { resync } from './resync.ts'
import { runs } from './runs.ts'
import { sql } from './sql.ts'
import { status } from './status.ts'
import { sync } from './sync.ts'
import { up } from './up.ts'
import { verify } from './verify.ts'

/** Connectors whose streams have flags. When settings are broken, the built-in ones are known all the same. */
export type Known = { connectors: readonly Connector[]; isBroken: boolean }

/** The command line: every command with its flags, and what does its work. `ended` hears how it ended. */
export function programOf({ connectors, isBroken }: Known, ended: (code: ExitCode) => void): Command {
  const program = new Command('sluice').version(version).exitOverride().showHelpAfterError('(sluice --help tells more)')
  program.description('Collects data from rate-limited APIs into your own PostgreSQL: complete, exact and fresh.')
  const add = (name: string, about: string) =>
    program.command(name).description(about).option('--json', 'machine-readable output')
  const dated = (command: Command) =>
    command.option('--from <date>', 'beginning, inclusive (UTC)').option('--to <date>', 'end, exclusive (UTC)')
  const flags = streamFlags(connectors)
  const flagged = (command: Command) =>
    flags
      .reduce((each, { flag, about }) => each.option(`--${flag} <list>`, about), command)
      .allowUnknownOption(isBroken)
      .allowExcessArguments(isBroken)

  add('init', 'make this folder ready: settings, secret key, store')
    .option('--yes', 'ask nothing: take what the flags say, and defaults for the rest')
    .option('--connectors <list>', 'whose settings to write down; all of them by default')
    .option('--database <where>', 'embedded, or postgres://user:password@host:5432/name')
    .option('--force', 'write sluice.yaml anew, and change the database; a secret key is kept')
    .action(async options => ended(await init(options)))
  add('up', 'collect what is due, until stopped')
    .option('--roles <list>', 'worker, scheduler, live, api; all of them by default')
    .action(async options => ended(await up(options)))
  flagged(dated(add('sync [stream]', 'collect what is lacking, now')))
    .option('--account <account>', 'only for this account: main, or acme/main')
    .option('--resync', 'load the stream anew beside what is in use, and put it in its place when it is complete')
    .option('--accept-fewer', 'with --resync: although it lacks rows that are in use')
    .action(async (name, options) => ended(await (options.resync ? resync : sync)(name, options, flags)))
  flagged(add('normalize [stream]', 'make rows of what was collected and not dealt with yet; no calls'))
    .option('--all', 'of everything once more')
    .option('--unmapped', 'make nothing: list the values that no dictionary has, the most frequent first')
    .option('--limit <n>', 'with --unmapped: how many at most, 20 without it')
    .option('--account <account>', 'only for this account: main, or acme/main')
    .action(async (name, options) => ended(await normalize(name, options, flags)))
  add('runs [ids...]', 'the newest runs, and those that failed again')
    .option('--state <list>', 'planned, waiting, running, success, partial, failed; all of them by default')
    .option('--stream <name>', 'only of this stream or connector')
    .option('--limit <n>', 'how many at most', '20')
    .option('--retry', 'run those of them that failed again, now')
    .action(async (ids, options) => ended(await runs(ids, options)))
  add('quarantine [action] [ids...]', 'records that could not become rows: list, show, replay, dismiss')
    .option('--stream <name>', 'only of this stream or connector')
    .option('--account <slug>', 'only of this account')
    .option('--limit <n>', 'how many records --json lists at most', '20')
    .action(async (action, ids, options) => ended(await quarantine(action, ids, options)))
  add('status', 'where every part stands, and what it waits for').action(async options => ended(await status(options)))
  dated(add('verify', 'count the tables against what is proven; no calls'))
    .option('--repair', 'have wrong ranges asked for again by the next sync')
    .action(async options => ended(await verify(options)))
  for (const group of [accountsCommand, inventoryCommand]) group(program, ended)
  add('limits', 'every quota: what is used of it, who waits for it')
    .option('--watch', 'look again every second, until stopped')
    .action(async options => ended(await limits(options)))
  dated(add('export <name>', 'a table or stream as CSV or NDJSON'))
    .option('--format <format>', "csv or ndjson; by the file's ending, or csv")
    .option('--output <file>', 'a file instead of stdout; it is there when it is whole')
    .option('--columns <list>', 'only these columns')
    .action(async (name, options) => ended(await exportRows(name, options)))
  addTools(add, ended)
  return program
}

type Add = (name: string, about: string) => Command

/** The commands that look after the installation itself. */
function addTools(add: Add, ended: (code: ExitCode) => void): void {
  add('sql [statement]', 'run one SQL statement, read-only')
    .option('--write', 'allow it to change data')
    .action(async (statement, options) => ended(await sql(statement, options)))
  add('migrate', 'bring the tables up to this version')
    .option('--dry-run', 'only say what would be done')
    .action(async options => ended(await migrate(options)))
  add('doctor', 'look at store, clock and vendors').action(async options => ended(await doctor(options)))
  add('demo', 'see it work against imitated vendors')
    .option('--once', 'end when everything is loaded')
    .option('--only <list>', 'which vendors: binance, wildberries, ozon, che168', 'binance')
    .action(async options => ended(await showDemo(options)))
}

/** The imitated vendors are half of the program: whoever does not ask for the demo does not load them. */
async function showDemo(options: DemoOptions): Promise<ExitCode> {
  const { demo } = await import('./demo.ts')
  return demo(options)
}
