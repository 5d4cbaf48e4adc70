import type { Range } from '../core/range.ts'
import type { Run, Slice } from '../core/run.ts'
import type { Source } from '../core/source.ts'
import type { Subject } from '../core/stream.ts'
import type { Counted } from '../db/counts.ts'
import type { Table } from '../db/table.ts'
import type { Line } from './line.ts'

/**
 * How far a run has come: the next question and the rows of ours it is about, the stretches it has still to ask for (the
 * first is the one it is in), and up to when everything is asked for and stored.
 */
export type Course = { cursor: unknown; subjects: readonly Subject[]; position: Date; legs: Range[] }

/**
 * Where a run stands between two pages: its course, and the version that the next commit must have read; how many records
 * it has seen so far, how many of them were broken, and how many there are in all, as far as the vendor has said; what is
 * strange about the last page, if that was the end.
 */
export type Place = Course & {
  version: string
  now: Date
  records: number
  broken: number
  total?: number | undefined
  warning?: string | undefined
}

/** A run with everything it needs to go from page to page. */
export type Voyage = {
  run: Run
  source: Source
  slice: Slice
  table: Table
  counted: Counted
  line: Line
  /** Nothing of this part was stored before: rows may be copied straight in. */
  fresh: boolean
  place: Place
}
