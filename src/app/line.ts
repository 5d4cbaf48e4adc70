import type { Level } from '../core/log.ts'

/** One entry of the log; what it says holds no secret any more. */
export type Entry = { time: string; level: Level; name: string; message: string }

/**
 * How a line looks.
 *
 *   text     2026-11-22T03:00:00Z [INFO] binance/public candles BTCUSDT/1m: success, 720 records
 *   plain    [INFO] binance/public candles BTCUSDT/1m: success, 720 records
 *   json     {"level":"info","time":"2026-11-22T03:00:00.000Z","name":…,"message":…}
 */
export type Format = 'text' | 'plain' | 'json'

/** The line of an entry, without its end. Messages mostly begin with the name already; it is not told twice. */
export function lineOf({ time, level, name, message }: Entry, format: Format): string {
  if (format === 'json') return JSON.stringify({ time, level, name, message })
  const mark = `[${level.toUpperCase()}]`
  if (format === 'plain') return `${mark} ${tidy(message)}`
  const start = `${name}: `
  return `${time.slice(0, 19)}Z ${mark} ${start}${tidy(message.startsWith(start) ? message.slice(start.length) : message)}`
}

/** What others have written into a message can neither look like a line of its own nor steer a terminal. */
function tidy(message: string): string {
  return message.replace(/[^\P{Cc}\n\t]/gu, '').replaceAll('\n', '\n    ')
}
