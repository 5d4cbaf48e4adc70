import { type Format, lineOf } from '../app/line.ts'
import { type Outlet, openLog } from '../app/log.ts'
import { conceal } from '../core/conceal.ts'
import type { Level, Log } from '../core/log.ts'
import { hideSecrets } from '../core/secret.ts'

/** Where a command writes: results on stdout, everything else on stderr, so that results can be piped. */
export type Screen = {
  json: boolean
  /** Whether a person is watching stderr. */
  live: boolean
  columns: number
  /** A result; it holds no secret of this process. */
  out(text: string): void
  /** Data that the user has asked for by name: it leaves as it is stored. */
  data(text: string): void
  /** What is not the result; it holds neither secrets nor personal data. */
  err(text: string): void
  /** How lines of the log look here, where the settings say it. */
  format: Format | undefined
  /** Where lines of the log go beside the screen: the log file, if there is one. */
  files: readonly Outlet[]
}

/** Back to the beginning of the line and clears it: a line printed while a progress bar stands there takes its place. */
const clear = '\r\u001b[K'

/** The real terminal. */
export function terminal(
  json: boolean,
  { format, files = [] }: Partial<Pick<Screen, 'format' | 'files'>> = {},
): Screen {
  const live = process.stderr.isTTY === true && process.env.TERM !== 'dumb'
  return {
    json,
    live,
    columns: process.stdout.columns ?? 120,
    out: text => void process.stdout.write(`${hideSecrets(text)}\n`),
    data: text => void process.stdout.write(`${text}\n`),
    err: text => void process.stderr.write(`${live ? clear : ''}${conceal(text)}\n`),
    format,
    files,
  }
}

/** A log whose lines of at least this level go to stderr, as `[INFO] message` unless the settings say otherwise. */
export function screenLog(screen: Screen, least: Level): Log {
  return openLog([{ least, format: screen.format ?? 'plain', write: screen.err }, ...screen.files])
}

/** A log whose lines are the result of a command: on stdout, with their times where no person is watching. */
export function resultLog(screen: Screen, least: Level): Log {
  const usual = process.stdout.isTTY ? 'plain' : 'text'
  return openLog([{ least, format: screen.format ?? usual, write: screen.out }, ...screen.files])
}

/** A log that only the log file hears. */
export function quietLog({ files }: Screen): Log {
  return openLog(files)
}

/** One line of a log as `resultLog` writes it, where there is none yet. */
export function printLine(level: Level, message: string): void {
  const entry = { time: new Date().toISOString(), level, name: 'sluice', message: conceal(message) }
  process.stderr.write(`${lineOf(entry, 'plain')}\n`)
}

/**
 * One JSON value on stdout, without secrets. Numbers that would lose digits are text already when they come here. Only texts
 * are looked at, so that it is JSON afterwards.
 */
export function printJson(screen: Screen, value: unknown): void {
  screen.data(JSON.stringify(value, (_, each) => (typeof each === 'string' ? hideSecrets(each) : each)))
}

/** Data as one JSON value on stdout, as it is stored. */
export function printData(screen: Screen, value: unknown): void {
  screen.data(JSON.stringify(value))
}
