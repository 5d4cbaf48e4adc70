import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BadPage } from '../../core/failure.ts'
import { archiveOf } from './fixtures/archive.ts'
import { readAll } from './fixtures/bodies.ts'

const holds = { kind: 'csv' } as const
const report = { name: 'folder/report.csv', content: 'a,b\n1,2\n3,4\n' }
const rows = [
  { a: '1', b: '2' },
  { a: '3', b: '4' },
]

test.each([0, 8])('the only file of an archive is read, folders aside, packed by method %i', async method => {
  const archive = archiveOf([
    { name: 'folder/', content: '', method: 0 },
    { ...report, method },
  ])
  expect((await readAll(archive, { kind: 'zip', holds })).records).toEqual(rows)
})

test('of several files the one is read whose name ends as declared', async () => {
  const archive = archiveOf([{ name: 'readme.txt', content: 'x' }, report, { name: 'report.csv.bak', content: 'y' }])
  expect((await readAll(archive, { kind: 'zip', entry: 'report.csv', holds })).records).toEqual(rows)
})

test('it may hold JSON, and another archive', async () => {
  const json = archiveOf([{ name: 'a.json', content: '{"rows":[1,12345678901234567890],"total":2}' }])
  const format = { kind: 'zip', holds: { kind: 'json', records: '$.rows' } } as const
  const told = { records: [1, '12345678901234567890'], envelope: { rows: [], total: 2 } }
  expect(await readAll(json, format)).toMatchObject(told)
  expect(await readAll(archiveOf([{ name: 'a.zip', content: json }]), { kind: 'zip', holds: format })).toMatchObject(
    told,
  )
})

test.each([
  [
    'several files without saying which',
    [report, { ...report, name: 's3cret.csv' }],
    '',
    'it has several files: declare',
  ],
  [
    'several files that could be meant',
    [report, { ...report, name: 'x.csv' }],
    '.csv',
    'several files whose name ends with ".csv"',
  ],
  ['no such file', [report], 'x.csv', 'it has no file whose name ends with "x.csv"'],
  ['no file', [], '', 'it has no file'],
  ['an encrypted file', [{ ...report, encrypted: true }], '', 'its file is encrypted'],
  ['a file packed in an unusual way', [{ ...report, method: 14 }], '', 'packed by method 14'],
  ['a file with another checksum', [{ ...report, said: { sum: 5 } }], '', 'does not have the checksum'],
  [
    'a file larger than we take',
    [{ ...report, said: { size: 300_000_000 } }],
    '',
    'more than the 268435456 bytes we take',
  ],
  [
    'a file larger than it says',
    [{ ...report, content: '0'.repeat(9_000_000), said: { size: 12 } }],
    '',
    'larger than it says',
  ],
  ['a file with an impossible name', [{ ...report, name: '/s3cret/a.csv' }], '', 'absolute path'],
])('%s is refused', async (_, files, entry, why) => {
  const format = { kind: 'zip', holds, ...(entry && { entry }) } as const
  const error = await readAll(archiveOf(files), format, { pieceSize: 1_000 }).catch(error => error)
  expect(error).toMatchObject({ name: 'BadPage', code: 'bad-zip' })
  expect(error.message).toContain(why)
  expect(error.message).not.toContain('s3cret')
})

test('what is in it is judged by its own rules', async () => {
  const archive = archiveOf([{ ...report, content: 'a,b\n1\n' }])
  await expect(readAll(archive, { kind: 'zip', holds })).rejects.toMatchObject({ code: 'bad-csv' })
})

test('an archive that is cut at any byte gives no record', async () => {
  const archive = archiveOf([report])
  for (let end = 0; end < archive.length; end++) {
    const reading = readAll(archive.slice(0, end), { kind: 'zip', holds })
    await expect(reading, `cut after ${end}`).rejects.toMatchObject({ name: 'BadPage', code: 'bad-zip' })
  }
})

test('a broken archive gives what it held, or nothing', async () => {
  const archive = archiveOf([{ ...report, content: `a,b\n${'1,2\n'.repeat(50)}` }])
  const whole = (await readAll(archive, { kind: 'zip', holds })).records
  await fc.assert(
    fc.asyncProperty(fc.nat(archive.length - 1), fc.integer({ min: 0, max: 255 }), async (at, byte) => {
      const result = await readAll(archive.with(at, byte), { kind: 'zip', holds }).catch(error => error)
      if (result instanceof Error) expect(result).toBeInstanceOf(BadPage)
      else expect(result.records).toEqual(whole)
    }),
    { numRuns: 1_000 },
  )
})
