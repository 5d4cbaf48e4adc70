import { isDeepStrictEqual } from 'node:util'
import { type Run, type Slice, sliceOfRun } from '../core/run.ts'
import type { Source } from '../core/source.ts'
import type { PullStream } from '../core/stream.ts'
import { beginChain, growChain, readProven } from '../db/chains.ts'
import { moveCheckpoint, readCheckpoint } from '../db/checkpoints.ts'
import { countAll, countedOf } from '../db/counts.ts'
import { readSkipped, skip } from '../db/skipped.ts'
import type { Transaction } from '../db/store.ts'
import { describe } from '../db/table.ts'
import { first } from './legs.ts'

/** After so many pages in a row that a run has left out, it is the vendor that does not answer, and no page. */
const most = 3

/**
 * Leaves out the page that a run stands before: notes it as missing, and moves the checkpoint to the page after it. The
 * chain goes on unbroken, because what it lacks is written down. False when the pages before it were left out, too, and where
 * nothing can come after it.
 */
export async function leave(tx: Transaction, run: Run, source: Source, reason: string): Promise<boolean> {
  const slice = sliceOfRun(run)
  const { stream } = source
  const { cursor, position, version } = (await readCheckpoint(tx, slice, run.span))!
  const missing = stream.cursor.parse(cursor ?? (await first(tx, { source, slice }, position)))
  const next = stream.skip!(missing)
  if (next === undefined || (await leftBefore(tx, run, stream, missing)) >= most) return false
  await skip(tx, slice, missing, reason, run.id)
  const { now } = await moveCheckpoint(tx, slice, { span: run.span, run: run.id, version, cursor: next, position })
  if (stream.mode !== 'chain') return true
  const link = { from: missing, to: next, asked: now, rows: 0, isEnd: false }
  if (await growChain(tx, slice, link, run.id)) return true
  await beginChain(tx, slice, { ...link, rows: await heldBefore(tx, slice, stream) }, run.id)
  return true
}

/** How many pages a run has left out in a row, up to a cursor. */
async function leftBefore(tx: Transaction, run: Run, { skip }: PullStream, cursor: unknown): Promise<number> {
  const left = (await readSkipped(tx, sliceOfRun(run))).filter(each => each.run === run.id)
  let [count, at] = [0, cursor]
  for (; count < left.length; count++) {
    const before = left.find(each => isDeepStrictEqual(skip!(each.cursor), at))
    if (!before) break
    at = before.cursor
  }
  return count
}

/** What the table held before anything was proven of a part; nothing where something is. */
async function heldBefore(tx: Transaction, slice: Slice, stream: PullStream): Promise<number> {
  if ((await readProven(tx, slice)).length > 0) return 0
  const table = await describe(tx, stream)
  return countAll(tx, countedOf(table, slice.part, slice.account), table.own.has('gone_at'))
}
