import type { z } from 'zod'
import type { Duration } from './duration.ts'
import type { Part } from './part.ts'
import type { Priority } from './priority.ts'
import type { Range } from './range.ts'
import type { Policy, Retry } from './retry.ts'
import type { Schedules } from './schedule.ts'

/** A question to the vendor. `query` values that are undefined are left out. */
export type Ask = { path: string; query?: Readonly<Record<string, string | number | undefined>> }

/** The vendor's answer. `json` is exact (see core/json.ts); `at` is the vendor's clock when it answered. */
export type Answer = { status: number; headers: Headers; json: unknown; at: Date }

/**
 * What one answer holds.
 * - records: as the vendor sent them, not yet checked
 * - next: the cursor of the next page
 * - done: nothing newer for now
 * - covered: the stretch of time this answer proves: every record the vendor has there is among the records
 * - holes: stretches inside it for which something was due and nothing came
 */
export type Page<Cursor> = { records: readonly unknown[] } & Reading<Cursor>

/** What an answer says beside its records. */
export type Reading<Cursor> = { next: Cursor; done: boolean; covered: Range; holes: Range[] }

/** How a time series table is cut: by which column (epoch ms, bigint) and into how large pieces. */
type Partitioning = { by: string; every: 'month' }

/** The shape of a pull stream: everything that types are inferred from, and everything that is mere data. */
export type Shape<Limit extends string, P extends Part, Cursor, Vendor, Options extends z.ZodObject> = {
  name: string
  /** The table the rows go to, with its schema: `acme.orders`. */
  table: string
  /** What one question costs in each of the vendor's limits. */
  limit: { readonly [L in Limit]?: number }
  part: z.ZodType<P>
  cursor: z.ZodType<Cursor>
  /** One record as the vendor sends it. A record that fails this goes to quarantine. */
  record: z.ZodType<Vendor>
  /** The stream's settings; `.meta({ env, flag, about })` on each field names it for the user (core/option.ts). */
  options: Options
}

/** The steps of a pull stream: pure functions without clock, loop, wait or log. */
export type Steps<P, Cursor, Vendor, Row, Options> = {
  /** The primary key of the table. */
  key: readonly (keyof Row & string)[]
  /** The columns that tell a newer row from an older one, in order of weight. */
  newer: readonly (keyof Row & string)[]
  /** The column that holds the record's own time (epoch ms), by which coverage counts rows. */
  time: keyof Row & string
  /** When a running Sluice looks for news: the same for every account, or as its settings have it (core/schedule.ts). */
  schedule: Schedules<Options>
  /** How long after it is due a record may still be missing without being missed. */
  settle: Duration
  partition?: Partitioning
  /** What goes first where workers or quota are short; `initial` until everything up to the present was once there. */
  priority?: Priority | { initial: Priority; usual: Priority }
  /** How a question is tried again when the vendor stumbles. */
  retry(options: Options): Retry
  /** How the run is tried again when those retries are used up; not at all without it. */
  policy?(options: Options): Policy
  /** The slices the settings ask for. */
  parts(options: Options): P[]
  /** Where a first load begins. */
  origin(options: Options): Date
  /** Up to when records can be final at `now`. */
  horizon(at: { now: Date; part: P }): Date
  /** The usual distance between two records, in ms: for progress, and to name what is missing. */
  step(part: P): number
  /** How many records one answer holds at most: for telling when a load will be done. */
  batch?(options: Options): number
  start(at: { from: Date; part: P }): Cursor
  request(cursor: Cursor, at: { part: P; to: Date; options: Options }): Ask
  /** @throws BadPage when the envelope is not the documented one. */
  parse(answer: Answer, cursor: Cursor, at: { part: P; to: Date; options: Options }): Page<Cursor>
  row(record: Vendor, at: { part: P; answer: Answer }): Row
}

/** A pull stream with all its types, as its author wrote it. */
export type Pull<Limit extends string, P extends Part, Cursor, Vendor, Row, Options extends z.ZodObject> = {
  kind: 'pull'
} & Shape<Limit, P, Cursor, Vendor, Options> &
  Steps<P, Cursor, Vendor, Row, z.output<Options>>

/** A pull stream whose own types are forgotten: what the engine works with. */
export type PullStream = Pull<string, Part, unknown, unknown, Record<string, unknown>, z.ZodObject>
