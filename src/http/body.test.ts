import { expect, test } from 'vitest'
import { drain, filled, gatherer, type Pieces, sizeOf, textOf } from './body.ts'
import { isPacked } from './packed.ts'
import { bodyOf } from './read/fixtures/bodies.ts'
import { openBody } from './read/open.ts'

const records = Array.from({ length: 40_000 }, (_, id) => ({
  id,
  name: `Склад №${id % 97}`,
  note: 'x'.repeat(id % 200),
}))
const text = `{"rows":${JSON.stringify(records)}}`

async function gather(content: string): Promise<Pieces> {
  const { add, end } = gatherer()
  for (const piece of bodyOf(content, 60_000)) await add(piece)
  return end()
}

test('a large body is packed from half a megabyte on, and is as long as it was', async () => {
  const pieces = await gather(text)
  const packed = pieces.filter(isPacked)
  const inMemory = pieces.reduce((sum, piece) => sum + (isPacked(piece) ? piece.packed : piece).byteLength, 0)
  expect(packed.length).toBeGreaterThan(10)
  expect(inMemory).toBeLessThan(2 * 1024 * 1024)
  expect(sizeOf(pieces)).toBe(Buffer.byteLength(text))
  expect(textOf(pieces) === text).toBe(true)
})

test('a small body stays as it came', async () => {
  const pieces = await gather(JSON.stringify(records.slice(0, 1_000)))
  expect(pieces.filter(isPacked)).toEqual([])
})

test('whoever reads the response gets plain text; whoever drains it gets what it holds', async () => {
  const pieces = await gather(text)
  expect((await filled(pieces, { status: 200 }).text()) === text).toBe(true)
  const response = filled(pieces, { status: 200 })
  expect(await drain(response)).toBe(pieces)
  expect(response.bodyUsed).toBe(true)
})

test('a response that was read has nothing left to drain', async () => {
  const response = filled(await gather(text), { status: 200 })
  await response.text()
  await expect(drain(response)).rejects.toThrow(TypeError)
})

test('a response of others is drained piece by piece', async () => {
  expect(textOf(await drain(new Response('{"a":1}')))).toBe('{"a":1}')
  expect(await drain(new Response(null))).toEqual([])
})

test.each([
  ['JSON', text, { kind: 'json', records: '$.rows' } as const],
  ['CSV', `id,name\n${records.map(({ id, note }) => `${id},${note}`).join('\n')}`, { kind: 'csv' } as const],
])('the reader takes a packed body as it takes a plain one: %s', async (_, content, format) => {
  const read = async (pieces: Pieces) => {
    const opened = await openBody(pieces, format, { who: 'acme/main/orders' })
    return (await Array.fromAsync(opened.chunks())).flat()
  }
  const packed = await gather(content)
  expect(packed.some(isPacked)).toBe(true)
  expect(await read(packed)).toEqual(await read(bodyOf(content, 60_000)))
})
