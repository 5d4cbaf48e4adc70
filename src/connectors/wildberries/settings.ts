import { z } from 'zod'
import { timeOfDay, timeZone } from '../../core/daily.ts'
import { type Duration, milliseconds } from '../../core/duration.ts'
import { count } from '../../core/option.ts'
import { exponential, type Policy, type Retry } from '../../core/retry.ts'
import type { Schedule } from '../../core/schedule.ts'

/** Each question is dear here, so that none is asked again at once: the run waits, as `policy` says. */
export const retry = (): Retry => exponential({ retries: 0, base: '1s' })

/** Five retries of a run after 1, 2, 4, 8 and 16 minutes. */
export const policy = (): Policy => ({ transient: exponential({ retries: 5, base: '60s', cap: '1h' }) })

/** News, as long as the limits allow. */
export const news: readonly Schedule[] = [{ every: '10m' }]

/** What is collected until it has once been there goes before what only follows. */
export const following = { initial: 'high', usual: 'normal' } as const

/** A length of time up to `most`. */
export function duration(most: Duration) {
  const isOne = (text: string) => /^\d+(ms|s|m|h|d)$/.test(text) && milliseconds(text as Duration) <= milliseconds(most)
  return z
    .string()
    .refine(isOne, `must be a number and s, m, h or d, such as 2h; ${most} at most`) as z.ZodType<Duration>
}

/** How many rows a page of the vendor's holds at most. */
export function pageSize(usual: number, most: number) {
  return count(1, most)
    .default(usual)
    .meta({ about: `rows per request, at most ${most}` })
}

/** When stock is collected: once a day at a time of the account's own, and every six hours from then on. */
export const daily = {
  daily_at: timeOfDay('03:00').meta({
    about: 'time of day by which it is collected, and from which every 6 h are counted',
  }),
  zone: timeZone().meta({ about: 'time zone of that' }),
}
