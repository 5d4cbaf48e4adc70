import type { Level, Log } from '../core/log.ts'

/** Where a command writes: results on stdout, everything else on stderr, so that results can be piped. */
export type Screen = {
  json: boolean
  /** Whether a person is watching stderr. */
  live: boolean
  columns: number
  out(text: string): void
  err(text: string): void
}

/** Back to the beginning of the line and clears it: a line printed while a progress bar stands there takes its place. */
const clear = '\r\u001b[K'

/** The real terminal. */
export function terminal(json: boolean): Screen {
  const live = process.stderr.isTTY === true && process.env.TERM !== 'dumb'
  return {
    json,
    live,
    columns: process.stdout.columns ?? 120,
    out: text => void process.stdout.write(`${text}\n`),
    err: text => void process.stderr.write(`${live ? clear : ''}${text}\n`),
  }
}

const levels: readonly Level[] = ['debug', 'info', 'warn', 'error']

/** A log that writes lines of at least this level to stderr: `[INFO] message`. */
export function screenLog(screen: Screen, least: Level): Log {
  return (level, message) => {
    if (levels.indexOf(level) >= levels.indexOf(least)) screen.err(`[${level.toUpperCase()}] ${message}`)
  }
}

/** One JSON value on stdout. Numbers that would lose digits are text already when they come here. */
export function printJson(screen: Screen, value: unknown): void {
  screen.out(JSON.stringify(value))
}
