import { isDeepStrictEqual } from 'node:util'
import { BadPage } from '../core/failure.ts'
import type { Reading } from '../core/page.ts'
import { type Range, subtract } from '../core/range.ts'
import { type Run, type Slice, sliceText, standing } from '../core/run.ts'
import { isRanged } from '../core/stream.ts'
import { nextBatch } from '../db/batches.ts'
import { readCursor } from '../db/checkpoints.ts'
import { readCoverage } from '../db/coverage.ts'
import type { Sql } from '../db/store.ts'
import type { Course, Place, Voyage } from './voyage.ts'

/** A run to the present has no end yet: its last leg is open. */
const endOfTime = new Date(8.64e15)

/**
 * What a run has to ask for: its range less what others have covered by now. A second look at a hole is no question of
 * coverage: it is asked for as it is.
 */
export async function legsOf(sql: Sql, slice: Slice, { cause, from, to }: Run, position: Date): Promise<Range[]> {
  const whole = { from: to ? from : position, to: to ?? endOfTime }
  return cause === 'heal' ? [whole] : subtract(whole, await readCoverage(sql, slice, whole))
}

/** The one leg of a run whose records have no time. */
export function openLeg(position: Date): Range {
  return { from: position, to: endOfTime }
}

/** Where a run goes from a page, and whether it goes on at all. */
export type Way = { course: Course; goesOn: boolean }

/**
 * Where a run goes from a page: on with its cursor, to the beginning of the next leg, or to the next rows of ours.
 * @throws BadPage when the cursor stays where it was: it would ask for ever.
 */
export async function onward(sql: Sql, voyage: Voyage, place: Place, page: Reading<unknown>): Promise<Way> {
  const { source, slice, run } = voyage
  if (!page.done && !page.wait && isDeepStrictEqual(page.next, place.cursor)) {
    throw new BadPage('stuck-cursor', `${sliceText(slice)}: the page after ${position(place)} leads to itself`)
  }
  if (isRanged(source.stream)) return onwardInTime(voyage, place, page)
  const course = { cursor: page.next, subjects: place.subjects, position: place.now, legs: place.legs }
  if (!page.done) return { course, goesOn: run.span === standing || page.wait !== undefined }
  if (!source.stream.for || run.span !== standing) return { course, goesOn: false }
  const subjects = await nextBatch(sql, slice, source.stream.for, place.subjects.at(-1))
  const cursor = subjects.length > 0 ? await first(sql, voyage, place.position) : null
  return { course: { ...course, subjects, cursor }, goesOn: subjects.length > 0 }
}

function onwardInTime({ source, slice }: Voyage, { position, legs, subjects }: Course, page: Reading<unknown>): Way {
  const [, ...rest] = legs
  if (page.done && rest[0]) {
    const { from } = rest[0]
    const cursor = source.stream.start({ from, part: slice.part, options: source.options })
    return { course: { cursor, subjects, position: from, legs: rest }, goesOn: true }
  }
  const reached = new Date(Math.max(page.covered!.to.getTime(), position.getTime()))
  return { course: { cursor: page.next, subjects, position: reached, legs }, goesOn: !page.done }
}

/** The first cursor of a part whose records have no time; where it begins with another stream, that of where this one stands. */
export async function first(
  sql: Sql,
  { source, slice }: Pick<Voyage, 'source' | 'slice'>,
  now: Date,
): Promise<unknown> {
  const { stream, options } = source
  const from = stream.mode === 'chain' ? (stream.origin?.(options) ?? new Date(0)) : now
  return stream.start({ from, part: slice.part, options, ...(await beginsOf(sql, { source, slice })) })
}

/** Where the stream stands that a part begins with, for its steps. */
export async function beginsOf(
  sql: Sql,
  { source, slice }: Pick<Voyage, 'source' | 'slice'>,
): Promise<{ begins?: unknown }> {
  const { begins: stream } = source.stream
  const begins = stream === undefined ? undefined : await readCursor(sql, { ...slice, stream })
  return begins === undefined ? {} : { begins }
}

/** The end of the question a run asks now: that of its leg, or the present. */
export function endOfLeg({ run, source, slice }: Voyage, { legs }: Course, now: Date): Date {
  if (!isRanged(source.stream)) return now
  const end = run.to ?? source.stream.horizon({ now, part: slice.part })
  const [leg] = legs
  return leg && leg.to < end ? leg.to : end
}

function position({ position }: Course): string {
  return position.toISOString()
}
