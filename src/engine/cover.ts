import { type Range, subtract } from '../core/range.ts'
import type { Slice } from '../core/run.ts'
import { raise } from '../db/alerts.ts'
import { beginSpan } from '../db/checkpoints.ts'
import { type Counted, countRows } from '../db/counts.ts'
import { addCoverage, type Covered, dropCoverage, readCoverage } from '../db/coverage.ts'
import type { Transaction } from '../db/store.ts'

/**
 * Makes room for a page in the coverage of its part, before its rows are written; true when something of its time was
 * covered before. The pieces beside the page keep their proof only if the table still holds what it promised; otherwise
 * they are lost: to be asked for again.
 */
export async function uncover(tx: Transaction, slice: Slice, counted: Counted, page: Range, run: string) {
  const overlapping = page.from < page.to ? await readCoverage(tx, slice, page) : []
  if (overlapping.length === 0) return false
  const beside: Covered[] = []
  for (const stretch of overlapping) {
    const holds = (await countRows(tx, counted, stretch)) === stretch.rows
    for (const rest of subtract(stretch, [page])) {
      if (holds) beside.push({ ...rest, rows: await countRows(tx, counted, rest) })
      else await beginSpan(tx, slice, rest)
    }
    if (!holds) await raise(tx, lostRows(slice, counted, stretch))
  }
  await dropCoverage(tx, slice, overlapping)
  for (const stretch of beside) await addCoverage(tx, slice, stretch, run)
  return true
}

function lostRows(slice: Slice, { table }: Counted, { from, to }: Range) {
  const message = `${table} no longer holds the rows that were stored between ${from.toISOString()} and ${to.toISOString()}; they are asked for again at the next sync`
  return { key: `lost-rows ${JSON.stringify(slice)}`, level: 'warning', code: 'lost-rows', message, slice } as const
}
