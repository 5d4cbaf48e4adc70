import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pack, unpack } from './pack.ts'
import type { Encoded, Table } from './table.ts'

const table = {
  columns: ['bigint', 'text', 'jsonb'].map(type => ({ name: type, type, nullable: true, encode: String })),
  ...{ name: 'public.orders', key: ['bigint'], newer: [], flags: {}, own: new Set(), isSerial: false },
} satisfies Table

const field = fc.option(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('\\', '\t', '\n', '\r', 'N', 'n') })))
const row = fc.tuple(fc.option(fc.bigInt().map(String)), field, field)

test('rows come out as they went in, whatever their texts hold', () => {
  fc.assert(fc.property(fc.array(row), rows => void expect(unpack(pack(table, rows))).toEqual(rows)))
})

test('a row is one line, NULL is told from the text that looks like it', () => {
  const rows: Encoded[] = [
    ['1', '\\N', '{"a":"tab\\t"}'],
    [null, null, null],
  ]
  const { count, text } = pack(table, rows)
  expect(count).toBe(2)
  expect(text.toString()).toBe('1\t\\\\N\t{"a":"tab\\\\t"}\n\\N\t\\N\t\\N\n')
})

test('no rows are no text', () => {
  expect(pack(table, [])).toEqual({ count: 0, text: Buffer.alloc(0) })
  expect(unpack(pack(table, []))).toEqual([])
})
