import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A program of ours in a process of its own, which answers each message with one. */
export type Child = {
  /** What it said when it was ready. */
  first: unknown
  ask(message: unknown): Promise<unknown>
  stop(): Promise<void>
}

/** Starts a program of this folder. @throws when it ends before it is ready */
export async function startChild(program: string, args: readonly string[]): Promise<Child> {
  const child = fork(fileURLToPath(import.meta.resolve(program)), [...args])
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${program} ended before its time`)))
  ended.catch(() => undefined)
  const answer = async () => (await Promise.race([once(child, 'message'), ended]))[0] as unknown
  const first = await answer()
  return {
    first,
    ask: message => {
      const answered = answer()
      child.send(message as object)
      return answered
    },
    stop: async () => {
      if (child.connected) child.disconnect()
      await ended.catch(() => undefined)
    },
  }
}
