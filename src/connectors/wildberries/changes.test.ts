import { describe, expect, it } from 'vitest'
import type { Answer } from '../../core/ask.ts'
import { BadPage } from '../../core/failure.ts'
import { askChanges, beginning, type ChangesCursor, changesOptions, readChanges } from './changes.ts'

const options = changesOptions.parse({ page_rows: 100 })

/** An answer of so many rows, the first and the last of which have these times of change. */
function answerOf(count: number, first?: string, last = first): Answer {
  const row = (lastChangeDate: string | undefined) => (lastChangeDate === undefined ? undefined : { lastChangeDate })
  const list = { count, first: row(first), last: row(last) }
  return { status: 200, headers: new Headers(), json: [], at: new Date('2026-10-20T09:00:00Z'), list }
}

const read = (cursor: ChangesCursor, ...answer: Parameters<typeof answerOf>) =>
  readChanges(answerOf(...answer), cursor, options)

describe('changes', () => {
  it('are asked for from a time on, and days as days', () => {
    expect(askChanges('/o', { dateFrom: '2026-10-01T00:00:00.5' }).query).toEqual({
      dateFrom: '2026-10-01T00:00:00.5',
      flag: 0,
    })
    const days = { next: '2026-10-18', last: '2026-10-19', why: 'sweep' } as const
    expect(askChanges('/o', { dateFrom: '2026-10-01', days }).query).toEqual({ dateFrom: '2026-10-18', flag: 1 })
  })

  it('go on at the raw time of the last row of a full page', () => {
    expect(read({ dateFrom: '2026-10-01' }, 100, '2026-10-01T08:00:00', '2026-10-02T09:00:00.12345')).toEqual({
      ...{ next: { dateFrom: '2026-10-02T09:00:00.12345', reached: '2026-10-02T09:00:00.12345' }, done: false },
    })
  })

  it('go on at the later one of first and last, whatever their order', () => {
    const { next } = read({ dateFrom: '2026-10-01' }, 100, '2026-10-03T09:00:00', '2026-10-02T09:00:00')
    expect(next.dateFrom).toBe('2026-10-03T09:00:00')
  })

  it('end with a page of less than half, and begin again two hours before the last change', () => {
    const page = read({ dateFrom: '2026-10-01', swept: '2026-10-20' }, 49, '2026-10-20T08:00:00', '2026-10-20T11:30:00')
    expect(page).toEqual({
      ...{ next: { dateFrom: '2026-10-20T09:30:00', reached: '2026-10-20T11:30:00', swept: '2026-10-20' }, done: true },
    })
  })

  it('end with nothing, and then begin where they were, however often', () => {
    const cursor = { dateFrom: '2026-10-20T09:30:00', reached: '2026-10-20T11:30:00', swept: '2026-10-20' }
    expect(read(cursor, 0)).toEqual({ next: cursor, done: true })
    const never = { dateFrom: beginning, swept: '2026-10-20' }
    expect(read(never, 0)).toEqual({ next: never, done: true })
  })

  it('are not led astray by a time that lies in the future', () => {
    const { next } = read({ dateFrom: '2026-10-01' }, 10, '2026-10-02T00:00:00', '2099-01-01T00:00:00')
    expect(next.reached).toBe('2026-10-02T00:00:00')
  })

  it('of a full page none of whose ends can be read are asked for again', () => {
    expect(() => read({ dateFrom: '2026-10-01' }, 100, 'soon', 'late')).toThrow(BadPage)
    expect(read({ dateFrom: '2026-10-01' }, 10, 'soon', 'late')).toMatchObject({ done: true })
  })

  it('tell on their first page how far back the vendor goes', () => {
    expect(read({ dateFrom: beginning }, 10, '2026-07-22T10:00:00').notice).toMatch(
      /of 2026-07-22T10:00:00 Moscow time/,
    )
    expect(read({ dateFrom: '2026-10-01' }, 10, '2026-10-02T00:00:00')).not.toHaveProperty('notice')
  })
})

describe('a crowd: more rows with one time of change than a page holds', () => {
  const dateFrom = '2026-10-15T12:00:00'
  const crowded = read({ dateFrom, swept: '2026-10-20' }, 100, dateFrom)

  it('is read by days, as far back as the vendor keeps anything', () => {
    expect(crowded).toEqual({
      next: {
        ...{ dateFrom, swept: '2026-10-20', reached: dateFrom, floor: '2026-10-15T12:00:00.001' },
        days: { next: '2026-07-17', last: '2026-10-20', why: 'crowd' },
      },
      done: false,
    })
  })

  it('is left behind after its last day, and never met again', () => {
    const days = { next: '2026-10-20', last: '2026-10-20', why: 'crowd' } as const
    const { next, done } = read({ ...crowded.next, days }, 30, '2026-10-20T01:00:00')
    expect([next.dateFrom, done]).toEqual(['2026-10-15T12:00:00.001', false])
    expect(read(next, 0).next.dateFrom).toBe('2026-10-15T12:00:00.001')
  })
})

describe('the sweep', () => {
  const cursor = { dateFrom: '2026-10-20T09:30:00', reached: '2026-10-20T11:30:00', swept: '2026-10-19' }

  it('reads the two days before once a day, after the changes', () => {
    const first = read(cursor, 3, '2026-10-20T11:30:00')
    expect(first).toEqual({
      ...{ next: { ...cursor, days: { next: '2026-10-18', last: '2026-10-19', why: 'sweep' } }, done: false },
    })
    const second = read(first.next, 80, '2026-10-20T11:45:00')
    expect(second.next.days).toEqual({ next: '2026-10-19', last: '2026-10-19', why: 'sweep' })
    expect(read(second.next, 80, '2026-10-20T11:45:00')).toEqual({
      next: { ...cursor, swept: '2026-10-20' },
      done: true,
    })
  })

  it('is not needed on the first day of all, and where nobody wants it', () => {
    expect(read({ dateFrom: beginning }, 3, '2026-10-20T11:30:00')).toMatchObject({
      done: true,
      next: { swept: '2026-10-20' },
    })
    const none = readChanges(answerOf(3, '2026-10-20T11:30:00'), cursor, { ...options, sweep_days: 0 })
    expect(none).toMatchObject({ done: true, next: { swept: '2026-10-20' } })
  })
})
