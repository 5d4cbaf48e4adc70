import type { Reading } from '../core/page.ts'
import type { Range } from '../core/range.ts'
import { standing } from '../core/run.ts'
import { isRanged } from '../core/stream.ts'
import { raise, resolveSince } from '../db/alerts.ts'
import { askAgain, markAsked } from '../db/batches.ts'
import { addRows, beginChain, beginList, growChain, growList, readProven } from '../db/chains.ts'
import { moveCheckpoint, overtaken } from '../db/checkpoints.ts'
import { countAll, countRows } from '../db/counts.ts'
import { addCoverage } from '../db/coverage.ts'
import { countPage, isHeld } from '../db/held.ts'
import { recordHoles } from '../db/holes.ts'
import { keepBad } from '../db/quarantine.ts'
import { type Written, write } from '../db/rows.ts'
import { askedAgain, pageSpan, unskip } from '../db/skipped.ts'
import type { Store, Transaction } from '../db/store.ts'
import { drop } from '../http/memory.ts'
import type { Checked } from './check.ts'
import { uncover } from './cover.ts'
import { isExcess, refuse } from './excess.ts'
import { healedBy, lostAlert } from './lost.ts'
import type { Course, Place, Voyage } from './voyage.ts'

/** A piece of a page that is committed as one; the last one of it moves the cursor. */
export type Sheet = Checked & { last: boolean }

/** One page: what it says, what its records became, when it was asked for, and the course after it. */
export type Leaf = {
  page: Reading<unknown>
  sheets: AsyncIterable<Sheet> | Iterable<Sheet>
  answered: Date
  asked: Date
  course: Course
}

/** What the sheets of a page have come to so far; `met`: rows of its time or its keys were there before. */
type Sum = Written & { sheets: number; records: number; broken: number; met: boolean }

const nothing: Sum = { sheets: 0, records: 0, broken: 0, keys: 0, inserted: 0, changed: 0, revived: 0, met: false }

/**
 * One page, one transaction (P1): checkpoint, rows, quarantine, coverage, holes and counters, all or nothing. The
 * checkpoint moves first and only from the version that was read; when it does not move, or the run is no longer its
 * worker's, nothing is written. A large page commits in sheets, of which only the last moves the cursor and the counters.
 * @throws BadPage when too many records of the run are broken; some of them are kept as evidence, and nothing else.
 */
export async function commit(store: Store, voyage: Voyage, from: Place, leaf: Leaf): Promise<Place> {
  let [place, sum] = [from, nothing]
  for await (const sheet of leaf.sheets) {
    const seen = { records: place.records + sheet.records, broken: place.broken + sheet.bad.length }
    if (sheet.bad.length > 0 && isExcess(voyage, seen)) {
      const came = { run: voyage.run.id, asked: leaf.asked, answered: leaf.answered, subjects: place.subjects }
      const before = 'of this page only what came before them was stored'
      const stored = sum.sheets === 0 ? 'nothing of this page was stored' : before
      await refuse(store, voyage, seen, sheet.bad, came, stored)
    }
    ;[place, sum] = await store.transaction(tx => turnSheet(tx, voyage, place, leaf, sheet, sum))
    drop(sheet.rows.text)
  }
  return place
}

async function turnSheet(
  tx: Transaction,
  voyage: Voyage,
  place: Place,
  leaf: Leaf,
  sheet: Sheet,
  before: Sum,
): Promise<[Place, Sum]> {
  const { slice, run, table, counted } = voyage
  const { page, asked, answered, course } = leaf
  const goal = sheet.last ? course : place
  const { version, now } = await moveCheckpoint(tx, slice, {
    ...{ span: run.span, run: run.id, version: place.version },
    ...{ cursor: saved(voyage, goal), position: goal.position },
  })
  const wasCovered = page.covered && before.sheets === 0 && (await uncover(tx, slice, counted, page.covered, run.id))
  const met = before.met || wasCovered === true
  const written = await write(tx, table, sheet.rows, voyage.fresh && !met)
  await keepBad(tx, slice, sheet.bad, { run: run.id, asked, answered, subjects: place.subjects })
  const sum = add({ ...before, met }, sheet, written)
  const seen = { records: place.records + sheet.records, broken: place.broken + sheet.bad.length }
  const total = totalOf(page, seen.records) ?? place.total
  if (sheet.last) await enter(tx, voyage, { ...place, total }, leaf, sum, written)
  else await enterSheet(tx, voyage, written)
  return [{ ...goal, ...seen, version, now, total, warning: page.warning }, sum]
}

function add(sum: Sum, { records, bad }: Sheet, { keys, inserted, changed, revived }: Written): Sum {
  return {
    sheets: sum.sheets + 1,
    records: sum.records + records,
    broken: sum.broken + bad.length,
    keys: sum.keys + keys,
    inserted: sum.inserted + inserted,
    changed: sum.changed + changed,
    revived: sum.revived + revived,
    met: sum.met || inserted < keys,
  }
}

/** How many records there are in all, as the vendor says; or as the stream guesses, which knows what follows those that came. */
function totalOf({ total, left }: Reading<unknown>, records: number): number | undefined {
  return total ?? (left === undefined ? undefined : records + left)
}

/** Where a part stands, as its checkpoint holds it: with the rows of ours that the question is about. */
function saved({ source }: Pick<Voyage, 'source'>, { cursor, subjects }: Pick<Course, 'cursor' | 'subjects'>) {
  return source.stream.for ? { subjects, cursor } : cursor
}

/**
 * Rows of a sheet are there from now on, whether the rest of the page comes or not: where what pages add is added, they
 * count at once. Where there is nothing to add to yet, the first page that is whole counts everything.
 */
async function enterSheet(
  tx: Transaction,
  { slice, run, source }: Voyage,
  { inserted, revived }: Written,
): Promise<void> {
  if (!(await isHeld(tx, run))) throw overtaken(slice)
  if (!isRanged(source.stream)) await addRows(tx, slice, inserted + revived)
}

/** Enters the whole page into the ledgers: what it proves, what the vendor lacks, and what it brought. */
async function enter(
  tx: Transaction,
  voyage: Voyage,
  place: Place,
  leaf: Leaf,
  sum: Sum,
  ending: Written,
): Promise<void> {
  const { slice, run, source } = voyage
  const { page, course } = leaf
  if (isRanged(source.stream) && page.covered) await enterRange(tx, voyage, page.covered, leaf, sum)
  else if (run.span.startsWith(pageSpan)) await enterSkipped(tx, voyage, page, ending)
  else await enterPage(tx, voyage, place, leaf, ending)
  if (source.stream.for && page.done) await markAsked(tx, slice, source.stream.for, place.subjects, leaf.asked)
  const { lost, whole, notice = lost } = page
  if (lost !== undefined) await raise(tx, lostAlert(slice, lost))
  if (whole !== undefined && run.span === standing) await endList(tx, voyage, whole)
  const { total } = place
  const gain = { position: course.position, records: sum.records, quarantined: sum.broken, total, notice }
  const { inserted, changed } = sum
  if (!(await countPage(tx, run, { ...gain, inserted, changed }))) throw overtaken(slice)
}

/** A list has come to its end: what was lost before it was begun is there again, and what it lacks is in doubt. */
async function endList(tx: Transaction, { slice, source }: Voyage, began: Date): Promise<void> {
  const { table, doubts } = source.stream
  await resolveSince(tx, began, healedBy(source))
  if (doubts) await askAgain(tx, slice, table, doubts)
}

/**
 * Where rows were before, they are counted: the vendor may no longer send what it once sent, or send it broken, and
 * nothing is destroyed for that (P5).
 */
async function enterRange(tx: Transaction, { slice, run, counted }: Voyage, covered: Range, { page }: Leaf, sum: Sum) {
  const rows = sum.met ? await countRows(tx, counted, covered) : sum.keys
  if (covered.from < covered.to) await addCoverage(tx, slice, { ...covered, rows }, run.id)
  await recordHoles(tx, slice, covered, page.holes ?? [])
}

/** The first page of all finds out what the table held before it; from then on what pages add is added. */
async function enterPage(
  tx: Transaction,
  voyage: Voyage,
  place: Place,
  { asked, course, page: { done, more, warning } }: Leaf,
  { inserted, revived }: Written,
): Promise<void> {
  const { slice, run, source, counted, table } = voyage
  const link = source.stream.for
    ? { from: null, to: null, isEnd: true }
    : { from: place.cursor, to: course.cursor, isEnd: done && !more && warning === undefined }
  const page = { ...link, asked, rows: inserted + revived }
  const isList = source.stream.mode === 'snapshot'
  if (await (isList ? growList : growChain)(tx, slice, page, run.id)) return
  const isFirst = (await readProven(tx, slice)).length === 0
  const rows = isFirst ? await countAll(tx, counted, table.own.has('gone_at')) : page.rows
  await (isList ? beginList : beginChain)(tx, slice, { ...page, rows }, run.id)
}

/**
 * A page that the vendor makes one wait for has not come yet. Nor has the last one of all come whole, unless it ends a list: what
 * follows there belongs to it, and the chain has gone on behind it.
 */
async function enterSkipped(
  tx: Transaction,
  { slice, run }: Voyage,
  { done, wait, whole }: Reading<unknown>,
  { inserted, revived }: Written,
): Promise<void> {
  await addRows(tx, slice, inserted + revived)
  const mayGrow = done && whole === undefined
  if (mayGrow || wait !== undefined) await askedAgain(tx, slice, run.span, run.id)
  else await unskip(tx, slice, run.span)
}
