import type { Running } from '../app/app.ts'
import { printLine, quietLog, type Screen } from './screen.ts'

/** What a stop may take beyond the grace of the pages in hand (s): to take leave of queue, limits and store. */
const leave = 10

/**
 * Listens for the user's wish to stop (Ctrl-C, SIGTERM): once it is asked nicely, the second time the process ends at once.
 * Whether stopping went well is told by whoever waits for it. Where a `grace` (s) is given, and the screen that is told of it, the process ends in any case soon
 * after that: a store that stands still, and does not even refuse, would hold it for ever.
 */
export function onStop(
  stop: () => Promise<unknown>,
  limit?: { grace: number; screen: Screen },
): { asked(): boolean; end(): void } {
  let asked = false
  const listen = () => {
    if (asked) process.exit(1)
    asked = true
    if (limit) setTimeout(giveUp, (limit.grace + leave) * 1000, limit.grace + leave, limit.screen).unref()
    stop().catch(() => undefined)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, listen)
  return {
    asked: () => asked,
    end: () => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, listen)
    },
  }
}

function giveUp(seconds: number, screen: Screen): void {
  const why = 'most likely the database or the Redis does not answer'
  const text = `Stopping took longer than ${seconds} s (${why}). Ended; what was committed is kept.`
  printLine('error', text)
  quietLog(screen)('error', text)
  process.exit(1)
}

/** Stops an engine as soon as it has started; one that could not start has nothing to stop. */
export function halt(starting: Promise<Running>): Promise<void> {
  return starting.then(
    running => running.stop(),
    () => undefined,
  )
}
