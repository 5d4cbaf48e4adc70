import { expect, it, test } from 'vitest'
import { z } from 'zod'
import { daily, duration } from './settings.ts'

test.each([{ daily_at: '3:00' }, { daily_at: '24:00' }, { zone: 'Moscow' }, { zone: '' }])('%j is refused', given => {
  expect(z.strictObject(daily).safeParse(given).success).toBe(false)
})

it('a length of time has a unit and an end', () => {
  const schema = duration('7d')
  expect(['2h', '0s', '7d', '90m'].every(text => schema.safeParse(text).success)).toBe(true)
  expect(['2', '8d', '-1h', 'h', '1.5h'].some(text => schema.safeParse(text).success)).toBe(false)
})
