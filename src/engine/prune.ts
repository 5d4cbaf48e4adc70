import { pruneAlerts } from '../db/alerts.ts'
import { pruneRuns } from '../db/prune.ts'
import { pruneQuarantine } from '../db/quarantine.ts'
import type { Duty } from './tend.ts'

/** Runs that are deleted in one go, at most: a delete shall not hold others up. */
const most = 5_000

/** How long what has ended is kept, in days. */
export type Keep = { runs: number; quarantine: number }

/**
 * Forgets finished runs and ended alerts, and records that were replayed or dismissed, once they are old enough. A duty of
 * whoever has the role of the scheduler.
 */
export function prune({ runs: days, quarantine }: Keep): Duty {
  return async ({ store, log }) => {
    await pruneAlerts(store, days)
    await pruneQuarantine(store, quarantine)
    let gone = 0
    for (let last = most; last === most; gone += last) last = await pruneRuns(store, days, most)
    if (gone > 0) log('info', `${gone} runs that ended more than ${days} days ago were forgotten`)
  }
}
