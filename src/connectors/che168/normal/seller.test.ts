import { expect, test } from 'vitest'
import { newNotes } from './notes.ts'
import { sellerOf, truth } from './seller.ts'

test.each([
  [true, true],
  [false, false],
  ['true', true],
  ['false', false],
  ['False', false],
  ['1', true],
  ['0', false],
  [1, true],
  [0, false],
  ['', undefined],
  [null, undefined],
])('%j is %j', (value, expected) => {
  const notes = newNotes()
  expect(truth(notes, 'is_dealer', value)).toBe(expected)
  expect(notes.flags.size).toBe(0)
})

test('what is neither true nor false is neither, and has a flag', () => {
  const notes = newNotes()
  expect(truth(notes, 'is_dealer', 'maybe')).toBeUndefined()
  expect([...notes.flags]).toEqual(['is_dealer:unreadable'])
})

function made(data: object) {
  const notes = newNotes()
  return { ...sellerOf({ ...data }, notes), flags: [...notes.flags] }
}

test('the kind of seller and is_dealer tell of each other', () => {
  expect(made({ seller_type: 'dealer' })).toMatchObject({ seller_type: 'dealer', is_dealer: true })
  expect(made({ is_dealer: 'false' })).toMatchObject({ seller_type: 'private', is_dealer: false })
  expect(made({})).toMatchObject({ seller_type: undefined, is_dealer: undefined })
  expect(made({ seller_type: 'dealer', is_dealer: 'false' }).flags).toEqual(['seller_type:conflict'])
  expect(made({ seller_type: 'broker' }).flags).toEqual(['seller_type:unmapped'])
})

test.each([
  [['Used', 'б/у', 'Б/У', '二手车'], 'used'],
  [['New', 'новый', '新车'], 'new'],
])('the sections %j are %s', (words, section) => {
  for (const word of words) expect(made({ section: word }).section).toBe(section)
})

test('the number of the dealer is a text, however it came', () => {
  expect([made({ salon_id: 648815 }).salon_id, made({ salon_id: '648815' }).salon_id]).toEqual(['648815', '648815'])
})
