import fc from 'fast-check'
import { expect, test } from 'vitest'
import { scanCsv } from './csv.ts'
import { bodyOf, readAll } from './fixtures/bodies.ts'

const csv = { kind: 'csv' } as const

test('a record is an object of texts by the names of the header', async () => {
  const text = '\uFEFFid, name ,price\r\n1,"Shirt ""M"", blue",0.10\r\n2,\'00123,\r\n3, spaced ,1e400\r\n'
  expect(await readAll(text, csv, { pieceSize: 3 })).toMatchObject({
    header: ['id', 'name', 'price'],
    count: 3,
    first: { id: '1', name: 'Shirt "M", blue', price: '0.10' },
    last: { id: '3', name: ' spaced ', price: '1e400' },
    records: [
      { id: '1', name: 'Shirt "M", blue', price: '0.10' },
      { id: '2', name: "'00123", price: '' },
      { id: '3', name: ' spaced ', price: '1e400' },
    ],
    envelope: undefined,
  })
})

const cell = fc.string({ unit: fc.constantFrom(...'a;,"\'\r\n жё0 \t|', '🧦'), maxLength: 6 })
const table = fc
  .integer({ min: 2, max: 5 })
  .chain(width => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }))
const style = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  quote: fc.constantFrom('"', "'"),
  end: fc.constantFrom('\r\n', '\n', '\r'),
  trailing: fc.boolean(),
  mark: fc.constantFrom('', '\uFEFF'),
  pieceSize: fc.integer({ min: 1, max: 30 }),
})

test('any table arrives as it was written, whatever the style and wherever the pieces end', async () => {
  await fc.assert(
    fc.asyncProperty(table, style, async (rows, { delimiter, quote, end, trailing, mark, pieceSize }) => {
      const header = rows[0]!.map((_, index) => `column ${index}`)
      const quoted = (value: string) => quote + value.replaceAll(quote, quote + quote) + quote
      const lines = [header, ...rows].map(row => row.map(quoted).join(delimiter))
      const text = mark + lines.join(end) + (trailing ? end : '')
      const { records } = await readAll(text, { kind: 'csv', delimiter, quote }, { pieceSize, size: 3 })
      expect(records).toEqual(rows.map(row => Object.fromEntries(row.map((value, index) => [header[index], value]))))
    }),
    { numRuns: 500 },
  )
})

test('without a quote, quotes are characters as others are', async () => {
  const { records } = await readAll('a;b\n"x;5" pipe\n', { kind: 'csv', delimiter: ';', quote: '' })
  expect(records).toEqual([{ a: '"x', b: '5" pipe' }])
})

test('windows-1251 is read when it is declared, and not taken for UTF-8 when it is not', async () => {
  const bytes = Uint8Array.from([0xcf, 0xee, 0xeb, 0x3b, 0x61, 0x0a, 0xb8, 0x3b, 0x31])
  const format = { kind: 'csv', delimiter: ';' } as const
  expect((await readAll(bytes, { ...format, encoding: 'windows-1251' })).records).toEqual([{ Пол: 'ё', a: '1' }])
  await expect(readAll(bytes, format)).rejects.toMatchObject({
    code: 'bad-csv',
    message: expect.stringContaining('are no utf-8: declare its encoding'),
  })
  await expect(readAll(new TextEncoder().encode('a,b\n1,ж').slice(0, -1), csv)).rejects.toMatchObject({
    code: 'bad-csv',
  })
})

test('blank lines mean nothing, but in a table of one column, where they are empty values', async () => {
  expect((await readAll('a,b\n1,2\n\n3,4\n\n\n', csv)).records).toEqual([
    { a: '1', b: '2' },
    { a: '3', b: '4' },
  ])
  expect((await readAll('a\n1\n\n3\n', csv)).records).toEqual([{ a: '1' }, { a: '' }, { a: '3' }])
})

test('a header alone is a table without records', async () => {
  expect(await readAll('a,b\r\n', csv)).toMatchObject({ header: ['a', 'b'], count: 0, read: [], first: undefined })
})

test('a column may have any name', async () => {
  const { records } = await readAll('__proto__,\n1,2\n', csv)
  expect(Object.entries(records[0] as object)).toEqual([
    ['__proto__', '1'],
    ['', '2'],
  ])
})

test('records of many chunks arrive in their order', async () => {
  const rows = Array.from({ length: 25_000 }, (_, id) => `${id},"${'x'.repeat(id % 40)}"`)
  const { records, read, count } = await readAll(`id,text\n${rows.join('\n')}`, csv, { pieceSize: 65_536 })
  expect([count, read.length]).toEqual([25_000, 25])
  expect(records.map(record => Number((record as { id: string }).id))).toEqual(rows.map((_, id) => id))
})

test('memory is given up while the table is read, and all of it when nobody wants the rest', async () => {
  const pieces = bodyOf(`a,b\n${'1,some text\n'.repeat(50_000)}`, 65_536)
  const shelf = await scanCsv(pieces, csv)
  expect(pieces.every(({ buffer }) => (buffer as ArrayBuffer).detached)).toBe(true)
  const text = shelf.more()!
  expect(JSON.parse(Buffer.from(text).toString())[0]).toEqual(['1', 'some text'])
  shelf.free()
  expect(shelf.more()).toBeUndefined()
})

test.each([
  ['more values than columns', 'a,b\n1,"x\r\ny"\n1,2,3\n', 'line 4 has 3 values, and the header names 2 columns'],
  ['fewer values than columns', 'a,b\n1,2\n\ns3cret\n', 'line 4 has 1 values, and the header names 2 columns'],
  ['a quote that is not closed', 'a,b\n1,2\n3,"s3cret\n5,6\n', 'begins at line 3, a quote is not closed'],
  ['a quote within a value', 'a,b\n1,s3"cret\n', 'begins at line 2, a quote stands inside a value'],
  ['something after a quote', 'a,b\n1,"s3"cret\n', 'begins at line 2, something stands between a closing quote'],
  ['two columns of one name', 'a,b, a\n1,2,3', 'line 1 gives columns 1 and 3 the same name'],
  ['no names', '\n1\n', 'line 1 names no column'],
  ['nothing at all', '', 'it has no first line'],
])('%s is refused with its place, and nothing of the body is told', async (_, text, why) => {
  const error = await readAll(text, csv, { pieceSize: 4 }).catch(error => error)
  expect(error).toMatchObject({ name: 'BadPage', code: 'bad-csv' })
  expect(error.message).toContain(`acme/main/orders: the answer is no CSV as declared: `)
  expect(error.message).toContain(why)
  expect(error.message).not.toContain('s3')
})

test.each([
  ['a quote that swallows the rest of a large table', `a,b\n1,"x\n${'1,some more text\n'.repeat(300_000)}`],
  ['a record of millions of values', `a,b\n${','.repeat(5_000_000)}`],
])('%s is refused before it takes much memory', async (_, text) => {
  await expect(readAll(text, csv, { pieceSize: 65_536 })).rejects.toMatchObject({
    code: 'bad-csv',
    message: expect.stringContaining('the record that begins at line 2 is larger than the 1048576 bytes we take'),
  })
})
