import { expect, test } from 'vitest'
import { newNotes } from './notes.ts'
import { vinOf } from './vin.ts'

test.each([
  ['LE4WG4CB0KL000000', 'LE4WG4CB0KL000000'],
  ['le4wg4cb0kl000000', 'LE4WG4CB0KL000000'],
  [' ＬE4WG4CB0KL000000 ', 'LE4WG4CB0KL000000'],
  ['WBAXXX0106L000001', 'WBAXXX0106L000001'],
])('%s is the number %s', (value, vin) => {
  expect(vinOf(value, newNotes())).toBe(vin)
})

test.each([
  ['LE4WG4CB0KL******', 'vin:masked'],
  ['LE4WG4CB0KXXXXXXX', 'vin:masked'],
  ['LE4WG4CB0KL00000', 'vin:invalid'],
  ['LE4WG4CB0KL0000000', 'vin:invalid'],
  ['IE4WG4CB0KL000000', 'vin:invalid'],
  ['LE4WG4CBOKL000000', 'vin:invalid'],
  ['QE4WG4CB0KL000000', 'vin:invalid'],
])('%s is none: %s', (value, flag) => {
  const notes = newNotes()
  expect(vinOf(value, notes)).toBeUndefined()
  expect([...notes.flags]).toEqual([flag])
})
