import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BadPage } from '../../core/failure.ts'
import { parseExact } from '../../core/json.ts'
import { textOf } from '../body.ts'
import { bodyOf, readAll } from './fixtures/bodies.ts'
import { scanJson } from './json.ts'

const format = { kind: 'json', records: '$.data.items' } as const

/** What is found at `$.data.items` when the whole is parsed at once, and the rest with an empty list in its place. */
function truthOf(text: string) {
  const envelope = parseExact(text) as { data?: { items?: unknown } } | null
  const records = envelope?.data?.items
  if (!Array.isArray(records) || Array.isArray(envelope?.data)) return undefined
  envelope!.data!.items = []
  return { envelope, records, count: records.length, first: records[0], last: records.at(-1) }
}

/** Reads a body in both ways: with the reader, and at once. */
async function both(bytes: Uint8Array, { size = 3, pieceSize = 7 } = {}) {
  const [result, truth] = await Promise.all([
    readAll(bytes, format, { size, pieceSize }).catch(error => error as Error),
    Promise.resolve(textOf([bytes]))
      .then(truthOf)
      .catch(() => undefined),
  ])
  return { result, truth }
}

/** JSON as anybody might write it: with spaces, escapes, long numbers and keys in any order. */
const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/)
const number = fc.stringMatching(/^-?(0|[1-9]\d{0,20})(\.\d{1,20})?([eE][+-]?\d{1,3})?$/)
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }).map(value => JSON.stringify(value)),
  fc.stringMatching(/^"(\\["\\/bfnrt]|\\u[0-9a-fA-F]{4}|[ !#-[\]-~а-я]){0,6}"$/),
)
const { value } = fc.letrec<{ value: string }>(tie => {
  const inner = fc.tuple(space, tie('value'), space).map(parts => parts.join(''))
  return {
    value: fc.oneof(
      { depthSize: 'small' },
      fc.oneof(number, text, fc.constantFrom('true', 'false', 'null', '{}', '[]', '[ ]')),
      fc.array(inner, { maxLength: 4 }).map(values => `[${values.join()}]`),
      fc.array(fc.tuple(text, inner), { maxLength: 4 }).map(pairs => `{${pairs.map(pair => pair.join(':')).join()}}`),
    ),
  }
})
const body = fc
  .record({ records: fc.array(fc.tuple(space, value, space), { maxLength: 9 }), around: fc.tuple(value, value, space) })
  .map(({ records, around: [before, after, gap] }) => {
    const list = `${gap}[${records.map(parts => parts.join('')).join()}${gap}]`
    return `${gap}{"before":${before},"data":{"a":${after},"items":${list}${gap}}${gap},"items":${before}}${gap}`
  })

test('any list of records arrives as it would be parsed at once, in chunks of the size that was asked for', async () => {
  const sizes = fc.integer({ min: 1, max: 40 })
  await fc.assert(
    fc.asyncProperty(body, sizes, fc.integer({ min: 1, max: 4 }), async (text, pieceSize, size) => {
      const { records, read, ...opened } = await readAll(text, format, { size, pieceSize })
      const truth = truthOf(text)!
      expect({ ...opened, records }).toMatchObject(truth)
      expect(records).toEqual(truth.records)
      expect(opened.envelope).toEqual(truth.envelope)
      expect(read.map(chunk => chunk.length)).toEqual(sizesOf(truth.count, size))
    }),
    { numRuns: 500 },
  )
})

function sizesOf(count: number, size: number): number[] {
  return Array.from({ length: Math.ceil(count / size) }, (_, index) => Math.min(size, count - index * size))
}

test('a body that is cut at any byte gives no record', async () => {
  const text =
    '\uFEFF{"a":[1,{}],"data":{"x":"\\u00e9\\"","items":[{"id":12345678901234567890},[2e5],"ж",true,null]},"z":-0.5}'
  const bytes = new TextEncoder().encode(text)
  expect((await both(bytes)).result).toMatchObject({ count: 5 })
  for (let end = 0; end < bytes.length; end++) {
    expect((await both(bytes.slice(0, end))).result, `cut after ${end}`).toMatchObject({
      name: 'BadPage',
      code: 'bad-json',
    })
  }
})

test('a body with broken bytes gives what it would at once, or nothing', async () => {
  const flip = fc.tuple(
    fc.nat(),
    fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(...Buffer.from('[]{},:"\\0e-'))),
  )
  const outcomes = new Set<string>()
  await fc.assert(
    fc.asyncProperty(body, fc.array(flip, { minLength: 1, maxLength: 3 }), async (text, flips) => {
      const bytes = new TextEncoder().encode(text)
      for (const [at, byte] of flips) bytes[at % bytes.length] = byte
      const { result, truth } = await both(bytes)
      if (!truth || result instanceof Error) expect(result).toBeInstanceOf(BadPage)
      else expect(result).toMatchObject(truth)
      outcomes.add(result instanceof Error ? 'refused' : 'equal')
    }),
    { numRuns: 3_000 },
  )
  expect(outcomes.size).toBe(2)
})

test('exactly what JSON.parse takes is taken', async () => {
  const token = fc.constantFrom(
    ...'[]{},:"\\ -+.0123eEtfn/u\t\u0001ж',
    'true',
    'false',
    'null',
    '"a"',
    '"a":',
    '{"a":',
    '\uFEFF',
  )
  const soup = fc.oneof(
    fc.array(token, { maxLength: 8 }).map(tokens => tokens.join('')),
    number,
    text,
    value,
  )
  let taken = 0
  await fc.assert(
    fc.asyncProperty(soup, async text => {
      const bytes = new TextEncoder().encode(text)
      const result = await readAll(bytes, { kind: 'json' }).catch(error => error)
      try {
        expect(result.envelope).toEqual(parseExact(textOf([bytes])))
        taken++
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error
        expect(result).toMatchObject({ name: 'BadPage', code: 'bad-json' })
      }
    }),
    { numRuns: 5_000 },
  )
  expect(taken).toBeGreaterThan(1_000)
})

test('the answer itself can be the list', async () => {
  expect(await readAll(' [1, {"a":2} ] ', { kind: 'json', records: '$' })).toMatchObject({
    records: [1, { a: 2 }],
    envelope: [],
    count: 2,
    first: 1,
    last: { a: 2 },
  })
})

test('a list without records is no chunk, and has no first and no last', async () => {
  const opened = await readAll('{"data":{"items":[ ],"total":0}}', format)
  expect(opened).toMatchObject({ read: [], count: 0, envelope: { data: { items: [], total: 0 } } })
  expect([opened.first, opened.last]).toEqual([undefined, undefined])
})

test('a key on the path is known however it is written, and elsewhere means nothing', async () => {
  const text = '{"items":[0],"x":{"data":{"items":[1]}},"d\\u0061ta":{"y":[{"items":[2]}],"items":[{"items":[3]}]}}'
  expect((await readAll(text, format)).records).toEqual([{ items: [3] }])
})

test.each([
  ['the list is absent', '{"data":{"rows":[]}}'],
  ['the object around it is absent', '{"items":[]}'],
  ['null is in its place', '{"data":{"items":null}}'],
  ['an object is in its place', '{"data":{"items":{"0":1}}}'],
  ['a list is on the way to it', '{"data":[{"items":[]}]}'],
  ['a text is on the way to it', '{"data":"items","z":1}'],
  ['the answer is a list', '[]'],
  ['the answer is a number', '5'],
])('the path is named when %s', async (_, text) => {
  await expect(readAll(text, format)).rejects.toMatchObject({
    code: 'bad-page',
    message: 'acme/main/orders: the answer has no list at $.data.items',
  })
})

test.each([
  '{"data":{"items":[1],"items":[2]}}',
  '{"data":{"items":[1]},"data":{"items":[2]}}',
  '{"data":{},"data":{"items":[]}}',
])('of two lists at the path none is believed: %s', async text => {
  await expect(readAll(text, format)).rejects.toMatchObject({ name: 'BadPage', code: 'bad-page' })
})

test('the message tells the place and nothing of what stands there', async () => {
  await expect(readAll('{"data":{"items":[{"phone":"+79991234567" "s3cret"}]}}', format)).rejects.toThrow(
    /^acme\/main\/orders: the answer is no JSON: it goes wrong after 42 bytes$/,
  )
  await expect(readAll('{"data":{"items":[{"phone":"+7999', format)).rejects.toThrow(
    /^acme\/main\/orders: the answer is not complete JSON: it ends after 33 bytes$/,
  )
})

test('what is nested deeper than anything we know of is refused', async () => {
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
  expect((await readAll(nested(1_000), { kind: 'json', records: '$' })).count).toBe(1)
  await expect(readAll(nested(1_001), { kind: 'json', records: '$' })).rejects.toMatchObject({ code: 'bad-page' })
})

test.each([
  [
    'what stands beside the list',
    { data: { items: [] }, more: 'x'.repeat(4_200_000) },
    'beside its list at $.data.items',
  ],
  ['a record', { data: { items: [1, 'x'.repeat(4_200_000)] } }, 'record 2 at $.data.items is larger than'],
  ['a key on the path', { data: { ['x'.repeat(70_000)]: 1, items: [] } }, 'a key of more than 65536 bytes'],
])('%s may not be larger than what is parsed in one go', async (_, answer, why) => {
  await expect(readAll(JSON.stringify(answer), format, { pieceSize: 65_536 })).rejects.toMatchObject({
    code: 'bad-page',
    message: expect.stringContaining(why),
  })
})

test('a chunk of large records ends before it has all it may have', async () => {
  const records = Array.from({ length: 50 }, (_, id) => ({ id, text: 'x'.repeat(50_000) }))
  const opened = await readAll(JSON.stringify(records), { kind: 'json', records: '$' }, { pieceSize: 65_536 })
  expect(opened.read.map(chunk => chunk.length)).toEqual([21, 21, 8])
  expect(opened.records).toEqual(records)
})

test('the thread hands out some hundred thousand bytes at a time, however small the records', async () => {
  const shelf = await scanJson(bodyOf(`[0${',0'.repeat(300_000)}]`, 65_536), '$')
  const texts: Uint8Array[] = []
  for (let text = shelf.more(); text; text = shelf.more()) texts.push(text)
  expect(texts.map(text => text.length)).toEqual([131_075, 131_075, 131_075, 131_075, 75_707])
  expect(texts.flatMap(text => JSON.parse(Buffer.from(text).toString()))).toHaveLength(300_001)
})

test('memory is given up as records are taken, and all of it when nobody wants the rest', async () => {
  const pieces = bodyOf(`[0${',0'.repeat(300_000)}]`, 65_536)
  const shelf = await scanJson(pieces, '$')
  const left = () => pieces.filter(({ buffer }) => !(buffer as ArrayBuffer).detached).length
  expect(left()).toBe(10)
  shelf.more()
  expect(left()).toBe(8)
  shelf.free()
  expect(left()).toBe(0)
})

test('a large body is held packed, and its records are those that were sent', async () => {
  const records = Array.from({ length: 60_000 }, (_, at) => ({
    id: at,
    name: `Склад №${at % 97}`,
    note: 'x'.repeat(at % 200),
  }))
  const pieces = bodyOf(`{"data":{"total":60000,"items":${JSON.stringify(records)}},"end":true}`, 65_536)
  const shelf = await scanJson(pieces, '$.data.items')
  const kept = pieces.filter(({ buffer }) => !(buffer as ArrayBuffer).detached)
  expect(pieces.length).toBeGreaterThan(128)
  expect(kept.length).toBeLessThan(65)
  const read: unknown[] = []
  for (let text = shelf.more(); text; text = shelf.more()) read.push(...JSON.parse(Buffer.from(text).toString()))
  expect(read).toEqual(records)
  expect(JSON.parse(Buffer.from(shelf.digest.envelope!).toString())).toEqual({
    data: { total: 60000, items: [] },
    end: true,
  })
})
