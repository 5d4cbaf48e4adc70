import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { count, instant, list, readInstant, seconds } from './option.ts'

const symbols = list(z.string().min(1))

test.each([
  ['BTCUSDT,ETHUSDT', ['BTCUSDT', 'ETHUSDT']],
  ["['BTCUSDT','ETHUSDT']", ['BTCUSDT', 'ETHUSDT']],
  ['["BTCUSDT", "ETHUSDT"]', ['BTCUSDT', 'ETHUSDT']],
  [' BTCUSDT , ETHUSDT, ', ['BTCUSDT', 'ETHUSDT']],
  ['[BTCUSDT]', ['BTCUSDT']],
  ['BTCUSDT,BTCUSDT', ['BTCUSDT']],
  [
    ['BTCUSDT', 'BTCUSDT', 'ETHUSDT'],
    ['BTCUSDT', 'ETHUSDT'],
  ],
])('%j is a list', (given, read) => {
  expect(symbols.parse(given)).toEqual(read)
})

test.each(['', '[]', ',', [], 5])('%j is no list of anything', given => {
  expect(symbols.safeParse(given).success).toBe(false)
})

test('both styles of a list mean the same', () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[A-Z0-9币]{1,8}$/), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(names, given => {
      expect(symbols.parse(given.join(','))).toEqual(given)
      expect(symbols.parse(`[${given.map(name => `'${name}'`).join(', ')}]`)).toEqual(given)
    }),
  )
})

test.each([
  ['2025-01-01', '2025-01-01T00:00:00.000Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ['2025-01-01T12:30', '2025-01-01T12:30:00.000Z'],
  ['2025-01-01 12:30:15', '2025-01-01T12:30:15.000Z'],
  ['2025-01-01T12:30:15.5', '2025-01-01T12:30:15.500Z'],
  ['2025-01-01T12:30:15Z', '2025-01-01T12:30:15.000Z'],
  ['2025-01-01T00:30:00+03:00', '2024-12-31T21:30:00.000Z'],
  ['2025-01-01 00:30:00+0300', '2024-12-31T21:30:00.000Z'],
  [' 2025-01-01 ', '2025-01-01T00:00:00.000Z'],
])('%j is the instant %s, whatever the zone of this machine', (text, iso) => {
  expect(readInstant(text)?.toISOString()).toBe(iso)
  expect(instant().parse(text).toISOString()).toBe(iso)
})

test.each([
  '2025-02-30',
  '2025-02-29',
  '2025-04-31T10:00:00+02:00',
  '2025-13-01',
  '2025-00-10',
  '2025-01-00',
  '2025-1-1',
  '01.01.2025',
  '20250101',
  '1735689600000',
  'yesterday',
  '',
])('%j is no date', text => {
  expect(readInstant(text)).toBeUndefined()
  expect(instant().safeParse(text).error?.issues[0]?.message).toBe(
    'is not a date; write 2025-01-01 or 2025-01-01T12:00:00Z',
  )
})

test('a date that is one already is taken as it is, a broken one is not', () => {
  expect(instant().parse(new Date(5))).toEqual(new Date(5))
  expect(instant().safeParse(new Date(Number.NaN)).success).toBe(false)
})

test.each([
  ['5', 5],
  [7, 7],
])('%j is a count', (given, read) => expect(count(1, 10).parse(given)).toBe(read))

test.each(['', ' ', 'abc', '1.5', '0', '11', null, undefined, true])('%j is no count of 1 to 10', given => {
  expect(count(1, 10).safeParse(given).success).toBe(false)
})

test('seconds may have fractions, and bounds', () => {
  expect(seconds(10).parse('0.5')).toBe(0.5)
  for (const wrong of ['-1', '11', 'soon', '']) expect(seconds(10).safeParse(wrong).success).toBe(false)
})
