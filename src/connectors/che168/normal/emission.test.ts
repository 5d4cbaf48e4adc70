import { expect, test } from 'vitest'
import { emission, emissionOf } from './emission.ts'
import { table } from './fixtures/table.ts'
import { newNotes } from './notes.ts'

test.each([
  ['国I', 'china_1'],
  ['国II', 'china_2'],
  ['国III', 'china_3'],
  ['国IV', 'china_4'],
  ['国Ⅳ', 'china_4'],
  ['国4', 'china_4'],
  ['国四', 'china_4'],
  ['国V', 'china_5'],
  ['国Ⅴ', 'china_5'],
  ['国5', 'china_5'],
  ['国五', 'china_5'],
  ['国VI', 'china_6'],
  ['国Ⅵ', 'china_6'],
  ['国6', 'china_6'],
  ['国六', 'china_6'],
  ['国VIa', 'china_6'],
  ['国VIb', 'china_6b'],
  ['国六b', 'china_6b'],
  ['国Ⅵb', 'china_6b'],
  ['京V', 'china_5'],
  ['京IV', 'china_4'],
  ['国IV+OBD', 'china_4'],
  ['国IV带OBD', 'china_4'],
  ['国IV(国V)', 'china_5'],
  ['国V（国Ⅳ）', 'china_5'],
  ['国VI(国VIb)', 'china_6b'],
  ['欧I', 'euro_1'],
  ['欧II', 'euro_2'],
  ['欧III', 'euro_3'],
  ['欧IV', 'euro_4'],
  ['欧V', 'euro_5'],
  ['欧VI', 'euro_6'],
  ['欧VIb', 'euro_6'],
  ['Евро-4+OBD', 'euro_4'],
  ['Китай VI', 'china_6'],
  ['Китай VIb', 'china_6b'],
  ['China VI', 'china_6'],
  ['Euro 5', 'euro_5'],
])('%s is %s', (text, standard) => {
  expect(emission(text)).toBe(standard)
})

test.each(['', '国', '无', 'III', '国七', '国9'])('%s is no standard', text => {
  expect(emission(text)).toBeUndefined()
})

test('without a table the end of the trim tells it', () => {
  const notes = newNotes()
  expect(emissionOf(table({ emission_standard: '国V' }), '1.5t 豪华版 国vi', notes)).toBe('china_5')
  expect(emissionOf(table(), '330tsi 自动两驱智享版 国vi', notes)).toBe('china_6')
  expect(emissionOf(table(), '中国风 豪华版', notes)).toBeUndefined()
  expect(emissionOf(table(), '北京40 2014款 2.4l 手动征途版', notes)).toBeUndefined()
  expect(emissionOf(table(), '北京40 2014款 2.4l 手动征途版 国iv', notes)).toBe('china_4')
  expect(emissionOf(table(), '中国一汽 手动', notes)).toBeUndefined()
  expect([...notes.flags]).toEqual([])
})

test('a text that names none is counted', () => {
  const notes = newNotes()
  expect(emissionOf(table({ emission_standard: 'Tier 3' }), '', notes)).toBeUndefined()
  expect(notes).toEqual({ flags: new Set(['emission_standard:unmapped']), unmapped: { emission_standard: 'Tier 3' } })
})
