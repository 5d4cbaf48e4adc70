import { z } from 'zod'
import type { Schedule } from './schedule.ts'

/** The settings of streams that are collected daily, and the schedules made of them. */
type Daily = { daily_at: string; zone: string }

/** A time of day, `HH:MM`, on the clocks of a zone; `usual` without one. */
export function timeOfDay(usual: string) {
  return z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, `must be a time of day such as ${usual}`)
    .default(usual)
}

/** The name of a time zone; UTC without one. */
export function timeZone() {
  return z.string().refine(isZone, 'is no time zone; write Europe/Moscow or UTC').default('UTC')
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) instanceof Intl.DateTimeFormat
  } catch {
    return false
  }
}

/** At that time at the latest, with a look every five minutes whether today is there; and six, twelve and eighteen hours later. */
export function sixHourly({ daily_at, zone }: Daily): readonly Schedule[] {
  const [hour, minute] = daily_at.split(':').map(Number) as [number, number]
  const hours = [6, 12, 18].map(later => (hour + later) % 24).toSorted((a, b) => a - b)
  return [
    { daily: daily_at, zone, check: '5m' },
    { cron: `${minute} ${hours.join(',')} * * *`, zone },
  ]
}
