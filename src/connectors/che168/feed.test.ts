import { describe, expect, test } from 'vitest'
import { BadPage } from '../../core/failure.ts'
import { type Feed, readFeed } from './feed.ts'

const today = '2026-11-09'
const from = (change_id: number, more: Partial<Omit<Feed, 'change_id'>> = {}) => ({
  ...{ since: null, date: null, until: null, tries: 0 },
  ...more,
  change_id,
})

/** Events of one a day, from an id and a day on. */
function events(first: number, count: number, day = 1): { id: number; created_at: string }[] {
  return Array.from({ length: count }, (_, nth) => ({ id: first + nth, created_at: `2026-11-0${day + nth}T10:00:00Z` }))
}

const page = (result: unknown[], meta: object = {}) => ({ result, meta: { limit: 20, ...meta } })

describe('the feed ends', () => {
  test.each([
    ['without events and without a next id', page([]), 100],
    ['without events, the next id being null', page([], { next_change_id: null }), 100],
    ['without events, the next id being the one asked for', page([], { cur_change_id: 100, next_change_id: 100 }), 100],
    ['with events, the next id being null', page(events(100, 2), { next_change_id: null }), 102],
    ['with events, the next id not being there', page(events(100, 2)), 102],
    ['with a few events that lead to themselves', page(events(100, 2), { next_change_id: '100' }), 102],
  ])('%s', (_, json, change_id) => {
    expect(readFeed(json, from(100), { today })).toMatchObject({ done: true, next: { change_id, date: today } })
  })

  test('not with a next id that is later, as a number or a text', () => {
    const json = page(events(100, 2), { next_change_id: '102' })
    expect(readFeed(json, from(100), { today })).toMatchObject({
      done: false,
      next: { change_id: 102, date: '2026-11-01' },
    })
  })
})

test.each([
  ['is full and leads to itself', { result: Array(20).fill({ id: 100 }), meta: { next_change_id: 100 } }],
  ['is full and leads back', { result: Array(20).fill({ id: 100 }), meta: { next_change_id: 40 } }],
  ['is another one than was asked for', page([], { cur_change_id: 7 })],
  ['has no list', { meta: {} }],
  ['has no meta', { result: [] }],
])('a page that %s is none', (_, json) => {
  expect(() => readFeed(json, from(100), { today })).toThrow(BadPage)
})

test('a page that has nothing and leads on ends the feed where it is, proves no day, and is told', () => {
  const at = from(100, { date: '2026-11-05', until: '2026-11-07' })
  expect(readFeed(page([], { next_change_id: 120 }), at, { today, days: 2 })).toEqual({
    ...{ records: [], done: true, next: { ...at, until: null } },
    warning: expect.stringMatching(/nothing from change 100 on.* names 120 .*asks from 100 again/),
  })
})

test('events come in the order of their ids; those without one come last', () => {
  const [one, two] = events(100, 2)
  const { records } = readFeed(page(['?', two, one, two]), from(100), { today })
  expect(records).toEqual([one, two, two, '?'])
})

test('events from before the feed was begun are none of ours; those of pages before are taken once more', () => {
  const [old, told, fresh] = [90, 96, 100].map(id => ({ id, created_at: '2026-11-01T10:00:00Z' }))
  const { records } = readFeed(page([old, fresh, told]), from(100, { since: 95 }), { today })
  expect(records).toEqual([told, fresh])
})

test('days are done as events of later ones come, and go back with none', () => {
  const next = { next_change_id: 200 }
  const dateAfter = (json: object, at: ReturnType<typeof from>) => readFeed(json, at, { today }).next.date
  expect(dateAfter(page(events(100, 3), next), from(100))).toBe('2026-11-02')
  expect(dateAfter(page(events(100, 1), next), from(100, { date: '2026-11-05' }))).toBe('2026-11-05')
  expect(dateAfter(page([{ id: 100 }], next), from(100))).toBe(null)
})

test('a time to come makes no day done but those before today', () => {
  const json = page([{ id: 100, created_at: '2099-01-01T00:00:00Z' }], { next_change_id: 200 })
  expect(readFeed(json, from(100), { today }).next.date).toBe('2026-11-08')
  const some = readFeed(json, from(100, { date: '2026-11-07' }), { today, days: 2 })
  expect(some).toMatchObject({ records: [{ id: 100 }], done: false, next: { change_id: 200 } })
})

describe('a run of some days', () => {
  test('ends before the first event of the day after them', () => {
    const turned = readFeed(page(events(100, 5), { next_change_id: 105 }), from(100, { date: '2026-10-31' }), {
      today,
      days: 2,
    })
    expect(turned).toMatchObject({ done: true, more: true, next: { change_id: 102, date: '2026-11-02', until: null } })
    expect(turned.records).toHaveLength(2)
  })

  test('leaves out none that has no id: the next page may begin behind it', () => {
    const json = page(['?', ...events(100, 5)], { next_change_id: 105 })
    expect(readFeed(json, from(100, { date: '2026-10-31' }), { today, days: 2 }).records).toEqual([
      ...events(100, 2),
      '?',
    ])
  })

  test('counts from its first event where no day is done yet, and remembers the last day from page to page', () => {
    const first = readFeed(page(events(100, 1), { next_change_id: 101 }), from(100), { today, days: 3 })
    expect(first).toMatchObject({ done: false, next: { until: '2026-11-03' } })
    const then = readFeed(
      page(events(101, 5, 2), { next_change_id: 106 }),
      { ...first.next, change_id: 101 },
      { today, days: 3 },
    )
    expect(then).toMatchObject({ done: true, next: { change_id: 103, date: '2026-11-03', until: null } })
  })
})

test('a feed that begins later than it was asked for is told, but for one that was asked for from its beginning', () => {
  const turned = readFeed(page(events(150, 1)), from(100), { today })
  expect(readFeed(page([...events(90, 1), ...events(150, 1)]), from(100), { today }).lost).toBe(turned.lost)
  expect(turned.lost).toMatch(/begins with change 150 where 100 was asked for.*--list-since 2026-11-10/)
  for (const json of [page(events(100, 1)), page([]), page(events(90, 1))])
    expect(readFeed(json, from(100), { today }).lost).toBeUndefined()
  expect(readFeed(page(events(150, 1)), from(1), { today }).lost).toBeUndefined()
})

test('what a list holds that was begun behind the gap is not lost, and is told', () => {
  const turned = (listed: number) => readFeed(page(events(150, 1)), from(100), { today, listed })
  expect(turned(149).lost).toBeDefined()
  expect(turned(150)).toMatchObject({ notice: expect.stringContaining('in the list, which was begun since') })
  expect(turned(150).lost).toBeUndefined()
})
