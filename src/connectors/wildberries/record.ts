import { z } from 'zod'
import { BadPage } from '../../core/failure.ts'

/** A text that may be missing. */
export const text = z.string().nullish()

/** A whole number that may be missing. */
export const whole = z.int().nullish()

export const flag = z.boolean().nullish()

/** The vendor's ids; one of more digits than a number holds exactly comes as text (core/json.ts). */
export const id = z.union([z.int(), z.string().regex(/^\d{16,19}$/, 'is no id')])

/**
 * An amount: a number, or the text that a number of more than 15 digits comes as (core/json.ts). A number that the vendor
 * has put between quotes is none.
 */
export const amount = z.union([
  z.number(),
  z.string().refine(digits => /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(digits) && digits.length > 15, 'is no number'),
])

/** What the vendor pays and is paid in, where an answer does not say. */
export const currency = 'RUB'

/** The answer as its schema has it. @throws BadPage, which tells what the answer should have held */
export function read<T>(schema: z.ZodType<T>, json: unknown, what: string): T {
  const page = schema.safeParse(json)
  if (page.success) return page.data
  throw new BadPage('bad-page', `the answer holds no ${what}`)
}
