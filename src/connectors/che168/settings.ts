import { z } from 'zod'
import { timeOfDay, timeZone } from '../../core/daily.ts'
import { type Duration, milliseconds } from '../../core/duration.ts'
import { count } from '../../core/option.ts'
import { exponential, type Policy, type Retry, regular } from '../../core/retry.ts'
import type { Schedule } from '../../core/schedule.ts'

/** Within a question a stumble is tried again at once: a cut connection is the usual one here. */
export const retry = (): Retry => exponential({ retries: 3, base: '1s' })

const waitText = 'must be a number and s, m or h, such as 12m; 24h at most'

/** How often a run tries again what came to nothing, and how long it waits before each time: four hours together. */
export const patience = {
  retries: count(0, 1000).default(20).meta({ about: 'how often what came to nothing is tried again' }),
  retry_interval: z
    .string(waitText)
    .refine(isWait, waitText)
    .default('12m')
    .meta({ about: 'the wait before each of those retries' }),
}

function isWait(text: string): boolean {
  return /^\d+(s|m|h)$/.test(text) && milliseconds(text as Duration) <= milliseconds('24h')
}

export function policy({ retries, retry_interval }: { retries: number; retry_interval: string }): Policy {
  return { transient: regular({ retries, every: retry_interval as Duration }) }
}

/** When it is collected: once a day, by a time on the clocks of a zone; a day that was missed is made up at once. */
export const daily = {
  daily_at: timeOfDay('02:00').meta({ about: 'time of day by which it is collected' }),
  zone: timeZone().meta({ about: 'time zone of that' }),
}

export function onceADay({ daily_at, zone }: { daily_at: string; zone: string }): readonly Schedule[] {
  return [{ daily: daily_at, zone }]
}
