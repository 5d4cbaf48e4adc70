import type { Run, Slice } from '../core/run.ts'
import { flagsValue } from './flags.ts'
import { sliceValues } from './slices.ts'
import type { Sql } from './store.ts'

/** What a list lacked is asked for again so much later (ms). */
const after = 600_000

/**
 * Plans a run that asks again for what a run lacked, unless one is open: it waits for a while, in which a vendor may recover, and
 * then has its turn like any other, with the same flags. It begins a moment later than the run before it ended, so that it is told from that one.
 */
export async function planRepair(sql: Sql, slice: Slice, { id, span, priority, flags }: Run): Promise<void> {
  await sql.query(
    `insert into sluice.runs (connector, account, stream, part, span, cause, priority, state, due_at, reason, from_at, position, flags, planned_at, updated_at)
     values ($1, $2, $3, $4, $5, 'heal', $6, 'waiting', sluice.now() + $7 * interval '1 ms', $8,
       sluice.now() + interval '1 ms', sluice.now(), $9, sluice.now(), sluice.now())
     on conflict (connector, account, stream, part, span) where state in ('planned', 'waiting', 'running') do nothing`,
    [...sliceValues(slice), span, priority, after, `asks again for what run ${id} lacked`, flagsValue(flags)],
  )
}
