import { setTimeout as pause } from 'node:timers/promises'
import type { Connection, Presence } from './presence.ts'

type Held = { presence: Presence; connection: Connection }

type Ways<T> = { comeBack(): Promise<T>; leave(last: T): Promise<void>; note(line: string): void }

/**
 * Keeps the store in use: when our connection is cut (the server crashed, was killed or was stopped by hand) we come back,
 * starting the server again, until release(). So a program that runs for months needs nobody to restart its store.
 */
export function keep<T extends Held>(first: T, { comeBack, leave, note }: Ways<T>) {
  let held = first
  let mending = Promise.resolve()
  let released: Promise<void> | undefined
  const leaving = new AbortController()
  const connection = { ...first.connection }

  async function mend(): Promise<void> {
    const back = await comeBack()
    held = back
    Object.assign(connection, back.connection)
    watch()
  }

  function watch(): void {
    held.presence.lost.then(() => {
      if (leaving.signal.aborted) return
      note('The connection to the embedded store was cut; opening it again.')
      mending = insist(mend, leaving.signal, note)
    })
  }

  async function end(): Promise<void> {
    leaving.abort()
    await mending
    await leave(held)
  }

  watch()
  return { connection, release: () => (released ??= end()) }
}

/** Tries until it works or nobody wants it any more; says once why it does not. */
async function insist(work: () => Promise<void>, signal: AbortSignal, note: (line: string) => void): Promise<void> {
  let said = ''
  while (!signal.aborted) {
    try {
      return await work()
    } catch (error) {
      const { message } = error as Error
      if (message !== said) note(message)
      said = message
      await pause(2_000, undefined, { signal }).catch(() => {})
    }
  }
}
