import type { Run } from '../core/run.ts'
import { proveListed, readProven } from '../db/chains.ts'
import { countSeen, markGone } from '../db/counts.ts'
import type { Transaction } from '../db/store.ts'
import type { Place, Voyage } from './voyage.ts'

/**
 * Ends a complete list: what it holds is proven, and rows that it lacks are marked as gone. A list that is not whole (pages
 * that never came, another number than the vendor says), and one without anything where there was something, proves nothing
 * and marks nothing. Records in quarantine count as seen: a row whose record came broken is not gone.
 */
export async function endList(
  tx: Transaction,
  { slice, counted }: Voyage,
  run: Run,
  { total, now }: Place,
  missing: string[],
): Promise<{ lacks: string[]; empty: string | undefined }> {
  const rows = await countSeen(tx, counted, run.from)
  const [before] = await readProven(tx, slice)
  const isShort = total !== undefined && rows + run.quarantined < total
  const lacks = isShort
    ? [...missing, `${total - rows - run.quarantined} of the ${total} records the vendor counts`]
    : missing
  if (rows === 0 && run.quarantined === 0 && (before?.rows ?? 0) > 0) {
    return {
      lacks,
      empty: `the vendor lists nothing any more, and it listed ${before!.rows} before; no row was marked as gone`,
    }
  }
  if (lacks.length > 0 || run.quarantined > 0) return { lacks, empty: undefined }
  await markGone(tx, counted, run.from)
  await proveListed(tx, slice, { from: run.from, to: now, rows, total: total ?? null }, run.id)
  return { lacks, empty: undefined }
}
