import { z } from 'zod'
import { count } from '../../core/option.ts'
import type { Schedule } from '../../core/schedule.ts'

/** When an account's day begins: settings that all streams have. */
export const daily = {
  daily_at: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day, such as 03:00')
    .default('03:00')
    .meta({ env: 'OZON_DAILY_AT', about: 'by when it is collected each day, on the clocks of zone' }),
  zone: z.string().min(1).default('UTC').meta({ env: 'OZON_ZONE', about: 'whose clocks count, such as Europe/Moscow' }),
}

/** How many records an answer of a list holds at most. */
export const paged = {
  page_size: count(1, 1000).default(1000).meta({ about: 'products or rows per request, at most 1000' }),
}

type Daily = { daily_at: string; zone: string }

/** Every six hours, one of them the account's own; that one is made up for, whenever it lacks. */
export function sixHourly({ daily_at, zone }: Daily): Schedule[] {
  const [hour, minute] = daily_at.split(':').map(Number) as [number, number]
  const others = [6, 12, 18].map(later => (hour + later) % 24).toSorted((a, b) => a - b)
  return [
    { daily: daily_at, zone, check: '5m' },
    { cron: `${minute} ${others.join(',')} * * *`, zone },
  ]
}

/** Half an hour before it, so that what others ask about is there. */
export function before({ daily_at, zone }: Daily): Schedule[] {
  const [hour, minute] = daily_at.split(':').map(Number) as [number, number]
  const moment = (hour * 60 + minute + 1440 - 30) % 1440
  const text = [Math.floor(moment / 60), moment % 60].map(part => String(part).padStart(2, '0')).join(':')
  return [{ daily: text, zone, check: '5m' }]
}
