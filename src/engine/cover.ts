import { type Range, subtract } from '../core/range.ts'
import type { Slice } from '../core/run.ts'
import { beginSpan } from '../db/checkpoints.ts'
import { type Counted, countRows } from '../db/counts.ts'
import { addCoverage, type Covered, dropCoverage, readCoverage } from '../db/coverage.ts'
import type { Transaction } from '../db/store.ts'

/** What has to be said again of stretches that a page touches: the pieces beside it, and what turned out to be wrong. */
export type Touched = { overlapping: Covered[]; beside: Covered[]; lost: Covered[] }

/**
 * Looks at the coverage that a page will replace, before its rows are written. The pieces of it beside the page keep
 * their proof only if the table still holds what it promised; otherwise they are `lost`: to be asked for again.
 */
export async function touch(tx: Transaction, slice: Slice, counted: Counted, page: Range): Promise<Touched> {
  const overlapping = page.from < page.to ? await readCoverage(tx, slice, page) : []
  const touched: Touched = { overlapping, beside: [], lost: [] }
  for (const stretch of overlapping) {
    const holds = (await countRows(tx, counted, slice.part, stretch)) === stretch.rows
    if (!holds) touched.lost.push(stretch)
    for (const rest of holds ? subtract(stretch, [page]) : []) {
      touched.beside.push({ ...rest, rows: await countRows(tx, counted, slice.part, rest) })
    }
  }
  return touched
}

/** Writes down what a page proves, in place of what was said of its time before. */
export async function cover(
  tx: Transaction,
  slice: Slice,
  page: Covered,
  touched: Touched,
  run: string,
): Promise<void> {
  if (page.from >= page.to) return
  await dropCoverage(tx, slice, touched.overlapping)
  for (const stretch of [...touched.beside, page].toSorted((a, b) => a.from.getTime() - b.from.getTime())) {
    await addCoverage(tx, slice, stretch, run)
  }
  for (const stretch of touched.lost) for (const rest of subtract(stretch, [page])) await beginSpan(tx, slice, rest)
}
