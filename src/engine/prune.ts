import { pruneAlerts } from '../db/alerts.ts'
import { pruneRuns } from '../db/runs.ts'
import type { Duty } from './tend.ts'

/** Runs that are deleted in one go, at most: a delete shall not hold others up. */
const most = 5_000

/** Forgets finished runs and ended alerts that are older than so many days. A duty of whoever has the role of the scheduler. */
export function prune(days: number): Duty {
  return async ({ store, log }) => {
    await pruneAlerts(store, days)
    let gone = 0
    for (let last = most; last === most; gone += last) last = await pruneRuns(store, days, most)
    if (gone > 0) log('info', `${gone} runs that ended more than ${days} days ago were forgotten`)
  }
}
