import { expect, test } from 'vitest'
import { BadPage } from '../../core/failure.ts'
import { askChange, readChange } from './anchor.ts'

const last = 6

test.each([null, 0, '0'])(
  'an id of %j is none: an earlier day is asked for, and at last the beginning is taken',
  change_id => {
    for (let tries = 0; tries < last; tries++) expect(readChange({ change_id }, tries)).toBeUndefined()
    expect(readChange({ change_id }, last)).toBe(1)
  },
)

test('an id is the beginning, as a number or a text', () => {
  expect([892_145, '892145'].map(change_id => readChange({ change_id }, 0))).toEqual([892_145, 892_145])
})

test('an answer without an id is none', () => {
  expect(() => readChange({}, 0)).toThrow(BadPage)
})

test('each try asks about an earlier day, and none lies further back than 32 days', () => {
  const dates = [0, 1, 2, last, last + 1].map(tries => askChange(new Date('2026-11-05T12:00:00Z'), tries).query!.date)
  expect(dates).toEqual(['2026-11-05', '2026-11-04', '2026-11-03', '2026-10-04', '2026-10-04'])
})
