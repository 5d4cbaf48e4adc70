import type { Clock } from '../core/clock.ts'

/**
 * A clock that passes no time of its own: it goes on to the next moment somebody waits for when everybody who works waits.
 * So the longest waits take no time, and nobody's question is on its way while time goes by.
 */
export type StillClock = Clock & {
  /** The moment it shows, in epoch ms. */
  time(): number
  /** Lets a piece of work begin and end; time stands still while it does anything but wait. */
  during<T>(work: () => Promise<T>): Promise<T>
}

type Wait = { due: number; end(): void }

/** A clock that begins at a moment; `show` is told of each moment it moves to, before anybody learns of it. */
export function stillClock(start: Date, show: (moment: Date) => Promise<void>): StillClock {
  let [now, busy] = [start.getTime(), 0]
  let turning: Promise<void> = Promise.resolve()
  const waits = new Set<Wait>()

  const turn = async () => {
    if (waits.size === 0 || waits.size < busy) return
    const due = Math.min(...[...waits].map(wait => wait.due))
    if (due > now) await show(new Date(due))
    now = Math.max(now, due)
    for (const wait of [...waits].filter(each => each.due <= now)) {
      waits.delete(wait)
      wait.end()
    }
  }
  const look = () => {
    turning = turning.then(turn)
    return turning
  }
  const until = (moment: Date, signal?: AbortSignal) => {
    signal?.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const wait = { due: moment.getTime(), end: resolve }
    const abort = () => {
      waits.delete(wait)
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', abort, { once: true })
    waits.add(wait)
    look().catch(reject)
    return promise.finally(() => signal?.removeEventListener('abort', abort))
  }
  return {
    now: async () => new Date(now),
    time: () => now,
    until: async (moment, signal) => until(moment, signal),
    pass: async (length, signal) => until(new Date(now + Math.ceil(length)), signal),
    during: async work => {
      busy++
      return work().finally(() => {
        busy--
        return look()
      })
    },
  }
}
