import type { Answer } from '../../core/ask.ts'
import { type Duration, milliseconds } from '../../core/duration.ts'
import { BadPage } from '../../core/failure.ts'
import type { RangePage } from '../../core/page.ts'
import type { Range } from '../../core/range.ts'
import { type Interval, length, openOf } from './interval.ts'

/** Where a part stands: `startTime` is the next question's, `since` the end of the last candle (both epoch ms). */
export type CandleCursor = { startTime: number; since: number }

/** A closed candle may be published this much later than it closed (reports of 10 to 15 s); then it counts as missing. */
export const settle: Duration = '20s'

type Span = { open: number; end: number }

/**
 * Reads one answer of /api/v3/klines: which records are closed candles, what time they prove, where the next page begins.
 * The last row of an answer is the open candle unless the question ended before it; REST has no flag for that, so a
 * candle is closed when its close time lies before the vendor's clock (rest-api.md; vendor's `Date` header).
 *
 * A short answer alone does not say that there is no more: where time remains that should hold a candle, the rest is asked
 * for, and only an answer without any row proves that nothing is there.
 *
 * @param limit how many rows were asked for: a full answer means that there may be more
 * @param to    the end of the question (epoch ms, exclusive)
 */
export function readPage(
  answer: Answer,
  cursor: CandleCursor,
  at: { interval: Interval; to: number; limit: number },
): RangePage<CandleCursor> {
  const rows = envelope(answer.json)
  const now = answer.at.getTime()
  const step = length(at.interval)
  const open = openRow(rows, now, 2 * step)
  const records = rows.filter(row => row !== open)
  const spans = records
    .filter(row => hasTimes(row, 2 * step) && (row[6] as number) < now)
    .map(toSpan)
    .toSorted((a, b) => a.open - b.open)
  if (records.length > 0 && spans.length === 0)
    throw new BadPage('bad-page', 'no row of this answer has an open and a close time')
  const [first, last] = [spans[0], spans.at(-1)]
  const end = last?.end ?? cursor.since
  const until = proven(end, now, at)
  const isShort = rows.length < at.limit && until - end < step * 0.9
  const done = open !== undefined || rows.length === 0 || end >= at.to || isShort
  const covered = range(Math.min(first?.open ?? cursor.since, cursor.since), done ? until : end)
  return {
    records,
    next: last ? { startTime: last.open + 1, since: last.end } : cursor,
    done,
    covered,
    holes: holesIn(spans, covered.from.getTime(), covered.to.getTime(), step),
  }
}

/**
 * How far an answer that ends the question proves anything: up to the question's end, but not into the last seconds, in
 * which a candle may be closed and not yet published.
 */
function proven(lastEnd: number, now: number, { interval, to }: { interval: Interval; to: number }): number {
  return Math.max(lastEnd, Math.min(to, openOf(interval, now - milliseconds(settle))))
}

/** The stretches of at least (nearly) one candle's length in which no candle lies. */
function holesIn(spans: readonly Span[], from: number, until: number, step: number): Range[] {
  const holes: Range[] = []
  let reached = from
  for (const { open, end } of [...spans, { open: until, end: until }]) {
    if (open - reached >= step * 0.9) holes.push(range(reached, open))
    reached = Math.max(reached, end)
  }
  return holes
}

function envelope(json: unknown): unknown[][] {
  if (Array.isArray(json) && json.every(Array.isArray)) return json as unknown[][]
  throw new BadPage('bad-page', 'the answer is not a list of candles')
}

/**
 * The open candle is the last of an answer that reaches the present, and nothing comes after it. Any other row that claims
 * to close in the future is a broken record.
 */
function openRow(rows: unknown[][], now: number, longest: number): unknown[] | undefined {
  const candles = rows.filter(row => hasTimes(row, longest))
  const last = candles.reduce<unknown[] | undefined>(
    (late, row) => (late && late[0]! > row[0]! ? late : row),
    undefined,
  )
  return last && (last[6] as number) >= now ? last : undefined
}

function hasTimes([open, , , , , , close]: unknown[], longest: number): boolean {
  if (!Number.isInteger(open) || !Number.isInteger(close)) return false
  const lasts = (close as number) - (open as number)
  return lasts > 0 && lasts < longest
}

function toSpan(row: unknown[]): Span {
  return { open: row[0] as number, end: (row[6] as number) + 1 }
}

function range(from: number, to: number): Range {
  return { from: new Date(from), to: new Date(to) }
}
