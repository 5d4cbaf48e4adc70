import fc from 'fast-check'
import { expect, test } from 'vitest'
import { setupFileDatabase } from '../../test/setup/database.ts'
import { encoderOf, Misfit } from './column.ts'

const { store } = await setupFileDatabase({ empty: true })

const reasonOf = (type: string, value: unknown) => {
  const encoded = encoderOf(type)!(value)
  return encoded instanceof Misfit ? encoded.reason : `stored as ${encoded}`
}

test.each([
  ['numeric(20,8)', '5E-8', 'stored as 0.00000005'],
  ['numeric(20,8)', '0.123456789', 'has 9 decimals; the column holds 8 and would round it'],
  ['numeric(20,8)', '1234567890123', 'has 13 digits before the point; the column holds 12'],
  ['numeric(20,8)', '1.100000000000', 'stored as 1.100000000000'],
  ['numeric(20,8)', 'abc', 'is not a number'],
  ['numeric(20,8)', '', 'is not a number'],
  ['numeric(20,8)', Number.NaN, 'is not a number'],
  ['numeric(20,8)', 'NaN', 'is not a number'],
  ['numeric(5,0)', '1.5', 'has 1 decimals; the column holds 0 and would round it'],
  ['integer', 2_147_483_648, 'is not a whole number between -2147483648 and 2147483647'],
  ['integer', 1.5, 'is not a whole number between -2147483648 and 2147483647'],
  ['integer', '', 'is not a whole number between -2147483648 and 2147483647'],
  ['integer', Number.NaN, 'is not a whole number between -2147483648 and 2147483647'],
  ['bigint', '9223372036854775807', 'stored as 9223372036854775807'],
  ['bigint', '9223372036854775808', 'is not a whole number between -9223372036854775808 and 9223372036854775807'],
  ['bigint', 2 ** 53, 'is not a whole number between -9223372036854775808 and 9223372036854775807'],
  ['text', 'a\u0000b', 'holds a NUL or half a character'],
  ['text', 'a\ud83d', 'holds a NUL or half a character'],
  ['text', 'a\\u0000b', 'stored as a\\u0000b'],
  ['text', 5, 'is not a text'],
  ['jsonb', { a: '\u0000' }, 'holds a NUL or half a character'],
  ['jsonb', { a: '\ud83d' }, 'holds a NUL or half a character'],
  ['jsonb', { a: '\\u0000' }, 'stored as {"a":"\\\\u0000"}'],
  ['boolean', 'true', 'is neither true nor false'],
  ['timestamp with time zone', new Date(Number.NaN), 'is not an instant'],
  ['timestamp with time zone', 5, 'is not an instant'],
  ['timestamp with time zone', new Date(8e15), 'lies outside of the years 1 to 9999'],
])('%s: %j %s', (type, value, told) => expect(reasonOf(type, value)).toBe(told))

test('a type that Sluice does not write has no encoder', () => {
  expect(encoderOf('money')).toBeUndefined()
})

const values = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('\\', 'u', '0', '\u0000', 'd', '8', '"', '\n', '\t', '\ud83d', 'é') }),
  fc.stringMatching(/^[-+]?\d{0,25}(\.\d{0,12})?(e[+-]?\d{1,2})?$/),
  fc.double(),
  fc.integer(),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
  fc.boolean(),
  fc.date(),
  fc.json().map(text => JSON.parse(text)),
)

test.each([
  'smallint',
  'integer',
  'bigint',
  'numeric(20,8)',
  'numeric(5,0)',
  'numeric',
  'text',
  'boolean',
  'jsonb',
  'timestamp with time zone',
])('whatever a %s column is given, PostgreSQL takes all that is not refused', async type => {
  const taken = fc
    .sample(values, 3_000)
    .filter(value => type !== 'jsonb' || typeof value !== 'bigint')
    .map(value => encoderOf(type)!(value ?? ''))
    .filter(encoded => typeof encoded === 'string')
  expect(taken.length).toBeGreaterThan(0)
  const rows = await store.query<{ same: boolean }>(
    `select bool_and(given::${type} is not null) as same from unnest($1::text[]) as given`,
    [taken],
  )
  expect(rows).toEqual([{ same: true }])
})

test('a numeric column holds exactly what was given, never a rounded value', async () => {
  const taken = fc
    .sample(values, 3_000)
    .map(value => encoderOf('numeric(20,8)')!(value))
    .filter(encoded => typeof encoded === 'string')
  const rows = await store.query(
    'select given from unnest($1::text[]) as given where given::numeric(20,8) <> given::numeric',
    [taken],
  )
  expect(rows).toEqual([])
})

test.each([
  ['2026-02-28', true],
  ['0001-01-01', true],
  ['2026-02-29', false],
  ['2026-2-8', false],
  ['0000-01-01', false],
  ['2026-03-01T00:00:00Z', false],
  [20260301, false],
])('a date column takes %s: %s', (value, isTaken) => {
  expect(typeof encoderOf('date')!(value) === 'string').toBe(isTaken)
})
