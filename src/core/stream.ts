import type { z } from 'zod'
import type { Answer, Ask } from './ask.ts'
import type { Duration } from './duration.ts'
import type { Format } from './format.ts'
import type { Former, Origin, Unmapped } from './origin.ts'
import type { Page, RangePage } from './page.ts'
import type { Part } from './part.ts'
import type { Priority } from './priority.ts'
import type { Policy, Retry } from './retry.ts'
import type { Schedules } from './schedule.ts'

/** How a time series table is cut: by which column (epoch ms, bigint) and into how large pieces. */
type Partitioning = { by: string; every: 'month' }

/**
 * Rows of ours that questions are about. `columns` name a row and give their order; all of `where` must agree. With a `flag`
 * (Flags) only those are meant whose flag is false; it becomes true when the last page about them is committed, unless they
 * are others by then: what tells that is the table's `asked_at`, or a value of `columns` that changes with the row.
 */
export type Batches = {
  table: string
  columns: readonly string[]
  where?: Readonly<Record<string, string | number | boolean | null>>
  flag?: string
  take: number
}

/**
 * Boolean columns of a table that say of each row whether somebody has dealt with it as it now is. Where a stream writes a
 * row they become false: `asked` ones whenever it was asked for again, `changed` ones when a value of it differs, it is new,
 * gone or back. Whoever deals with the row (a normalizer, questions about it) sets its flag to true.
 */
export type Flags = Readonly<Record<string, 'asked' | 'changed'>>

/**
 * Rows of a stream's own table that its lists lack although they should be there: a view shows them, by the same columns. When a
 * list has come to its end (Page, `whole`) their flag (Flags) becomes false, so that they are asked about one by one.
 */
export type Doubts = { view: string; columns: readonly string[]; flag: string }

/** A row of ours that a question is about: the columns that name it, as texts. */
export type Subject = Readonly<Record<string, string>>

/** The shape of a pull stream: everything that types are inferred from, and everything that is mere data. */
export type Shape<Limit extends string, P extends Part, Cursor, Vendor, Options extends z.ZodObject> = {
  name: string
  /** The table the rows go to, with its schema: `acme.orders`. */
  table: string
  /** What one question costs in each of the vendor's limits. */
  limit: { readonly [L in Limit]?: number }
  /** What tells its parts apart; without it there is one. */
  part?: z.ZodType<P>
  cursor: z.ZodType<Cursor>
  /** One record as the vendor sends it. A record that fails this goes to quarantine. */
  record: z.ZodType<Vendor>
  /** The stream's settings; `.meta({ env, flag, about })` on each field names it for the user (core/option.ts). */
  options?: Options
  flags?: Flags
  doubts?: Doubts
  /** How answers are read; JSON as a whole without it. */
  format?: Format
  /** Personal data that is taken out of every record before anything else sees it: `buyer.phone`; lists are gone through. */
  forget?: readonly string[]
  /**
   * Questions are about rows of ours, `take` of them at a time: their table, the columns that name them, and values that
   * others must have. Each run goes through all of them.
   */
  for?: Batches
  /**
   * Another stream of the connector, from which this one takes where it begins: `start` is told the cursor that the
   * checkpoint of that one holds for the same account, in its part of the same name or else in its only one. What `start` makes
   * of it counts before the first page.
   */
  begins?: string
}

/**
 * What a step is told beside the cursor. `rows` are those the question is about (`for`); `begins` is the cursor at which the
 * stream that is named so (Shape) stands when the question is asked, undefined as long as that has stored no page.
 */
type At<P, Options> = { part: P; to: Date; options: Options; rows: readonly Subject[]; begins?: unknown }

/** What `row` is told beside the record. */
type Beside<P, Cursor> = {
  part: P
  answer: Pick<Answer, 'at' | 'headers'>
  rows: readonly Subject[]
  cursor?: Cursor | undefined
}

/** The steps of a pull stream: pure functions without clock, loop, wait or log. */
type CommonSteps<P, Cursor, Vendor, Row, Options> = {
  /** The primary key of the table. */
  key: readonly ((keyof Row & string) | 'account')[]
  /**
   * The columns that tell a newer row from an older one, in order of weight. Without any, the row that was asked for later
   * is newer, and the table has a column `asked_at`.
   */
  newer?: readonly (keyof Row & string)[]
  /** When a running Sluice looks for news: the same for every account, or as its settings have it (core/schedule.ts). */
  schedule: Schedules<Options>
  /** Records are changes of a row and not whole: those in quarantine are never replayed, the row is asked for again. */
  partial?: boolean
  /** What goes first where workers or quota are short; `initial` until everything up to the present was once there. */
  priority?: Priority | { initial: Priority; usual: Priority }
  /** How a question is tried again when the vendor stumbles; three times without it. */
  retry?(options: Options): Retry
  /** How the run is tried again when those retries are used up; not at all without it. */
  policy?(options: Options): Policy
  /** The slices the settings ask for. */
  parts?(options: Options): P[]
  /** How many records one answer holds at most: for telling when a load will be done. */
  batch?(options: Options): number
  /** Which share of the records of a run may be broken (0 … 1; 0.5 without it); with more of them the stream stops. */
  tolerance?(options: Options): number
  /**
   * The first cursor. `from` is where the time to be collected begins; `begins` is the cursor of the stream that is named so
   * (Shape), undefined as long as that has stored no page.
   */
  start(at: { from: Date; part: P; options: Options; begins?: unknown }): Cursor
  request(cursor: Cursor, at: At<P, Options>): Ask
  /**
   * The page after one that never came, although every retry was spent; without it, or where it is undefined, the run fails
   * there. Not for streams whose records have a time, nor for those that ask about rows of ours, nor where a page takes
   * several questions.
   */
  skip?(cursor: Cursor): Cursor | undefined
  /** `cursor` is that of the page the record came with; of a record that is replayed from quarantine it is not known. */
  row(record: Vendor, at: Beside<P, Cursor>): Row
}

/** Records have a time, and what is proven are stretches of it. */
type Ranged<P, Cursor, Row, Options> = {
  mode: 'range'
  /** The column that holds the record's own time (epoch ms), by which coverage counts rows. */
  time: keyof Row & string
  /** How long after it is due a record may still be missing without being missed. */
  settle: Duration
  partition?: Partitioning
  /** Where a first load begins. */
  origin(options: Options): Date
  /** Up to when records can be final at `now`. */
  horizon(at: { now: Date; part: P }): Date
  /** The usual distance between two records, in ms: for progress, and to name what is missing. */
  step(part: P): number
  /** @throws BadPage when the envelope is not the documented one. */
  parse(answer: Answer, cursor: Cursor, at: At<P, Options>): RangePage<Cursor>
}

/** Pages follow each other by their cursor; the next run goes on where the last one ended. */
type Chained<P, Cursor, Options> = {
  mode?: 'chain'
  /** Where a first load begins, for `start`; the epoch without it. */
  origin?(options: Options): Date
  /** @throws BadPage when the envelope is not the documented one. */
  parse(answer: Answer, cursor: Cursor, at: At<P, Options>): Page<Cursor>
}

/** Each run lists everything there is. What a complete list lacks is marked in the table's column `gone_at`. */
type Listed<P, Cursor, Options> = {
  mode: 'snapshot'
  /** @throws BadPage when the envelope is not the documented one. */
  parse(answer: Answer, cursor: Cursor, at: At<P, Options>): Page<Cursor>
}

/**
 * Rows of one table become rows of another: each by itself, and again whenever it has changed. No vendor is asked, so that
 * everything can be derived anew at any time.
 */
type Derived<Vendor, Options> = {
  mode: 'derived'
  from: Origin
  unmapped?: Unmapped | undefined
  /** How many rows are dealt with in one transaction. */
  size(options: Options): number
  /** The rows that one becomes; none where it has nothing to say there, undefined where that cannot be told yet. */
  rows(record: Vendor, at: { account: string; options: Options }): readonly Record<string, unknown>[] | undefined
  former?: Former<Vendor, Options, Record<string, unknown>>
  /** There are no answers. */
  parse(answer: Answer, cursor: unknown, at: At<Part, Options>): Page<never>
}

/** The steps with which a stream is written. */
export type Steps<P, Cursor, Vendor, Row, Options> = CommonSteps<P, Cursor, Vendor, Row, Options> &
  (Ranged<P, Cursor, Row, Options> | Chained<P, Cursor, Options> | Listed<P, Cursor, Options>)

/** What an author may leave out is there once the stream is written. */
type Settled<P extends Part, Options extends z.ZodObject> = {
  part: z.ZodType<P>
  options: Options
  newer: readonly string[]
  retry(options: z.output<Options>): Retry
  parts(options: z.output<Options>): P[]
}

/** A pull stream with all its types, as its author wrote it. */
export type Pull<Limit extends string, P extends Part, Cursor, Vendor, Row, Options extends z.ZodObject> = {
  kind: 'pull'
} & Omit<Shape<Limit, P, Cursor, Vendor, Options>, 'part' | 'options'> &
  Omit<CommonSteps<P, Cursor, Vendor, Row, z.output<Options>>, 'newer' | 'retry' | 'parts'> &
  Settled<P, Options> &
  (
    | Ranged<P, Cursor, Row, z.output<Options>>
    | (Chained<P, Cursor, z.output<Options>> & { mode: 'chain' })
    | Listed<P, Cursor, z.output<Options>>
    | Derived<Vendor, z.output<Options>>
  )

/** A pull stream whose own types are forgotten: what the engine works with. */
export type PullStream = Pull<string, Part, unknown, unknown, Record<string, unknown>, z.ZodObject>

/** One whose records have a time. */
export type RangeStream = Extract<PullStream, { mode: 'range' }>

/** One that derives rows from others. */
export type DerivedStream = Extract<PullStream, { mode: 'derived' }>

/** True for a stream that asks nobody. */
export function isDerived(stream: PullStream): stream is DerivedStream {
  return stream.mode === 'derived'
}

/** True for a stream whose records have a time. */
export function isRanged(stream: PullStream): stream is RangeStream {
  return stream.mode === 'range'
}
