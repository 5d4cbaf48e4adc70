import { z } from 'zod'
import { BadPage } from '../../core/failure.ts'
import { readInstant } from '../../core/option.ts'

/** The envelope of an answer. @throws BadPage that names the first field that is not as the vendor describes it */
export function read<T>(envelope: z.ZodType<T>, json: unknown): T {
  const answer = envelope.safeParse(json)
  if (answer.success) return answer.data
  const [issue] = answer.error.issues
  const field = issue!.path.join('.') || 'the answer'
  throw new BadPage('bad-page', `${field} is not as the vendor documents it: ${issue!.message}`)
}

/** A number of the envelope: the vendor writes numbers as texts here and there. */
export const whole = z.union([z.int().min(0), z.string().regex(/^\d{1,15}$/)], 'is no whole number').transform(Number)

/** The advert: digits, as a text or a number. */
export const innerId = z
  .union([z.int().min(0), z.string().regex(/^\d{1,20}$/)], 'is no number of an advert')
  .transform(String)

/** The vendor's own number of an advert, which says nothing of order. */
export const vendorId = z.union([z.number(), z.string()]).nullish().transform(text)

function text(value: string | number | null | undefined): string | null {
  return value === null || value === undefined || value === '' ? null : String(value)
}

/** What has become of an advert. */
export const changeType = z.enum(['added', 'changed', 'removed'])

/** When something happened, in UTC or with an offset, to the millisecond; not told by all. */
export const moment = z
  .string()
  .nullish()
  .transform((text, context) => {
    if (text === null || text === undefined || text === '') return null
    const instant = readInstant(text.replace(/(\.\d{3})\d+/, '$1'))
    if (instant) return instant
    context.addIssue({ code: 'custom', message: 'is no time such as 2026-02-06T08:18:10.679Z' })
    return z.NEVER
  })

/** The fields of an advert, or those of them that have changed; nothing where the vendor leaves them out, or writes []. */
export const fields = z
  .union(
    [z.record(z.string(), z.unknown()), z.tuple([]).transform((): Record<string, unknown> => ({}))],
    'is no object with the fields of an advert',
  )
  .nullish()
  .transform(found => found ?? {})
