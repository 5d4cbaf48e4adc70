import { z } from 'zod'
import { timeOfDay } from '../../core/daily.ts'
import { count } from '../../core/option.ts'
import type { Schedule } from '../../core/schedule.ts'

/** When an account's day begins: settings that all streams have. */
export const daily = {
  daily_at: timeOfDay('03:00').meta({
    env: 'OZON_DAILY_AT',
    about: 'by when it is collected each day, on the clocks of zone',
  }),
  zone: z.string().min(1).default('UTC').meta({ env: 'OZON_ZONE', about: 'whose clocks count, such as Europe/Moscow' }),
}

/** How many records an answer of a list holds at most. */
export const paged = {
  page_size: count(1, 1000).default(1000).meta({ about: 'products or rows per request, at most 1000' }),
}

type Daily = { daily_at: string; zone: string }

/** Half an hour before it, so that what others ask about is there. */
export function before({ daily_at, zone }: Daily): Schedule[] {
  const [hour, minute] = daily_at.split(':').map(Number) as [number, number]
  const moment = (hour * 60 + minute + 1440 - 30) % 1440
  const text = [Math.floor(moment / 60), moment % 60].map(part => String(part).padStart(2, '0')).join(':')
  return [{ daily: text, zone, check: '5m' }]
}
