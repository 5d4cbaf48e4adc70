import type { Running } from '../app/app.ts'

/**
 * Listens for the user's wish to stop (Ctrl-C, SIGTERM): once it is asked nicely, the second time the process ends at once.
 * Whether stopping went well is told by whoever waits for it.
 */
export function onStop(stop: () => Promise<unknown>): { asked(): boolean; end(): void } {
  let asked = false
  const listen = () => {
    if (asked) process.exit(1)
    asked = true
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

/** Stops an engine as soon as it has started; one that could not start has nothing to stop. */
export function halt(starting: Promise<Running>): Promise<void> {
  return starting.then(
    running => running.stop(),
    () => undefined,
  )
}
