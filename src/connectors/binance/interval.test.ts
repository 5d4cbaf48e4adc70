import fc from 'fast-check'
import { expect, test } from 'vitest'
import { intervals, length, openOf } from './interval.ts'

const iso = (interval: (typeof intervals)[number], moment: string) =>
  new Date(openOf(interval, Date.parse(moment))).toISOString()

test.each([
  ['1s', '2026-03-04T12:34:56.789Z', '2026-03-04T12:34:56.000Z'],
  ['1m', '2026-03-04T12:34:56.789Z', '2026-03-04T12:34:00.000Z'],
  ['15m', '2026-03-04T12:34:56Z', '2026-03-04T12:30:00.000Z'],
  ['4h', '2026-03-04T13:34:56Z', '2026-03-04T12:00:00.000Z'],
  ['1d', '2026-03-04T12:34:56Z', '2026-03-04T00:00:00.000Z'],
  ['1w', '2026-03-04T12:34:56Z', '2026-03-02T00:00:00.000Z'],
  ['1w', '2026-03-02T00:00:00Z', '2026-03-02T00:00:00.000Z'],
  ['1w', '2026-03-01T23:59:59.999Z', '2026-02-23T00:00:00.000Z'],
  ['1M', '2026-03-31T23:59:59.999Z', '2026-03-01T00:00:00.000Z'],
  ['1M', '2024-02-29T12:00:00Z', '2024-02-01T00:00:00.000Z'],
] as const)('the %s candle of %s opens at %s', (interval, moment, open) => {
  expect(iso(interval, moment)).toBe(open)
})

test('1m is a minute and 1M a month', () => {
  expect(length('1m')).toBe(60_000)
  expect(length('1M')).toBe(2_592_000_000)
})

test('weeks begin on Mondays and months on the first, always at midnight UTC', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('2017-01-01'), max: new Date('2035-01-01'), noInvalidDate: true }), moment => {
      const week = new Date(openOf('1w', moment.getTime()))
      const month = new Date(openOf('1M', moment.getTime()))
      expect([week.getUTCDay(), week.getTime() % 86_400_000]).toEqual([1, 0])
      expect([month.getUTCDate(), month.getUTCMonth()]).toEqual([1, moment.getUTCMonth()])
    }),
  )
})

test('a moment lies in its candle, and the candle of an open time is itself', () => {
  const moment = fc.integer({ min: Date.UTC(2017, 0, 1), max: Date.UTC(2035, 0, 1) })
  fc.assert(
    fc.property(fc.constantFrom(...intervals), moment, (interval, at) => {
      const open = openOf(interval, at)
      expect(open).toBeLessThanOrEqual(at)
      expect(at - open).toBeLessThan(interval === '1M' ? 31 * 86_400_000 : length(interval))
      expect(openOf(interval, open)).toBe(open)
    }),
  )
})
