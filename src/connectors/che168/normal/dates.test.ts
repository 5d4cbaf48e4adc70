import { expect, test } from 'vitest'
import { date, dayOf } from './dates.ts'
import { newNotes } from './notes.ts'

test.each([
  ['2026-02-06', '2026-02-06', 'day'],
  ['2019-06', '2019-06-01', 'month'],
  ['2018.09', '2018-09-01', 'month'],
  ['2019/6', '2019-06-01', 'month'],
  ['2019年6月', '2019-06-01', 'month'],
  ['2019年6月7日', '2019-06-07', 'day'],
  ['2019年', '2019-01-01', 'year'],
  ['2019', '2019-01-01', 'year'],
  ['2025-08-05T23:18:10.679Z', '2025-08-05', 'day'],
  ['2025-08-05T08:18:10.679+03:00', '2025-08-05', 'day'],
  ['2024-02-29', '2024-02-29', 'day'],
  ['2000-02-29', '2000-02-29', 'day'],
])('%s is %s, told to the %s', (text, day, precision) => {
  expect(dayOf(text)).toEqual({ date: day, precision })
})

test.each([
  '2019-13',
  '2023-02-29',
  '1900-02-29',
  '2019-00',
  '2019-01-00',
  '2019-01-32',
  '19-06',
  '06.2019',
  'недавно',
  '2019-06-31',
  '201906',
])('%s is no day', text => {
  expect(dayOf(text)).toBeUndefined()
})

test.each([
  ['2019-13', 'first_registration:unreadable'],
  ['2019', 'first_registration:year-only'],
  ['1899-12', 'first_registration:out-of-range'],
  ['2028-01', 'first_registration:out-of-range'],
  [2019.1, 'first_registration:unreadable'],
  [2019, 'first_registration:year-only'],
  [{ year: 2019 }, 'first_registration:unreadable'],
])('of %j a flag tells why there is no date', (value, flag) => {
  const notes = newNotes()
  expect(date(notes, 'first_registration', value, 2027)).toBeUndefined()
  expect([...notes.flags]).toEqual([flag])
})

test('what is not told has no flag, digits may be wide, and next year is still possible', () => {
  const notes = newNotes()
  for (const nothing of [undefined, null, '', '-']) expect(date(notes, 'offer_created', nothing, 2027)).toBeUndefined()
  expect(date(notes, 'offer_created', '２０１９－０６', 2027)).toEqual({ date: '2019-06-01', precision: 'month' })
  expect(date(notes, 'offer_created', '2027-12-31', 2027)).toEqual({ date: '2027-12-31', precision: 'day' })
  expect(notes.flags.size).toBe(0)
})
