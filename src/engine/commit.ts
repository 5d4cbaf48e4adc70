import type { Run, Slice } from '../core/run.ts'
import type { Reading } from '../core/stream.ts'
import { raise } from '../db/alerts.ts'
import { moveCheckpoint, overtaken } from '../db/checkpoints.ts'
import { type Counted, countRows } from '../db/counts.ts'
import { recordHoles } from '../db/holes.ts'
import { keepBad } from '../db/quarantine.ts'
import { type Written, write } from '../db/rows.ts'
import { countPage } from '../db/runs.ts'
import type { Store, Transaction } from '../db/store.ts'
import type { Table } from '../db/table.ts'
import type { Checked } from './check.ts'
import { cover, type Touched, touch } from './cover.ts'
import type { Course, Place } from './voyage.ts'

/** Everything one page leaves behind, and the course after it. */
export type Leaf = {
  slice: Slice
  run: Run
  place: Place
  page: Reading<unknown>
  course: Course
  checked: Checked
  table: Table
  counted: Counted
}

/**
 * One page, one transaction (P1): checkpoint, rows, quarantine, coverage, holes and counters, all or nothing. The
 * checkpoint moves first and only from the version that was read; when it does not move, or the run is no longer its
 * worker's, nothing is written.
 */
export async function commit(store: Store, leaf: Leaf): Promise<Place> {
  const { slice, run, place, page, course, checked, table, counted } = leaf
  const { cursor, position } = course
  return store.transaction(async tx => {
    const moved = await moveCheckpoint(tx, slice, {
      span: run.span,
      run: run.id,
      version: place.version,
      cursor,
      position,
    })
    const touched = await touch(tx, slice, counted, page.covered)
    const written = await write(tx, table, checked.rows, touched.overlapping.length === 0)
    await keepBad(tx, slice, checked.bad, run.id)
    const rows = await rowsOf(tx, leaf, written, touched)
    await cover(tx, slice, { ...page.covered, rows }, touched, run.id)
    await recordHoles(tx, slice, page.covered, page.holes)
    const gain = { position, records: checked.records, quarantined: checked.bad.length, ...written }
    if (!(await countPage(tx, run.id, run.worker!, gain))) throw overtaken(slice)
    for (const stretch of touched.lost) await raise(tx, lostRows(slice, table, stretch))
    return { ...course, ...moved }
  })
}

/**
 * How many rows the table holds for a page's time. Where rows were before, they are counted: the vendor may no longer
 * send what it once sent, or send it broken, and nothing is destroyed for that (P5).
 */
function rowsOf(
  tx: Transaction,
  { slice, page, counted }: Leaf,
  written: Written,
  touched: Touched,
): number | Promise<number> {
  const met = touched.overlapping.length > 0 || written.inserted < written.keys
  return met ? countRows(tx, counted, slice.part, page.covered) : written.keys
}

function lostRows(slice: Slice, { name }: Table, { from, to }: { from: Date; to: Date }) {
  const message = `${name} no longer holds the rows that were stored between ${from.toISOString()} and ${to.toISOString()}; they are asked for again at the next sync`
  return { key: `lost-rows ${JSON.stringify(slice)}`, level: 'warning', code: 'lost-rows', message, slice } as const
}
