import fc from 'fast-check'
import { expect, test } from 'vitest'
import { partKey, partText } from './part.ts'

const part = fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), fc.string({ maxLength: 5 }), { maxKeys: 4 })

test('a part has one key, whatever the order of its fields', () => {
  expect(partKey({ symbol: 'BTCUSDT', interval: '1m' })).toBe(partKey({ interval: '1m', symbol: 'BTCUSDT' }))
  fc.assert(
    fc.property(part, given => {
      expect(partKey(Object.fromEntries(Object.entries(given).toReversed()))).toBe(partKey(given))
    }),
  )
})

test('different parts have different keys', () => {
  fc.assert(
    fc.property(part, part, (one, other) => {
      const same = partKey(one) === partKey(other)
      const sorted = (each: object) => Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1))
      expect(same).toBe(JSON.stringify(sorted(one)) === JSON.stringify(sorted(other)))
    }),
  )
})

test('people read a part as its values', () => {
  expect(partText({ symbol: 'BTCUSDT', interval: '1m' })).toBe('BTCUSDT/1m')
})
