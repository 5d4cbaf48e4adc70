import { fork } from 'node:child_process'
import { once } from 'node:events'
import { steady, young } from '../bin/heap.js'

/** A process that measures whenever it is asked to. */
export type Fork<Measured> = { measure(): Promise<Measured>; stop(): Promise<void> }

/**
 * Starts a program as a process of its own, with the heap that Sluice has. It says that it is ready, and answers each message
 * with what it has measured; it ends when we let go of it.
 */
export async function forkOf<Measured>(program: string, args: readonly string[]): Promise<Fork<Measured>> {
  const { child, answer, stop } = start(program, args)
  await answer()
  const measure = async (): Promise<Measured> => {
    child.send('measure')
    return answer()
  }
  return { measure, stop }
}

/** Starts such a process that measures once by itself and tells; `flags` are those of Node. It has ended by then. */
export async function forkOnce<Measured>(
  program: string,
  args: readonly string[],
  flags: readonly string[] = [],
): Promise<Measured> {
  const { answer, stop } = start(program, args, flags)
  const measured: Measured = await answer()
  await stop()
  return measured
}

function start(program: string, args: readonly string[], flags: readonly string[] = []) {
  const child = fork(program, args, { execArgv: [young, ...flags], env: { ...steady, ...process.env } })
  const ended = once(child, 'exit')
  const answer = async () => {
    const message = await Promise.race([once(child, 'message'), ended.then(() => undefined)])
    if (!message) throw new Error('the process that measures ended before its time')
    return message[0]
  }
  const stop = async () => {
    if (child.connected) child.disconnect()
    await ended
  }
  return { child, answer, stop }
}
