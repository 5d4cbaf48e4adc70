import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseExact } from './json.ts'

test('numbers of up to 15 digits are numbers, longer ones keep every digit as text', () => {
  const text = '{"id":9223372036854775807,"short":0.1,"price":0.12345678901234567,"zero":-0.0,"n":123456789012345}'
  expect(parseExact(text)).toEqual({
    id: '9223372036854775807',
    short: 0.1,
    price: '0.12345678901234567',
    zero: -0,
    n: 123456789012345,
  })
})

test('long digits inside strings stay what they are', () => {
  expect(parseExact('["12345678901234567890", "1e999", 5]')).toEqual(['12345678901234567890', '1e999', 5])
})

test.each(['1e400', '-1e400', '1e-400', '1.2345678e-320'])('%s is beyond a float and keeps its text', text => {
  expect(parseExact(text)).toBe(text)
})

test.each(['', '{"a":', '[1', 'NaN', '[12345678901234567890,]'])('%j is not JSON and throws', text => {
  expect(() => parseExact(text)).toThrow(SyntaxError)
})

test.each([
  '{12345678901234567890:1}',
  '{"a":1, 12345678901234567890\n: 2}',
  '["a"12345678901234567890]',
  '[12345678901234567890"a"]',
  '[12345678901234567890 12345678901234567890]',
  '[012345678901234567890]',
  '[12345678901234567890.]',
  '[--12345678901234567890]',
  '[true1e400]',
])('%s is no JSON, and its long number does not hide that', text => {
  expect(() => JSON.parse(text)).toThrow(SyntaxError)
  expect(() => parseExact(text)).toThrow(SyntaxError)
})

test('text that is made of pieces of JSON is read or refused as JSON.parse does', () => {
  const pieces = '[]{},:"\\ -+.01eE'
    .split('')
    .concat('12345678901234567', '1e400', '1e5', '"a"', '"a":', '{"a":', 'true')
  const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map(parts => parts.join(''))
  const doors = fc.constantFrom('%', '[%]', '{"k":%}')
  const isRead = (parse: (text: string) => unknown, text: string) => {
    try {
      parse(text)
      return true
    } catch (error) {
      expect(error).toBeInstanceOf(SyntaxError)
      return false
    }
  }
  let count = 0
  fc.assert(
    fc.property(soup, doors, (inner, door) => {
      const text = door.replace('%', () => inner)
      const expected = isRead(JSON.parse, text)
      expect(isRead(parseExact, text)).toBe(expected)
      if (expected) count++
    }),
    { numRuns: 5_000 },
  )
  expect(count).toBeGreaterThan(200)
})

const number = fc
  .record({
    sign: fc.constantFrom('', '-'),
    whole: fc.bigInt({ min: 0n, max: 10n ** 24n }).map(String),
    fraction: fc.option(fc.stringMatching(/^\d{1,24}$/), { nil: undefined }),
    exponent: fc.option(fc.integer({ min: -330, max: 330 }), { nil: undefined }),
  })
  .map(({ sign, whole, fraction, exponent }) => {
    const plain = `${sign}${whole}${fraction === undefined ? '' : `.${fraction}`}`
    return exponent === undefined ? plain : `${plain}e${exponent}`
  })

/** A number's text as sign, digits without trailing zeros, and the place of its point. */
function normal(text: string): string {
  const [, sign, whole = '', fraction = '', exponent = '0'] = /^(-?)(\d+)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text)!
  const digits = (whole + fraction).replace(/^0+/, '')
  const cut = digits.replace(/0+$/, '')
  if (cut === '') return '0'
  return `${sign}${cut}e${Number(exponent) - fraction.length + digits.length - cut.length}`
}

test('no number loses a digit, wherever it stands', () => {
  fc.assert(
    fc.property(number, fc.constantFrom('[%]', '{"a":[1,{"b":%}]}', '%'), (text, around) => {
      const found = [parseExact(around.replace('%', text))].flat(9).at(-1) as unknown
      const value = typeof found === 'object' ? (found as { a: [1, { b: unknown }] }).a[1].b : found
      expect(normal(String(value))).toBe(normal(text))
    }),
    { numRuns: 3_000 },
  )
})

test('without long numbers it reads what JSON.parse reads', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 3 }), text => {
      const restored = (value: unknown): unknown => {
        if (Array.isArray(value)) return value.map(restored)
        if (typeof value !== 'object' || value === null) return value
        return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, restored(inner)]))
      }
      const [plain, read] = [JSON.parse(text), parseExact(text)]
      if (!/\d(\.?\d){15}|e[+-]?\d{3}/i.test(text)) expect(read).toEqual(restored(plain))
    }),
  )
})
