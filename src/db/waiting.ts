import type { Priority } from '../core/priority.ts'
import type { Sql } from './store.ts'

/** How many runs wait for each bucket, by priority, and when the first of them is due. */
export type Waiting = { bucket: string; priority: Priority; runs: number; first: Date; last: Date }

export function readWaiting(sql: Sql): Promise<Waiting[]> {
  return sql.query<Waiting>(
    `select bucket, priority::text, count(*)::int as runs, min(due_at) as first, max(due_at) as last from sluice.runs
     where state = 'waiting' and bucket is not null group by bucket, priority order by bucket, priority`,
  )
}
