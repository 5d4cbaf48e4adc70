import type { Range } from '../core/range.ts'
import type { Run, Slice } from '../core/run.ts'
import type { Source } from '../core/source.ts'
import type { Counted } from '../db/counts.ts'
import type { Table } from '../db/table.ts'
import type { Line } from './line.ts'

/**
 * How far a run has come: the next question, the stretches it has still to ask for (the first is the one it is in), and
 * up to when everything is asked for and stored.
 */
export type Course = { cursor: unknown; position: Date; legs: Range[] }

/** Where a run stands between two pages: its course, and the version that the next commit must have read. */
export type Place = Course & { version: string; now: Date }

/** A run with everything it needs to go from page to page. */
export type Voyage = {
  run: Run
  source: Source
  slice: Slice
  table: Table
  counted: Counted
  line: Line
  place: Place
}
