import Big from 'big.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decimal, misfit } from './decimal.ts'

test.each([
  ['5E-8', '0.00000005'],
  ['5e-8', '0.00000005'],
  ['1.2E+3', '1200'],
  ['+5', '5'],
  ['-.5', '-0.5'],
  ['7.', '7'],
  ['007.50', '7.50'],
  [' 42.10 ', '42.10'],
  ['9007199254740993.00000001', '9007199254740993.00000001'],
  [0.1, '0.1'],
  [1e21, '1000000000000000000000'],
  [5e-8, '0.00000005'],
  [-0, '0'],
])('%j is read as %s', (value, text) => {
  const read = decimal(value)
  expect(new Big(read!).eq(new Big(text))).toBe(true)
  expect(read).toMatch(/^-?\d+(\.\d+)?$/)
})

test('a bigint is read digit for digit', () => {
  expect(decimal(12345678901234567890n)).toBe('12345678901234567890')
})

test.each([
  '',
  ' ',
  'abc',
  'NaN',
  'Infinity',
  '-Infinity',
  '1,5',
  '1 000',
  '0x10',
  '1e',
  'e5',
  '.',
  '-',
  '--1',
  '1.2.3',
  Number.NaN,
  Number.POSITIVE_INFINITY,
  null,
  undefined,
  true,
  [],
  {},
  new Date(0),
])('%j is no number, and never 0', value => {
  expect(decimal(value)).toBeUndefined()
})

const digits = (min: number, max: number) =>
  fc.array(fc.constantFrom(...'0123456789'), { minLength: min, maxLength: max }).map(each => each.join(''))

/** A number as vendors may write it, and its exact value. */
const written = fc
  .record({
    sign: fc.constantFrom('', '-', '+'),
    whole: digits(1, 25),
    fraction: fc.option(digits(1, 25), { nil: undefined }),
    exponent: fc.option(fc.integer({ min: -40, max: 40 }), { nil: undefined }),
    e: fc.constantFrom('e', 'E'),
  })
  .map(({ sign, whole, fraction, exponent, e }) => {
    const text = `${sign}${whole}${fraction === undefined ? '' : `.${fraction}`}`
    return exponent === undefined ? text : `${text}${e}${exponent}`
  })

/** The value of a number's text as a whole number of 10^-200, reckoned without any library. */
function exact(text: string): bigint {
  const [, sign, whole = '', fraction = '', exponent = '0'] = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text)!
  const units = BigInt(whole + fraction) * 10n ** BigInt(200 - fraction.length + Number(exponent))
  return sign === '-' ? -units : units
}

test('a decimal never differs from the exact value of what was written', () => {
  fc.assert(
    fc.property(written, text => {
      const read = decimal(text)!
      expect(read).toMatch(/^-?\d+(\.\d+)?$/)
      expect(exact(read)).toBe(exact(text))
    }),
    { numRuns: 2_000 },
  )
})

test('whatever text comes, it is read exactly or not at all', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[ 0-9eE+.,-]{0,8}$/)), text => {
      const read = decimal(text)
      if (read !== undefined) expect(exact(read)).toBe(exact(text.trim()))
    }),
    { numRuns: 5_000 },
  )
})

test.each([
  ['123456789012.12345678', undefined],
  ['123456789012.123456780000', undefined],
  ['000123456789012', undefined],
  ['-123456789012', undefined],
  ['0', undefined],
  ['1234567890123', 'has 13 digits before the point; the column holds 12'],
  ['0.123456789', 'has 9 decimals; the column holds 8 and would round it'],
  ['-0.000000001', 'has 9 decimals; the column holds 8 and would round it'],
])('a numeric(20,8) column says of %s: %s', (text, reason) => {
  expect(misfit(text, { precision: 20, scale: 8 })).toBe(reason)
})
