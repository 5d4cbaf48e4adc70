import type { Clock } from '../core/clock.ts'
import { type Range, subtract } from '../core/range.ts'
import { type Slice, standing } from '../core/run.ts'
import { type Source, sliceOf } from '../core/source.ts'
import { type DerivedStream, isDerived, isRanged } from '../core/stream.ts'
import { dropProven, type Proven, readProven } from '../db/chains.ts'
import { beginSpan, begunSpans, dropCheckpoint } from '../db/checkpoints.ts'
import { type Counted, countAll, countedOf, countRows, gaps } from '../db/counts.ts'
import { type Covered, dropCoverage, readCoverage } from '../db/coverage.ts'
import { type Hole, readHoles } from '../db/holes.ts'
import { countRaw, describeOrigin } from '../db/origins.ts'
import { restartRuns } from '../db/orphans.ts'
import { countBad } from '../db/quarantine.ts'
import { latestOfSpan } from '../db/runs.ts'
import { readSkipped } from '../db/skipped.ts'
import { lockSlice } from '../db/slices.ts'
import type { Sql, Store } from '../db/store.ts'
import { describe, type Table } from '../db/table.ts'

/**
 * What a part's tables prove, without a call to the vendor.
 * - rows: what the covered ranges, pages or list must hold; counted: what the table holds there
 * - wrong: what is covered and whose count differs; of time, with the stretches in which rows are missing
 * - open: time that was begun and is not covered yet; a list that has never come to its end; pages before a break; what follows the
 *   last page of a chain where that was not its end
 * - holes: what the vendor itself lacks (absent), or seems to lack until a second look (suspected)
 */
export type Proof = {
  slice: Slice
  rows: number
  counted: number
  wrong: (Covered & { counted: number; missing: Range[] })[]
  open: Range[]
  holes: Hole[]
  /** Pages that never came. */
  skipped: number
  quarantined: number
  /** Of rows that are made of others: how many of those nobody has dealt with. */
  undone?: number
}

/**
 * Counts one part's table against its coverage, within a range when one is given; both as they are at one moment, however
 * much is committed meanwhile.
 */
export async function verify(
  { store, clock }: { store: Store; clock: Clock },
  source: Source,
  part: Slice['part'],
  within?: Range,
): Promise<Proof> {
  const now = await clock.now()
  return store.snapshot(tx => prove(tx, source, part, now, within))
}

async function prove(sql: Sql, source: Source, part: Slice['part'], now: Date, within?: Range): Promise<Proof> {
  const slice = sliceOf(source, part)
  const { stream } = source
  const table = await describe(sql, stream)
  if (isDerived(stream)) return proveDerived(sql, slice, stream, countedOf(table, part, slice.account))
  if (!isRanged(stream)) return provePages(sql, slice, countedOf(table, part, slice.account), table, now)
  const counted = countedOf(table, part, slice.account, stream.time)
  const covered = await readCoverage(sql, slice, within)
  const known = (await readHoles(sql, slice)).filter(hole => touches(hole, within))
  const quarantined = await countBad(sql, slice)
  const proof: Proof = { slice, rows: 0, counted: 0, wrong: [], open: [], holes: known, skipped: 0, quarantined }
  for (const stretch of covered) {
    const found = await countRows(sql, counted, stretch)
    proof.rows += stretch.rows
    proof.counted += found
    if (found === stretch.rows) continue
    const missing = await gaps(sql, counted, stretch, stream.step(part))
    proof.wrong.push({ ...stretch, counted: found, missing: missing.flatMap(gap => subtract(gap, known)) })
  }
  const horizon = stream.horizon({ now, part })
  proof.open = await openRanges(sql, slice, { covered, within, horizon })
  return proof
}

/** Of rows that are made of others nothing is proven by itself; what they are made of is, and how much of it is done. */
async function proveDerived(sql: Sql, slice: Slice, { from }: DerivedStream, counted: Counted): Promise<Proof> {
  const found = await countAll(sql, counted, false)
  const undone = await countRaw(sql, await describeOrigin(sql, from), slice.account)
  const quarantined = await countBad(sql, slice)
  return { slice, rows: found, counted: found, wrong: [], open: [], holes: [], skipped: 0, quarantined, undone }
}

/**
 * Counts all rows of a part whose pages or lists are proven. One chain is whole; a second one begins after a break. What follows the
 * last page lacks until an end was met.
 */
async function provePages(sql: Sql, slice: Slice, counted: Counted, { own }: Table, now: Date): Promise<Proof> {
  const proven = await readProven(sql, slice)
  const found = await countAll(sql, counted, own.has('gone_at'))
  const rows = proven.reduce((sum, each) => sum + each.rows, 0)
  const [first, last] = [proven[0], proven.at(-1)]
  const whole = first && last ? { from: first.from, to: last.to } : undefined
  return {
    ...{ slice, rows, counted: found, holes: [] },
    wrong: whole && found !== rows ? [{ ...whole, rows, counted: found, missing: [] }] : [],
    open: proven.flatMap((each, at) => lackOf(each, at === proven.length - 1, now)),
    skipped: (await readSkipped(sql, slice)).length,
    quarantined: await countBad(sql, slice),
  }
}

function lackOf({ kind, from, to, complete }: Proven, isLast: boolean, now: Date): Range[] {
  if (!isLast) return [{ from, to }]
  if (complete) return []
  return [kind === 'chain' ? { from: to, to: now } : { from, to }]
}

/**
 * Forgets the proof of ranges that turned out wrong, so that the next sync asks for them again; of pages and lists all of it:
 * they are asked for from the beginning.
 */
export async function mistrust({ store }: { store: Store }, source: Source, { slice, wrong }: Proof): Promise<void> {
  if (wrong.length === 0) return
  await store.transaction(async tx => {
    await lockSlice(tx, slice)
    await restartRuns(tx, slice, 'what was proven turned out wrong')
    if (!isRanged(source.stream)) {
      await dropProven(tx, slice)
      return dropCheckpoint(tx, slice, standing)
    }
    await dropCoverage(tx, slice, wrong)
    for (const range of wrong) await beginSpan(tx, slice, range)
  })
}

type Ledger = { covered: readonly Range[]; within: Range | undefined; horizon: Date }

/**
 * What was begun and lacks. A load to the present reaches as far as its last success; when it did not end in one, the
 * rest up to the present lacks too.
 */
async function openRanges(sql: Sql, slice: Slice, { covered, within, horizon }: Ledger): Promise<Range[]> {
  const last = await latestOfSpan(sql, slice, standing)
  const isThere = last?.state === 'success' || last?.state === 'partial'
  const begun = await begunSpans(sql, slice)
  const ranges = begun.map(({ from, to, position }) => clip({ from, to: to ?? (isThere ? position : horizon) }, within))
  const open: Range[] = []
  for (const range of ranges) open.push(...subtract(range, [...covered, ...open]))
  return open
}

function touches({ from, to }: Range, within: Range | undefined): boolean {
  return !within || (from < within.to && to > within.from)
}

function clip({ from, to }: Range, within: Range | undefined): Range {
  if (!within) return { from, to }
  return { from: from > within.from ? from : within.from, to: to < within.to ? to : within.to }
}
