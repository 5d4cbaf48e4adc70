import { z } from 'zod'
import { BadPage } from '../../core/failure.ts'

/** The envelope of an answer. @throws BadPage that names the first field that is not as Ozon describes it */
export function read<T>(envelope: z.ZodType<T>, json: unknown): T {
  const answer = envelope.safeParse(json)
  if (answer.success) return answer.data
  const [issue] = answer.error.issues
  const field = issue!.path.join('.') || 'the answer'
  throw new BadPage('bad-page', `${field} is not as Ozon documents it: ${issue!.message}`)
}

/** An id of 64 bits: a number, or the digits of one that is longer than a number of JavaScript is exact (16 and more). */
export const id = z.union([z.int().min(0), z.string().regex(/^\d{1,19}$/)], 'is no id')

/** Pieces. Ozon counts back what was sold twice: a number below 0 is stored as it came. */
export const pieces = z.int('is no whole number')

/** A number as it came, so that no digit of it is lost. */
export const amount = z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/)], 'is no number')

/** A list told page by page with `has_next`, which alone says whether there is more: `cursor` is there on the last one, too. */
export const turning = { cursor: z.string(), has_next: z.boolean() }

/**
 * Where such a list goes on.
 * @throws BadPage where there is more and nothing new says where: it would begin anew and never end
 */
export function turn(page: { cursor: string; has_next: boolean }, at: { cursor: string }) {
  if (page.has_next && (page.cursor === '' || page.cursor === at.cursor))
    throw new BadPage('bad-page', 'has_next says that there is more, and cursor does not say where')
  return { next: { cursor: page.cursor }, done: !page.has_next }
}

/** How far a list has come that Ozon counts: `items` of the vendor, which have made so many `records`. */
export const counted = { items: z.int().min(0), records: z.int().min(0) }

/**
 * The total of a list that ended before all items came which Ozon counts; nothing for one that is whole. Items are not
 * records: what is missing is counted on top of the records that are there, so that nothing is taken for gone.
 */
export function lacking(total: number | undefined, { items, records }: { items: number; records: number }) {
  return total !== undefined && total > items ? { total: records + (total - items) } : {}
}
