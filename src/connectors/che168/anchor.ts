import { z } from 'zod'
import type { Ask } from '../../core/ask.ts'
import { read, whole } from './answer.ts'
import { dateOf, later } from './date.ts'

/**
 * GET /change_id: the first event of a day. It is null or 0 where nothing has happened since that day began: then an earlier day
 * is asked for, which only makes the stretch longer that is gone through again.
 */

/** How many days back is asked for, one after the other. */
const back = [0, 1, 2, 4, 8, 16, 32]

/** The question about the day of a moment, or about the `tries`th earlier one. */
export function askChange(moment: Date, tries: number): Ask {
  const date = later(dateOf(moment), -back[Math.min(tries, back.length - 1)]!)
  return { path: '/change_id', query: { date }, limit: { changes: 1 } }
}

const envelope = z.looseObject({ change_id: whole.nullable() })

/**
 * The id that the answer tells; undefined where an earlier day is to be asked for. A feed in which nothing ever happened
 * begins with 1.
 * @throws BadPage when the answer is none about a change id
 */
export function readChange(json: unknown, tries: number): number | undefined {
  const { change_id } = read(envelope, json)
  return change_id || (tries + 1 < back.length ? undefined : 1)
}
