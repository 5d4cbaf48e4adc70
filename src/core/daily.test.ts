import { expect, test } from 'vitest'
import { sixHourly } from './daily.ts'
import { scheduleText } from './schedule.ts'

test.each([
  ['03:00', 'UTC', ['daily 03:00 UTC', 'cron 0 9,15,21 * * * UTC']],
  ['23:30', 'Europe/Moscow', ['daily 23:30 Europe/Moscow', 'cron 30 5,11,17 * * * Europe/Moscow']],
])('stock is collected by %s in %s, and six, twelve and eighteen hours later', (daily_at, zone, texts) => {
  expect(sixHourly({ daily_at, zone }).map(scheduleText)).toEqual(texts)
})
