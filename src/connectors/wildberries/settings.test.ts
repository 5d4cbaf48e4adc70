import { expect, it, test } from 'vitest'
import { z } from 'zod'
import { scheduleText } from '../../core/schedule.ts'
import { daily, duration, sixHourly } from './settings.ts'

test.each([
  ['03:00', 'UTC', ['daily 03:00 UTC', 'cron 0 9,15,21 * * * UTC']],
  ['23:30', 'Europe/Moscow', ['daily 23:30 Europe/Moscow', 'cron 30 5,11,17 * * * Europe/Moscow']],
])('stock is collected by %s in %s, and six, twelve and eighteen hours later', (daily_at, zone, texts) => {
  expect(sixHourly({ daily_at, zone }).map(scheduleText)).toEqual(texts)
})

test.each([{ daily_at: '3:00' }, { daily_at: '24:00' }, { zone: 'Moscow' }, { zone: '' }])('%j is refused', given => {
  expect(z.strictObject(daily).safeParse(given).success).toBe(false)
})

it('a length of time has a unit and an end', () => {
  const schema = duration('7d')
  expect(['2h', '0s', '7d', '90m'].every(text => schema.safeParse(text).success)).toBe(true)
  expect(['2', '8d', '-1h', 'h', '1.5h'].some(text => schema.safeParse(text).success)).toBe(false)
})
