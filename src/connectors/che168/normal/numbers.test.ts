import { expect, test } from 'vitest'
import { newNotes } from './notes.ts'
import { amountOf, number, numberOf, positive, rounded, spanOf, within } from './numbers.ts'

test.each([
  ['1.5', 1.5],
  ['184.0', 184],
  ['15', 15],
  [2022, 2022],
  [0, 0],
  ['0', 0],
  [' 98000 ', 98_000],
  ['１９８０', 1980],
  ['-3', -3],
])('%j is the number %d', (value, expected) => {
  expect(numberOf(value)).toBe(expected)
})

test.each(['', null, undefined, '-', '--', '待查', '未知', '暂无', '暂无报价', 'null', ' - '])(
  '%j tells no number',
  value => {
    expect(numberOf(value)).toBeUndefined()
  },
)

test.each(['1,5', '1,5,', '1.5.0', '二零一九', '面议', '12abc', '0x10', '1e3', '.', '无', true, {}, [158_000]])(
  '%j is something that is no number, of which nothing is guessed',
  value => {
    expect(numberOf(value)).toBeNaN()
  },
)

test.each([
  ['31.08万', 310_800],
  ['364.50万', 3_645_000],
  ['１３．５万', 135_000],
  ['13.58 万元', 135_800],
  ['6.2万公里', 62_000],
  ['1.2亿', 120_000_000],
  ['98000元', 98_000],
  ['62000公里', 62_000],
  ['135800', 135_800],
  [135_800, 135_800],
])('%s is the amount %d: 万 is 10,000 where it is written, and nowhere else', (value, expected) => {
  expect(amountOf(value)).toBe(expected)
})

test('a number out of its bounds, or with a part behind the point where it must be whole, is none and leaves a flag', () => {
  const notes = newNotes()
  const bounds = { min: 1, max: 100 }
  expect(number(notes, 'a', '101', bounds)).toBeUndefined()
  expect(number(notes, 'b', '5.5', bounds)).toBeUndefined()
  expect(number(notes, 'c', 'five', bounds)).toBeUndefined()
  expect(number(notes, 'd', '', bounds)).toBeUndefined()
  expect(within(notes, 'e', 100, bounds)).toBe(100)
  expect(number(notes, 'f', '5.5', { ...bounds, fine: true })).toBe(5.5)
  expect([...notes.flags]).toEqual(['a:out-of-range', 'b:unreadable', 'c:unreadable'])
})

test('of what is never 0 a 0 says that it is not there', () => {
  const notes = newNotes()
  expect(positive(notes, 'displacement', '0', { min: 0.1, max: 20 })).toBeUndefined()
  expect(notes.flags.size).toBe(0)
})

test.each([
  ['5', [5, 5]],
  ['7/8/9', [7, 9]],
  ['4-7', [4, 7]],
  ['7座', [7, 7]],
  ['2+2', undefined],
  ['-5', undefined],
  ['5.5', undefined],
  ['', undefined],
  [undefined, undefined],
])('%s reaches from the least to the most: %j', (text, expected) => {
  expect(spanOf(text)).toEqual(expected)
})

test('halves are rounded up, to as many digits as are wanted', () => {
  expect([rounded(135.5), rounded(1.497, 1), rounded(60.456, 2)]).toEqual([136, 1.5, 60.46])
})
