import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BadPage } from '../../core/failure.ts'
import { readPage } from './pages.ts'

const minute = 60_000
/** 2026-03-01T12:00Z; minutes below count from here. */
const noon = Date.parse('2026-03-01T12:00:00Z')

const kline = (open: number, length = minute) => [
  open,
  '1',
  '2',
  '0.5',
  '1.5',
  '10',
  open + length - 1,
  '15',
  3,
  '5',
  '7',
  '0',
]
const minutes = (...at: number[]) => at.map(each => kline(noon + each * minute))
const span = (from: number, to: number) => ({ from: new Date(noon + from * minute), to: new Date(noon + to * minute) })

/** Reads an answer as it comes at a minute, to the question from minute `since` to minute `to`. */
function read(
  json: unknown,
  { since = 0, to = 100, now = 200, limit = 1000 }: { since?: number; to?: number; now?: number; limit?: number } = {},
) {
  const at = new Date(noon + now * minute)
  const cursor = { startTime: noon + since * minute, since: noon + since * minute }
  return readPage({ status: 200, headers: new Headers(), json, at }, cursor, {
    interval: '1m',
    to: noon + to * minute,
    limit,
  })
}

describe('what is proven', () => {
  test('an answer that leaves time proves up to its last candle and asks on behind it', () => {
    const page = read(minutes(0, 1, 2))
    expect(page).toMatchObject({ done: false, covered: span(0, 3), holes: [] })
    expect(page.next).toEqual({ startTime: noon + 2 * minute + 1, since: noon + 3 * minute })
    expect(page.records).toHaveLength(3)
  })

  test('an answer that is not full ends the question and proves all of its time', () => {
    expect(read(minutes(0, 1, 2), { to: 3 })).toMatchObject({ done: true, covered: span(0, 3), holes: [] })
  })

  test('a full answer within the last seconds asks on: there may be more', () => {
    expect(read(minutes(0, 1), { to: 3, now: 3 + 1 / 60, limit: 2 })).toMatchObject({
      done: false,
      covered: span(0, 2),
    })
  })

  test('an empty answer proves that nothing is there', () => {
    const page = read([], { to: 5 })
    expect(page).toMatchObject({ done: true, records: [], covered: span(0, 5), holes: [span(0, 5)] })
    expect(page.next).toEqual({ startTime: noon, since: noon })
  })

  test('the last seconds are not proven: a candle may be closed and not yet published', () => {
    expect(read(minutes(0, 1), { to: 3, now: 3 + 10 / 60 })).toMatchObject({ covered: span(0, 2), holes: [] })
    expect(read(minutes(0, 1), { to: 3, now: 3 + 21 / 60 })).toMatchObject({ done: false, covered: span(0, 2) })
    expect(read([], { since: 2, to: 3, now: 3 + 10 / 60 })).toMatchObject({
      done: true,
      covered: span(2, 2),
      holes: [],
    })
    expect(read([], { since: 2, to: 3, now: 3 + 21 / 60 })).toMatchObject({ covered: span(2, 3), holes: [span(2, 3)] })
  })

  test('a candle that is there is proven at once, however young', () => {
    expect(read(minutes(0, 1, 2), { to: 3, now: 3 + 1 / 60 })).toMatchObject({ covered: span(0, 3), holes: [] })
  })
})

describe('the open candle', () => {
  test('is dropped, and the time it lies in is not proven', () => {
    const page = read(minutes(0, 1, 2), { to: 3, now: 2.5 })
    expect(page.records).toEqual(minutes(0, 1))
    expect(page).toMatchObject({ done: true, covered: span(0, 2), holes: [] })
    expect(page.next).toEqual({ startTime: noon + minute + 1, since: noon + 2 * minute })
  })

  test('ends the question', () => {
    expect(read(minutes(0, 1), { to: 2, now: 1.5 })).toMatchObject({ done: true, covered: span(0, 1) })
    expect(read(minutes(0), { to: 1, now: 0.5 })).toMatchObject({
      done: true,
      records: [],
      covered: span(0, 0),
    })
  })

  test('is closed from its last millisecond on', () => {
    const answer = kline(noon)
    const at = (ms: number) =>
      readPage(
        { status: 200, headers: new Headers(), json: [answer], at: new Date(ms) },
        { startTime: noon, since: noon },
        { interval: '1m', to: noon + minute, limit: 1000 },
      ).records!.length
    expect([at(noon + minute - 1), at(noon + minute)]).toEqual([0, 1])
  })
})

describe('holes', () => {
  test('lie before the first candle and between two; behind the last only when nothing more came', () => {
    const page = read(minutes(2, 3, 6), { to: 9 })
    expect(page).toMatchObject({ done: false, covered: span(0, 7), holes: [span(0, 2), span(4, 6)] })
    expect(read([], { since: 7, to: 9 })).toMatchObject({ done: true, covered: span(7, 9), holes: [span(7, 9)] })
  })

  test('behind the last candle of a full answer are left to the next page', () => {
    expect(read(minutes(2, 3, 6), { to: 9 })).toMatchObject({
      covered: span(0, 7),
      holes: [span(0, 2), span(4, 6)],
    })
  })

  test('between two pages are found by the second', () => {
    const page = read(minutes(5, 6), { since: 3, to: 7 })
    expect(page).toMatchObject({ covered: span(3, 7), holes: [span(3, 5)] })
  })

  test('are not seen where minutes only open late', () => {
    const late = [0, 1, 2, 3].map(at => kline(noon + at * minute + (at < 2 ? 0 : 13_000)))
    expect(read(late, { to: 4, now: 5 }).holes).toEqual([])
  })

  test('of a day in a series of days have the length of the day', () => {
    const day = 86_400_000
    const page = readPage(
      { status: 200, headers: new Headers(), json: [kline(0, day), kline(2 * day, day)], at: new Date(10 * day) },
      { startTime: 0, since: 0 },
      { interval: '1d', to: 3 * day, limit: 1000 },
    )
    expect(page.holes).toEqual([{ from: new Date(day), to: new Date(2 * day) }])
  })

  test('are not seen between months of different lengths', () => {
    const opens = [0, 1, 2, 3, 4].map(month => Date.UTC(2026, month, 1))
    const rows = opens.slice(0, -1).map((open, month) => kline(open, opens[month + 1]! - open))
    const page = readPage(
      { status: 200, headers: new Headers(), json: rows, at: new Date('2026-05-10T00:00:00Z') },
      { startTime: opens[0]!, since: opens[0]! },
      { interval: '1M', to: opens[4]!, limit: 1000 },
    )
    expect(page).toMatchObject({ holes: [], covered: { from: new Date(opens[0]!), to: new Date(opens[4]!) } })
  })
})

describe('bad manners', () => {
  test('the order of rows and doubled rows change nothing of what is proven', () => {
    const some = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 20 })
    const shuffled = some.chain(at =>
      fc.tuple(fc.constant(at), fc.shuffledSubarray([...at, ...at], { minLength: at.length })),
    )
    fc.assert(
      fc.property(shuffled, ([at, mixed]) => {
        fc.pre(new Set(mixed).size === at.length)
        const { records: _, ...proof } = read(minutes(...mixed), { to: 40 })
        const { records: __, ...plain } = read(minutes(...at.toSorted((a, b) => a - b)), { to: 40 })
        expect(proof).toEqual(plain)
      }),
    )
  })

  test('candles and holes together make up what is covered', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 20 }), at => {
        const page = read(minutes(...at), { to: 40 })
        const missing = page.holes.reduce((sum, { from, to }) => sum + (+to - +from) / minute, 0)
        expect(missing + at.length).toBe((+page.covered.to - +page.covered.from) / minute)
      }),
    )
  })

  test('a row that cannot be read is handed on for quarantine, and the others stand', () => {
    const broken = [['x'], [], [noon + 3 * minute, '1', '1', '1', '1', '1', 'never'], minutes(2)[0]]
    const page = read([...minutes(0, 1), ...broken], { to: 3 })
    expect(page.records).toHaveLength(6)
    expect(page).toMatchObject({ covered: span(0, 3), holes: [] })
  })

  test('a row from the past that claims to close in the future is a broken record, not the open candle', () => {
    const liar = kline(noon + minute, 1000 * minute)
    const page = read([...minutes(0), liar, ...minutes(2)], { to: 3, now: 10 })
    expect(page.records).toContainEqual(liar)
    expect(page).toMatchObject({ done: true, covered: span(0, 3), holes: [span(1, 2)] })
    expect(page.next).toEqual({ startTime: noon + 2 * minute + 1, since: noon + 3 * minute })
  })

  test.each([null, {}, { code: 0 }, 'text', 5, [1, 2], [{}], [null]])('%j is no page', json => {
    expect(() => read(json)).toThrow(BadPage)
  })

  test('an answer of which no row has its times proves nothing and is asked again', () => {
    expect(() => read([['x'], ['y']])).toThrow(BadPage)
  })
})
