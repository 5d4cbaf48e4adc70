import { z } from 'zod'
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
  daily_at: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 03:00')
    .default('03:00')
    .meta({ about: 'time of day by which it is collected, and from which every 6 h are counted' }),
  zone: z
    .string()
    .refine(isZone, 'is no time zone; write Europe/Moscow or UTC')
    .default('UTC')
    .meta({ about: 'time zone of that' }),
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) instanceof Intl.DateTimeFormat
  } catch {
    return false
  }
}

/** At that time at the latest, with a look every five minutes whether today is there; and six, twelve and eighteen hours later. */
export function sixHourly({ daily_at, zone }: { daily_at: string; zone: string }): readonly Schedule[] {
  const [hour, minute] = daily_at.split(':').map(Number) as [number, number]
  const hours = [6, 12, 18].map(later => (hour + later) % 24).toSorted((a, b) => a - b)
  return [
    { daily: daily_at, zone, check: '5m' },
    { cron: `${minute} ${hours.join(',')} * * *`, zone },
  ]
}
