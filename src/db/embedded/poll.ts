import { setTimeout as pause } from 'node:timers/promises'

/**
 * Asks every 20 ms until there is an answer, at most for `patience` ms; then undefined.
 * The store's files and processes are watched this way because the system tells nobody when they change.
 */
export async function poll<T>(patience: number, ask: () => Promise<T | undefined>): Promise<T | undefined> {
  const end = performance.now() + patience
  for (;;) {
    const answer = await ask()
    if (answer !== undefined || performance.now() > end) return answer
    await pause(20)
  }
}
