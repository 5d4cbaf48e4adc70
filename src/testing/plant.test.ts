import { expect, test } from 'vitest'
import { type Marks, plant } from './plant.ts'

function planted(text: string, fields: string[], known: unknown[] = []) {
  const marks: Marks = new Map()
  return plant(text, fields, new Set(known.map(record => JSON.stringify(record))), marks)
}

const first = 'forgotten-0001-forgotten'

test('a forgotten value is marked wherever it stands in the answer, and others are left', () => {
  const text = '{"rows":[{"id":1,"buyer":{"phone":"+7 999"},"note":"call +7 999 first","price":1.50}]}'
  expect(planted(text, ['buyer.phone'])).toBe(text.replaceAll('+7 999', first))
})

test('only records are looked into where they are known: their envelope may have a field of that name', () => {
  const text = '{"name":"the shop","rows":[{"id":1,"name":"Anna B"}]}'
  expect(planted(text, ['name'], [{ id: 1 }])).toBe(text.replace('Anna B', first))
})

test('everything inside of a forgotten object is marked, numbers by numbers, and lists are gone through', () => {
  const text = '{"buyers":[{"who":{"phone":79991234567,"names":["Anna","Berta"]}}]}'
  const marked = `{"buyers":[{"who":{"phone":86753090001,"names":["forgotten-0002-forgotten","forgotten-0003-forgotten"]}}]}`
  expect(planted(text, ['buyers.who'])).toBe(marked)
})

test('values that are too short to be told apart are left', () => {
  expect(planted('{"id":1,"name":"Al"}', ['name'])).toBe('{"id":1,"name":"Al"}')
})

test('a column of a CSV is marked, too', () => {
  expect(planted('id;"phone"\n1;"+7 999"\n2;+7 998\n', ['phone'])).toBe(
    `id;"phone"\n1;"${first}"\n2;forgotten-0002-forgotten\n`,
  )
})
