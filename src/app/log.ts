import { resolve } from 'node:path'
import pino from 'pino'
import { conceal } from '../core/conceal.ts'
import type { Level, Log } from '../core/log.ts'
import { openJournal } from './journal.ts'
import { type Entry, type Format, lineOf } from './line.ts'
import type { Loaded } from './settings.ts'

/** Where lines of at least this level go, and how they look there. `write` gets them one by one, without their ends. */
export type Outlet = { least: Level; format: Format; write(line: string): void }

/**
 * A log that tells every outlet what it wants to hear, at once: nothing is held back that could be lost with the process. No
 * line holds a secret or personal data (core/conceal.ts).
 */
export function openLog(outlets: readonly Outlet[], now: () => Date = () => new Date()): Log {
  const streams = outlets.map(outlet => ({ level: outlet.least, stream: { write: writerOf(outlet) } }))
  const logger = pino(
    {
      base: null,
      level: 'debug',
      messageKey: 'message',
      timestamp: () => `,"time":"${now().toISOString()}"`,
      formatters: { level: label => ({ level: label }) },
    },
    pino.multistream(streams),
  )
  return (level, message, name = 'sluice') => logger[level]({ name: conceal(name) }, conceal(message))
}

function writerOf({ format, write }: Outlet): (json: string) => void {
  return json => write(lineOf(JSON.parse(json) as Entry, format))
}

/** The log file of the settings, if they name one; `warn` hears once when it cannot be written. */
export function fileOutlets({ settings, folder }: Loaded, warn: (message: string) => void): Outlet[] {
  const { level, format = 'text', file, rotate_mb: megabytes, keep_days: days } = settings.log
  if (file === undefined) return []
  const shelf = { path: resolve(folder, file), bytes: megabytes * 1_000_000, days }
  return [{ least: level, format, write: openJournal(shelf, { warn }) }]
}
