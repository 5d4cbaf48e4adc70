import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { setupFileDatabase } from '../../test/setup/database.ts'
import { Overtaken } from '../core/failure.ts'
import type { Range } from '../core/range.ts'
import type { Slice } from '../core/run.ts'
import {
  beginSpan,
  begunSpans,
  dropCheckpoint,
  extendBack,
  moveCheckpoint,
  readCheckpoint,
  takeCheckpoint,
} from './checkpoints.ts'
import { addCoverage, dropCoverage, readCoverage } from './coverage.ts'
import { readHoles, recordHoles, ripeHoles } from './holes.ts'
import { countBad, keepBad, readQuarantine } from './quarantine.ts'

const { store, at } = await setupFileDatabase()

let slices = 0
/** A slice no other test has. */
const fresh = (): Slice => ({ connector: 'acme', account: 'main', stream: 'orders', part: { n: String(slices++) } })
const noon = Date.parse('2026-03-01T12:00:00Z')
const minute = (n: number) => new Date(noon + n * 60_000)
const range = (from: number, to: number): Range => ({ from: minute(from), to: minute(to) })

const job = randomUUID()

/** Two runs in the hands of one worker. */
await store.query(
  `insert into sluice.runs (id, connector, account, stream, part, span, cause, state, worker, job, from_at, position, planned_at, updated_at)
   overriding system value
   select id, 'acme', 'main', 'orders', '{}', id::text, 'sync', 'running', 'me', '${job}', $1, $1, $1, $1 from generate_series(1, 2) id`,
  [minute(0)],
)

/** What broken records of a run came with. */
const from = (run: string) => ({ run, asked: minute(0), answered: minute(0), subjects: [] })

describe('a checkpoint', () => {
  const take = (slice: Slice, id: string, held = { worker: 'me', job }) =>
    takeCheckpoint(store, slice, {
      ...{ span: 'now', run: { id, ...held }, from: minute(0), to: null, position: minute(0) },
    })
  const move = (slice: Slice, run: string, version: string, cursor: unknown = { page: 1 }) =>
    moveCheckpoint(store, slice, { span: 'now', run, version, cursor, position: minute(5) })

  test('moves from the version that was read, under the run that took it', async () => {
    const slice = fresh()
    const taken = await take(slice, '1')
    expect(taken).toMatchObject({ cursor: null, from: minute(0), position: minute(0) })
    const moved = await move(slice, '1', taken.version)
    expect(await readCheckpoint(store, slice, 'now')).toEqual({
      cursor: { page: 1 },
      from: minute(0),
      position: minute(5),
      version: moved.version,
    })
    await move(slice, '1', moved.version)
  })

  test('is not taken by a worker that lost its run', async () => {
    await expect(take(fresh(), '1', { worker: 'another', job })).rejects.toThrow(Overtaken)
    await expect(take(fresh(), '1', { worker: 'me', job: randomUUID() })).rejects.toThrow(Overtaken)
  })

  test('does not move from an old version', async () => {
    const slice = fresh()
    const { version } = await take(slice, '1')
    await move(slice, '1', version)
    await expect(move(slice, '1', version)).rejects.toThrow(Overtaken)
  })

  test('does not move for a run that was overtaken, nor for the same run taken anew', async () => {
    const slice = fresh()
    const { version } = await take(slice, '1')
    const again = await take(slice, '1')
    await expect(move(slice, '1', version)).rejects.toThrow(Overtaken)
    await take(slice, '2')
    await expect(move(slice, '1', again.version)).rejects.toThrow(Overtaken)
  })

  test('lets one of many through that have read the same version', async () => {
    const slice = fresh()
    const { version } = await take(slice, '1')
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => move(slice, '1', version)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('that fails to move takes the whole transaction back', async () => {
    const slice = fresh()
    const { version } = await take(slice, '1')
    await take(slice, '2')
    const page = store.transaction(async tx => {
      await keepBad(tx, slice, [{ record: '{}', reason: 'x' }], from('1'))
      await moveCheckpoint(tx, slice, { span: 'now', run: '1', version, cursor: {}, position: minute(1) })
    })
    await expect(page).rejects.toThrow(Overtaken)
    expect(await countBad(store, slice)).toBe(0)
  })

  test('keeps where it stands when it is taken again', async () => {
    const slice = fresh()
    await move(slice, '1', (await take(slice, '1')).version)
    expect(await take(slice, '2')).toMatchObject({ cursor: { page: 1 }, position: minute(5) })
  })

  test('knows the ranges that were begun, until they are dropped', async () => {
    const slice = fresh()
    await beginSpan(store, slice, range(3, 5))
    await beginSpan(store, slice, range(3, 5))
    await take(slice, '1')
    expect(await begunSpans(store, slice)).toEqual([
      { from: minute(0), to: null, position: minute(0) },
      { from: minute(3), to: minute(5), position: minute(3) },
    ])
    await dropCheckpoint(store, slice, `${minute(3).toISOString()}/${minute(5).toISOString()}`)
    expect(await begunSpans(store, slice)).toHaveLength(1)
  })

  test('moves its beginning back and never forward', async () => {
    const slice = fresh()
    await take(slice, '1')
    await extendBack(store, slice, 'now', range(-10, 0))
    await extendBack(store, slice, 'now', range(-5, 0))
    expect((await readCheckpoint(store, slice, 'now'))?.from).toEqual(minute(-10))
  })
})

describe('coverage', () => {
  const add = (slice: Slice, from: number, to: number, rows: number) =>
    addCoverage(store, slice, { ...range(from, to), rows }, '1')
  const stretch = (from: number, to: number, rows: number) => ({ ...range(from, to), rows })

  test('grows while pages follow each other, and begins anew behind a gap', async () => {
    const slice = fresh()
    await add(slice, 0, 5, 5)
    await add(slice, 5, 9, 3)
    await add(slice, 10, 12, 2)
    expect(await readCoverage(store, slice)).toEqual([stretch(0, 9, 8), stretch(10, 12, 2)])
  })

  test('begins a new stretch when one would hold more than 10,000 rows', async () => {
    const slice = fresh()
    await add(slice, 0, 5, 9_000)
    await add(slice, 5, 9, 1_000)
    await add(slice, 9, 10, 1)
    expect(await readCoverage(store, slice)).toEqual([stretch(0, 9, 10_000), stretch(9, 10, 1)])
  })

  test('is read as far as it touches a range', async () => {
    const slice = fresh()
    await add(slice, 0, 5, 1)
    await add(slice, 6, 8, 2)
    expect(await readCoverage(store, slice, range(5, 6))).toEqual([])
    expect(await readCoverage(store, slice, range(4, 6))).toEqual([stretch(0, 5, 1)])
    expect(await readCoverage(store, fresh())).toEqual([])
  })

  test('forgets exactly what it is told to', async () => {
    const slice = fresh()
    await add(slice, 0, 5, 1)
    await add(slice, 6, 8, 2)
    await dropCoverage(store, slice, [range(6, 8)])
    expect(await readCoverage(store, slice)).toEqual([stretch(0, 5, 1)])
  })

  test('proves what was added, however the pages were cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 5 }), fc.nat(4_000)), { maxLength: 12 }),
        async pages => {
          const slice = fresh()
          let [end, total] = [0, 0]
          const ticks: number[] = []
          for (const [gap, length, rows] of pages) {
            await add(slice, end + gap, end + gap + length, rows)
            for (let tick = 0; tick < length; tick++) ticks.push(end + gap + tick)
            end += gap + length
            total += rows
          }
          const covered = await readCoverage(store, slice)
          const proven = covered.flatMap(({ from, to }) =>
            Array.from({ length: (+to - +from) / 60_000 }, (_, tick) => (+from - noon) / 60_000 + tick),
          )
          expect(proven).toEqual(ticks)
          expect(covered.reduce((sum, { rows }) => sum + rows, 0)).toBe(total)
          expect(Math.max(0, ...covered.map(({ rows }) => rows))).toBeLessThanOrEqual(10_000)
        },
      ),
      { numRuns: 25 },
    )
  })
})

describe('a hole', () => {
  const hole = (from: number, to: number, status: string, seen: number) => ({
    ...range(from, to),
    status,
    firstSeen: minute(seen),
  })
  const look = async (slice: Slice, when: number, covered: Range, holes: Range[]) => {
    await at(minute(when))
    await store.transaction(tx => recordHoles(tx, slice, covered, holes))
  }

  test('is suspected at first, and absent when a second look finds it at least 10 min later', async () => {
    const slice = fresh()
    await look(slice, 20, range(0, 10), [range(3, 5)])
    expect(await readHoles(store, slice)).toEqual([hole(3, 5, 'suspected', 20)])
    await look(slice, 29.9, range(0, 10), [range(3, 5)])
    expect(await readHoles(store, slice)).toEqual([hole(3, 5, 'suspected', 20)])
    await look(slice, 30, range(3, 5), [range(3, 5)])
    expect(await readHoles(store, slice)).toEqual([hole(3, 5, 'absent', 20)])
  })

  test('is forgotten when a later answer fills it', async () => {
    const slice = fresh()
    await look(slice, 20, range(0, 10), [range(3, 5)])
    await look(slice, 21, range(0, 10), [])
    expect(await readHoles(store, slice)).toEqual([])
  })

  test('that is filled in part leaves a new one, which deserves a second look of its own', async () => {
    const slice = fresh()
    await look(slice, 20, range(0, 10), [range(3, 7)])
    await look(slice, 31, range(3, 7), [range(5, 7)])
    expect(await readHoles(store, slice)).toEqual([hole(5, 7, 'suspected', 31)])
  })

  test('that grows is a new one', async () => {
    const slice = fresh()
    await look(slice, 20, range(0, 10), [range(8, 10)])
    await look(slice, 40, range(8, 15), [range(8, 12)])
    expect(await readHoles(store, slice)).toEqual([hole(8, 12, 'suspected', 40)])
  })

  test('is trimmed by an answer for a part of it, and what was not asked stays only suspected', async () => {
    const slice = fresh()
    await look(slice, 20, range(0, 20), [range(5, 15)])
    await look(slice, 60, range(8, 10), [])
    expect(await readHoles(store, slice)).toEqual([hole(5, 8, 'suspected', 20), hole(10, 15, 'suspected', 20)])
  })

  test('that was absent stays absent beside an answer', async () => {
    const slice = fresh()
    await look(slice, 20, range(0, 20), [range(5, 15)])
    await look(slice, 30, range(5, 15), [range(5, 15)])
    await look(slice, 31, range(12, 20), [range(12, 15)])
    expect(await readHoles(store, slice)).toEqual([hole(5, 12, 'absent', 20), hole(12, 15, 'absent', 20)])
  })

  test('is not touched by an answer that proves nothing', async () => {
    const slice = fresh()
    await look(slice, 20, range(0, 20), [range(5, 15)])
    await look(slice, 21, range(8, 8), [])
    expect(await readHoles(store, slice)).toEqual([hole(5, 15, 'suspected', 20)])
  })

  test('is ripe for a second look 10 min after it was seen, and never once it is absent', async () => {
    const slice = fresh()
    await look(slice, 20, range(0, 10), [range(3, 5)])
    await at(minute(29.9))
    expect(await ripeHoles(store, slice)).toEqual([])
    await at(minute(30))
    expect(await ripeHoles(store, slice)).toEqual([range(3, 5)])
    await look(slice, 30, range(3, 5), [range(3, 5)])
    expect(await ripeHoles(store, slice)).toEqual([])
  })
})

describe('quarantine', () => {
  const rows = (slice: Slice) =>
    store.query(
      `select record, field, value, reason, times, run_id::int as run, first_seen as first, last_seen as last
       from sluice.quarantine where part = $1 order by id`,
      [JSON.stringify(slice.part)],
    )

  test('keeps a record once, however often it comes, and counts', async () => {
    const slice = fresh()
    const bad = { record: '["a"]', field: '1', value: '"x"', reason: 'is not a number' }
    await at(minute(1))
    await keepBad(store, slice, [bad, bad, { record: '["b"]', reason: 'is missing' }], from('7'))
    await at(minute(2))
    await keepBad(store, slice, [{ ...bad, reason: 'is still not a number' }], from('8'))
    expect(await rows(slice)).toEqual([
      { ...bad, reason: 'is still not a number', times: 3, run: 8, first: minute(1), last: minute(2) },
      {
        record: '["b"]',
        field: null,
        value: null,
        reason: 'is missing',
        times: 1,
        run: 7,
        first: minute(1),
        last: minute(1),
      },
    ])
    expect(await countBad(store, slice)).toBe(2)
  })

  test('is gone through piece by piece, each record once', async () => {
    const bad = Array.from({ length: 500 }, (_, nth) => ({ record: `["many ${nth}"]`, reason: 'is missing' }))
    await keepBad(store, { ...fresh(), stream: 'many' }, bad, from('7'))
    const seen: string[] = []
    for (let last: string | undefined = '0'; last; ) {
      const some = await readQuarantine(store, { stream: 'many' }, 20, last)
      seen.push(...some.map(({ id }) => id))
      last = some.at(-1)?.id
    }
    expect(new Set(seen).size).toBe(500)
    expect(seen).toEqual(seen.toSorted((a, b) => Number(a) - Number(b)))
  })

  test('keeps what PostgreSQL keeps in no text, written out', async () => {
    const slice = fresh()
    await keepBad(store, slice, [{ record: JSON.stringify(['a\u0000']), value: 'a\u0000', reason: 'NUL' }], from('1'))
    expect(await rows(slice)).toMatchObject([{ record: '["a\\u0000"]', value: 'a\\u0000' }])
  })
})
