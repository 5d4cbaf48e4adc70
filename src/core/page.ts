import type { Duration } from './duration.ts'
import type { Range } from './range.ts'

/**
 * What one answer holds.
 * - records: as the vendor sent them, not yet checked; left out where they are read one by one (Format)
 * - next: the cursor of the next page. One that stays the same is an error, unless this page is the last or says `wait`
 * - done: nothing newer for now
 * - wait: the vendor needs so long; then the next page is asked for
 * - total: how many records the vendor says there are in all, where a page of a snapshot tells it
 * - left: about how many records follow this page until the run ends, where that can be guessed: for progress only
 * - lost: what the vendor may have had and has no more, and what to do: an alert, until the stream that this one begins with
 *   (Shape) has brought anew what there is (`whole`)
 * - whole: of a page that ends a list, when that list was begun: nothing is ever added behind it, and what was lost before then is
 *   there again
 * - more: the run ends with this page because a setting wants no more of it, though the vendor has more
 * - warning: why the end that this page is proves nothing, such as one without records where the vendor names more: told with the
 *   run, and the alert `empty`, until a run of the part ends without one
 * - notice: what the user should know of this answer, such as how far back the vendor goes; told with the run
 */
export type Page<Cursor> = {
  records?: readonly unknown[]
  wait?: Duration
  total?: number
  left?: number
  lost?: string
  whole?: Date
  more?: boolean
  warning?: string
  notice?: string
} & Turn<Cursor>

type Turn<Cursor> = { next: Cursor; done: boolean }

/**
 * A page of a stream whose records have a time.
 * - covered: the stretch of time this answer proves: every record the vendor has there is among the records
 * - holes: stretches inside it for which something was due and nothing came
 */
export type RangePage<Cursor> = Page<Cursor> & { covered: Range; holes: readonly Range[] }

/** What an answer says beside its records, whatever the stream's mode. */
export type Reading<Cursor> = Omit<Page<Cursor>, 'records'> & { covered?: Range; holes?: readonly Range[] }
