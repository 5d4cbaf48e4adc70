import { z } from 'zod'

/** Moscow time is UTC+3 all the year round since 2014 (ms). */
const offset = 3 * 3_600_000
const day = 86_400_000

const form = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?)?$/

/**
 * The instant (ms) of a day or time as orders and sales write it: Moscow time without an offset, with any number of
 * decimals (less than a millisecond is dropped). With an offset it is what that says. Undefined for any other text.
 */
export function timeOf(text: string): number | undefined {
  const [whole, date, clock = '00:00:00', fraction = '', zone = '+03:00'] = form.exec(text) ?? []
  if (whole === undefined || !exists(date!)) return undefined
  const time = Date.parse(`${date}T${clock}${fraction.slice(0, 4)}${zone}`)
  return Number.isNaN(time) ? undefined : time
}

/** JavaScript takes the 31st of every month. */
function exists(date: string): boolean {
  const midnight = new Date(`${date}T00:00:00Z`)
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(date)
}

/** A time of orders and sales, as an instant. */
export const local = z.string().transform((text, context) => {
  const time = timeOf(text)
  if (time !== undefined) return new Date(time)
  context.issues.push({ code: 'custom', input: text, message: 'is no time such as 2026-03-04T18:08:31' })
  return z.NEVER
})

/** A time with its offset (`2026-06-24T12:57:26+03:00`), as an instant. */
export const zoned = z.iso
  .datetime({ offset: true, error: 'is no time with an offset' })
  .transform(text => new Date(text))

/** The Moscow time of an instant (ms), as it may be asked for: `2026-03-04T18:08:31.250`. */
export function textOf(time: number): string {
  return new Date(time + offset).toISOString().slice(0, -1).replace('.000', '')
}

/** The Moscow day of an instant (ms): `2026-03-04`. */
export function dayOf(time: number): string {
  return new Date(time + offset).toISOString().slice(0, 10)
}

/** So many days after a day; before it, where the number is negative. */
export function daysAfter(date: string, days: number): string {
  return new Date(Date.parse(date) + days * day).toISOString().slice(0, 10)
}

/** A day in a cursor. */
export const date = z.string().regex(/^\d{4}-\d\d-\d\d$/)
