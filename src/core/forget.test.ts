import { expect, test } from 'vitest'
import { forget } from './forget.ts'

test.each([
  [{ id: 1, phone: '5' }, ['phone'], { id: 1 }],
  [{ buyer: { name: 'A', city: 'B' } }, ['buyer.name'], { buyer: { city: 'B' } }],
  [{ buyers: [{ name: 'A', city: 'B' }, null, 'x'] }, ['buyers.name'], { buyers: [{ city: 'B' }, null, 'x'] }],
  [{ 'Tel. no.': '5', id: 1 }, ['Tel. no.'], { id: 1 }],
  [{ buyer: { 'tel.home': '5', id: 1 } }, ['buyer.tel.home'], { buyer: { id: 1 } }],
  [{ id: 1, buyer: null }, ['buyer.name', 'phone'], { id: 1, buyer: null }],
  [[1, 'a'], ['phone'], [1, 'a']],
])('%j without %j is %j', (record, fields, rest) => {
  const before = structuredClone(record)
  expect(forget(record, fields)).toEqual(rest)
  expect(record).toEqual(before)
})
