import { type App, load, openApp, type Prepared } from '../app/app.ts'
import { fileOutlets } from '../app/log.ts'
import { optionsOf, settingsSchema } from '../app/schema.ts'
import type { Connector } from '../core/connector.ts'
import { Failure, Misuse } from '../core/failure.ts'
import type { Level, Log } from '../core/log.ts'
import { readInstant } from '../core/option.ts'
import { printLine, quietLog, type Screen, screenLog, terminal } from './screen.ts'

/** How a command ended: 0 all is well, 1 something failed, 2 the user must type something else, 3 partly done. */
export type ExitCode = 0 | 1 | 2 | 3

/** Options every command has. */
export type Common = { json?: boolean }

/** Opens the app as the settings of this folder say, does the work, and closes it whatever happens; the log file hears why. */
export async function withApp(
  {
    json = false,
    flags = {},
    env = process.env,
    folder = process.cwd(),
    prepared = 'always',
    logOf = screenLog,
  }: Common & {
    flags?: Record<string, string>
    env?: Readonly<Record<string, string | undefined>>
    /** Where sluice.yaml and .env are looked for. */
    folder?: string
    prepared?: Prepared
    /** Where the log of what is opened goes. */
    logOf?: (screen: Screen, least: Level) => Log
  },
  work: (app: App, screen: Screen) => Promise<ExitCode>,
): Promise<ExitCode> {
  const loaded = await load({ folder, env, flags })
  const { level, format } = loaded.settings.log
  const screen = terminal(json, { format, files: fileOutlets(loaded, message => printLine('warn', message)) })
  const mourn = (error: unknown) => quietLog(screen)('error', toldOf(error))
  process.on('uncaughtExceptionMonitor', mourn)
  try {
    const app = await openApp(loaded, logOf(screen, level), prepared)
    return await work(app, screen).finally(app.close)
  } catch (error) {
    mourn(error)
    throw error
  } finally {
    process.off('uncaughtExceptionMonitor', mourn)
  }
}

/** What is said of an error that ends a command. Only a fault of our own is told with its stack. */
export function toldOf(error: unknown): string {
  if (error instanceof Failure) return error.message
  return `This is a fault in Sluice: ${error instanceof Error ? error.stack : String(error)}`
}

/** A flag that a stream's option may be given by. */
export type StreamFlag = { flag: string; about: string; paths: string[] }

/** The flags that these connectors declare for their streams, each once, with every setting it stands for. */
export function streamFlags(connectors: readonly Connector[]): StreamFlag[] {
  const flags = new Map<string, StreamFlag>()
  for (const { path, flag, about = '' } of optionsOf(settingsSchema(connectors))) {
    if (!flag) continue
    const known = flags.get(flag) ?? { flag, about, paths: [] }
    flags.set(flag, { ...known, paths: [...known.paths, path.join('.')] })
  }
  return [...flags.values()]
}

/** The settings that the given flags stand for: path and text. The command line knows `--batch-size` as `batchSize`. */
export function flagValues(
  flags: readonly StreamFlag[],
  given: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const pairs = flags.flatMap(({ flag, paths }) => {
    const value = given[flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())]
    if (typeof value === 'string' && value.startsWith('-')) {
      throw new Misuse('bad-flag', `--${flag} needs a value, and ${value} looks like the next flag`)
    }
    return typeof value === 'string' ? paths.map(path => [path, value] as const) : []
  })
  return Object.fromEntries(pairs)
}

/** A range as --from and --to give it. @throws Misuse when a date cannot be read or nothing lies between them. */
export function rangeOf({ from, to }: { from?: string; to?: string }): { from?: Date; to?: Date } {
  const range = { ...(from ? { from: dateOf('--from', from) } : {}), ...(to ? { to: dateOf('--to', to) } : {}) }
  if (range.from && range.to && range.from >= range.to) {
    throw new Misuse('bad-range', `--from ${from} is not before --to ${to}; --from is inclusive, --to exclusive`)
  }
  if (range.from && range.from.getTime() > Date.now()) {
    throw new Misuse('bad-range', `--from ${from} lies in the future; there is nothing to collect yet`)
  }
  return range
}

/** No vendor has records from before this; an earlier date is a slip of the pen (0205 for 2025). */
const earliest = new Date('2000-01-01T00:00:00Z')

function dateOf(flag: string, text: string): Date {
  const date = readInstant(text)
  if (!date)
    throw new Misuse(
      'bad-date',
      `${flag} ${text} is not a date; write 2025-01-01 or 2025-01-01T12:00:00Z (without a zone it is UTC)`,
    )
  if (date < earliest)
    throw new Misuse('bad-date', `${flag} ${text} lies before 2000; there is nothing to collect then`)
  return date
}
