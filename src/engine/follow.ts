import { setTimeout as sleep } from 'node:timers/promises'
import { StoreAway } from '../core/failure.ts'
import { isFinished, type Run } from '../core/run.ts'
import { readRuns } from '../db/runs.ts'
import type { Engine } from './engine.ts'

/** How often progress is read from the database, in ms. */
const beat = 200

/**
 * Follows runs to their end, whichever process works on them: what is told is what was committed. `tell` is called at
 * every look, and may add to the runs that are followed. Returns the runs as they ended, or as they stand when this process
 * is told to stop.
 */
export async function follow(
  engine: Engine,
  ids: readonly string[],
  tell: (runs: readonly Run[]) => unknown,
): Promise<Run[]> {
  for (;;) {
    const runs = await look(engine, ids, tell)
    if (runs && ((runs.every(isFinished) && runs.length === ids.length) || engine.stopping.aborted)) return runs
    if (engine.stopping.aborted) return []
    await sleep(beat, undefined, { signal: engine.stopping }).catch(() => undefined)
  }
}

/** A look that finds the database away, or whoever is told of it, is no end: its workers wait for it too. */
async function look(
  { store }: Engine,
  ids: readonly string[],
  tell: (runs: readonly Run[]) => unknown,
): Promise<Run[] | undefined> {
  try {
    const runs = await readRuns(store, ids)
    await tell(runs)
    return runs
  } catch (error) {
    if (error instanceof StoreAway) return undefined
    throw error
  }
}
