import { isDeepStrictEqual } from 'node:util'
import { BadPage } from '../core/failure.ts'
import { type Range, subtract } from '../core/range.ts'
import { type Run, type Slice, sliceText } from '../core/run.ts'
import type { Reading } from '../core/stream.ts'
import { readCoverage } from '../db/coverage.ts'
import type { Sql } from '../db/store.ts'
import type { Course, Voyage } from './voyage.ts'

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

/**
 * Where a run goes from a page: on with its cursor, or to the beginning of the next leg.
 * @throws BadPage when the cursor stays where it was: it would ask for ever.
 */
export function onward({ source, slice }: Voyage, { cursor, position, legs }: Course, page: Reading<unknown>): Course {
  const [, ...rest] = legs
  if (page.done && rest[0]) {
    return { cursor: source.stream.start({ from: rest[0].from, part: slice.part }), position: rest[0].from, legs: rest }
  }
  if (!page.done && isDeepStrictEqual(page.next, cursor)) {
    throw new BadPage('stuck-cursor', `${sliceText(slice)}: the page after ${position.toISOString()} leads to itself`)
  }
  const reached = new Date(Math.max(page.covered.to.getTime(), position.getTime()))
  return { cursor: page.next, position: reached, legs }
}

/** The end of the question a run asks now: that of its leg, or the present. */
export function endOfLeg({ run, source, slice }: Voyage, { legs }: Course, now: Date): Date {
  const end = run.to ?? source.stream.horizon({ now, part: slice.part })
  const [leg] = legs
  return leg && leg.to < end ? leg.to : end
}
