import { expect, test } from 'vitest'
import { BadPage } from '../../core/failure.ts'
import { bodyOf, readAll } from './fixtures/bodies.ts'
import { openBody } from './open.ts'
import { reader } from './thread.ts'

const format = { kind: 'json', records: '$' } as const
const who = 'acme/main/orders'

/** A list of records that say whose they are. */
function listOf(owner: number, count: number): string {
  return JSON.stringify(Array.from({ length: count }, (_, id) => ({ owner, id, text: 'ж'.repeat(id % 50) })))
}

test('a body that breaks in its last record gives none of those before it', async () => {
  const list = listOf(1, 20_000)
  await expect(openBody(bodyOf(`${list.slice(0, -2)}x}]`, 65_536), format, { who })).rejects.toMatchObject({
    name: 'BadPage',
    code: 'bad-json',
  })
})

test('bodies that are read at the same time do not mix', async () => {
  const owners = Array.from({ length: 12 }, (_, owner) => owner)
  const bodies = await Promise.all(
    owners.map(owner => openBody(bodyOf(listOf(owner, 3_000 + owner), 1_000), format, { size: 100, who })),
  )
  const read = await Promise.all(bodies.map(body => Array.fromAsync(body.chunks())))
  for (const [owner, chunks] of read.entries()) {
    const records = chunks.flat() as { owner: number; id: number }[]
    expect(records.map(({ id }) => id)).toEqual(Array.from({ length: 3_000 + owner }, (_, id) => id))
    expect(new Set(records.map(record => record.owner))).toEqual(new Set([owner]))
    expect(bodies[owner]).toMatchObject({
      count: 3_000 + owner,
      first: { owner, id: 0 },
      last: { owner, id: 2_999 + owner },
    })
  }
})

test('a broken body does no harm to others', async () => {
  const [good, bad, late] = await Promise.allSettled([
    readAll(listOf(1, 500), format),
    readAll('[1,2', format),
    readAll('a,b\n1', { kind: 'csv' }),
  ])
  expect(good).toMatchObject({ status: 'fulfilled', value: { count: 500 } })
  expect(bad).toMatchObject({ reason: { code: 'bad-json' } })
  expect(late).toMatchObject({ reason: { code: 'bad-csv' } })
})

test('the memory of a body changes hands, and memory that others share does not', async () => {
  const own = new TextEncoder().encode('[1,')
  const neighbours = new TextEncoder().encode('22                                    3')
  const pooled = Buffer.from(']')
  const pieces = [own, neighbours.subarray(0, 2), pooled]
  const opened = await openBody(pieces, format, { who })
  expect([opened.count, own.byteLength]).toEqual([2, 0])
  expect([neighbours.byteLength, pooled.toString()]).toEqual([39, ']'])
})

test('pieces may be windows into the same memory', async () => {
  const bytes = new TextEncoder().encode(listOf(1, 200))
  const pieces = Array.from({ length: 60 }, (_, at) => bytes.subarray(at * 500, (at + 1) * 500))
  const opened = await openBody(pieces, format, { size: 7, who })
  const records = (await Array.fromAsync(opened.chunks())).flat()
  expect(records).toEqual(JSON.parse(listOf(1, 200)))
})

test('others have their turn many times while a chunk is made', async () => {
  const opened = await openBody(bodyOf(listOf(1, 10_000), 65_536), format, { size: 10_000, who })
  let turns = 0
  const count = () => {
    turns++
    turn = setImmediate(count)
  }
  let turn = setImmediate(count)
  const [chunk] = await Array.fromAsync(opened.chunks())
  clearImmediate(turn)
  expect(chunk).toHaveLength(10_000)
  expect(turns).toBeGreaterThanOrEqual(Math.floor(Buffer.byteLength(listOf(1, 10_000)) / 135_000))
})

test('leaving the loop closes the body: nothing more comes of it', async () => {
  const opened = await openBody(bodyOf(listOf(1, 50)), format, { size: 10, who })
  for await (const chunk of opened.chunks()) {
    expect(chunk).toHaveLength(10)
    break
  }
  opened.close()
  await expect(Array.fromAsync(opened.chunks())).rejects.toThrow('the chunks of a body can be had once')
})

test('a body that somebody else closes does not look as if it had ended', async () => {
  const opened = await openBody(bodyOf(listOf(1, 20_000), 65_536), format, { size: 10, who })
  const reading = (async () => {
    for await (const chunk of opened.chunks()) if ((chunk[0] as { id: number }).id === 100) opened.close()
  })()
  await expect(reading).rejects.toThrow('acme/main/orders: the body was closed before its end')
})

test('a path that is none is our own fault and says so', async () => {
  await expect(readAll('[]', { kind: 'json', records: 'data.items' })).rejects.toThrow(
    /acme\/main\/orders: the reader failed: TypeError: "data.items" is no path to a list: write \$ or \$\.data\.items/,
  )
})

test('bodies in a reader that dies are told so, and the next one has a new reader', async () => {
  const held = await openBody(bodyOf(listOf(1, 50)), format, { size: 10, who })
  const dead = reader()
  const opening = openBody(bodyOf(listOf(1, 20_000), 65_536), format, { who })
  const death = {
    name: 'Transient',
    code: 'reader-died',
    message: `${who}: the thread that reads large answers has died`,
  }
  await Promise.all([expect(opening).rejects.toMatchObject(death), dead.end()])
  await expect(Array.fromAsync(held.chunks())).rejects.toMatchObject(death)
  expect((await readAll(listOf(2, 50), format)).count).toBe(50)
  expect(reader()).not.toBe(dead)
})

test.each([
  ['JSON of one value', { kind: 'json', records: '$' }, `["${'x'.repeat(60_000_000)}"]`],
  ['JSON of one key', { kind: 'json', records: '$.a' }, `{"${'x'.repeat(60_000_000)}":1}`],
  ['JSON of small values', { kind: 'json', records: '$' }, `[0${',0'.repeat(30_000_000)}]`],
  ['JSON of brackets', { kind: 'json', records: '$' }, '['.repeat(60_000_000)],
  ['CSV of one value', { kind: 'csv' }, 'x'.repeat(60_000_000)],
  ['CSV of delimiters', { kind: 'csv' }, ','.repeat(60_000_000)],
] as const)('a monster harms neither the process nor the reader: %s', async (_, format, text) => {
  const before = reader()
  const outcome = await openBody([new TextEncoder().encode(text)], format, { who }).catch(error => error)
  if (outcome instanceof Error) expect(outcome).toBeInstanceOf(BadPage)
  else outcome.close()
  expect(reader()).toBe(before)
})
