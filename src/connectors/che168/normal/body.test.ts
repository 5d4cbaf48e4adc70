import { expect, test } from 'vitest'
import { bodyOf, bodyText, sizeOf } from './body.ts'
import { table } from './fixtures/table.ts'
import { newNotes } from './notes.ts'

test.each([
  ['4门5座三厢车', { doors: 4, seats: [5, 5], rest: '三厢车' }],
  ['4门7/8/9座', { doors: 4, seats: [7, 9], rest: '' }],
  ['5门4-7座MPV', { doors: 5, seats: [4, 7], rest: 'mpv' }],
  ['5门7/9座', { doors: 5, seats: [7, 9], rest: '' }],
  ['2门2座软顶敞篷车', { doors: 2, seats: [2, 2], rest: '软顶敞篷车' }],
  ['8门7座', { doors: 8, seats: [7, 7], rest: '' }],
])('%s is read', (text, expected) => {
  expect(bodyText(text)).toEqual(expected)
})

test.each(['三厢车', '4门', '5座', ''])('%s has no doors and seats', text => {
  expect(bodyText(text)).toBeUndefined()
})

/** Kind, doors, seats, flags. */
function made(label: unknown, entries: Record<string, string> = {}, trim = '') {
  const notes = newNotes()
  const { body_type, doors, seats_min, seats_max } = bodyOf({ body_type: label }, table(entries), trim, notes)
  return [body_type, doors, seats_min, seats_max, ...notes.flags]
}

test.each([
  [['Crossover/SUV', 'crossover/suv', 'SUV', 'Кроссовер/внедорожник'], 'suv'],
  [['Sedan', 'Седан', 'седан'], 'sedan'],
  [['Hatchback', 'Mini', 'Хэтчбек'], 'hatchback'],
  [['Minivan', 'Минивэн'], 'mpv'],
  [['Pickup', 'Пикап'], 'pickup'],
  [['Coupe/Roadster', 'Sports Car', 'Купе/родстер'], 'coupe'],
  [['Microvan', 'Микроавтобус'], 'microvan'],
  [['Light Truck', 'Легкий грузовик', 'лёгкий грузовик'], 'truck'],
  [['Van', 'Фургон'], 'van'],
  [['Other'], 'other'],
])('the labels %j mean %s', (labels, kind) => {
  for (const label of labels) expect([label, ...made(label)]).toEqual([label, kind, undefined, undefined, undefined])
})

test.each([
  ['三厢车', 'sedan'],
  ['两厢车', 'hatchback'],
  ['掀背车', 'liftback'],
  ['旅行车', 'wagon'],
  ['SUV', 'suv'],
  ['SUV跨界车', 'suv'],
  ['三厢跨界车', 'sedan'],
  ['两厢跨界车', 'hatchback'],
  ['旅行跨界车', 'wagon'],
  ['跨界车', 'suv'],
  ['MPV', 'mpv'],
  ['硬顶跑车', 'coupe'],
  ['跑车', 'coupe'],
  ['软顶敞篷车', 'convertible'],
  ['硬顶敞篷车', 'convertible'],
  ['皮卡', 'pickup'],
  ['货车', 'truck'],
  ['客车', 'bus'],
  ['面包车', 'microvan'],
  ['微面', 'microvan'],
  ['轻客', 'bus'],
])('the structure %s is %s, alone and behind doors and seats', (structure, kind) => {
  expect(made('', { body_structure: structure })[0]).toBe(kind)
  expect(made('', { body_text: structure })[0]).toBe(kind)
  expect(made('', { body_text: `5门5座${structure}` })[0]).toBe(kind)
})

test('Седан/хэтчбек says neither: the table tells, else the trim, else nobody, and it is no unknown word', () => {
  expect(made('седан/хэтчбек', { body_text: '4门5座三厢车' })).toEqual(['sedan', 4, 5, 5])
  expect(made('Седан/хэтчбек', { body_text: '5门5座' }, '两厢 1.5l 自动')).toEqual(['hatchback', 5, 5, 5])
  expect(made('Седан/хэтчбек')).toEqual([undefined, undefined, undefined, undefined])
})

test('without a kind of body in the table the label holds', () => {
  expect(made('Минивэн', { body_text: '4门7/8/9座' })).toEqual(['mpv', 4, 7, 9])
})

test('numbers of the group of the body come before those of the text', () => {
  expect(made('', { body_text: '5门5座SUV', doors: '4', seats: '5-7' })).toEqual(['suv', 4, 5, 7])
})

test('the group of the body may say doors and seats with the structure, as the basic one does', () => {
  expect(made('', { body_structure: '4门5座三厢车' })).toEqual(['sedan', 4, 5, 5])
  expect(made('', { body_structure: '5门7座', body_text: '5门7座MPV' })).toEqual(['mpv', 5, 7, 7])
})

test('without a table the trim tells the seats', () => {
  expect(made('', {}, '2.0t 四驱 7座豪华版')).toEqual([undefined, undefined, 7, 7])
  expect(made('', {}, '2.0t 自动 5/7座')).toEqual([undefined, undefined, 5, 7])
  expect(made('', { seats: '5' }, '7座')).toEqual([undefined, undefined, 5, 5])
  expect(made('', {}, '2+2座')).toEqual([undefined, undefined, undefined, undefined])
})

test('seats of a form that nobody knows are not guessed from their digits', () => {
  expect(made('', { seats: '2+2' })).toEqual([undefined, undefined, undefined, undefined, 'seats:unreadable'])
  expect(made('', { seats: '2+2', body_text: '2门4座硬顶跑车' })).toEqual(['coupe', 2, 4, 4, 'seats:unreadable'])
})

test('a body that no dictionary has is counted', () => {
  expect(made('Лимузин')).toEqual([undefined, undefined, undefined, undefined, 'body_type:unmapped'])
})

/** Length, width, height, flags. */
function size(entries: Record<string, string>) {
  const notes = newNotes()
  const { length_mm, width_mm, height_mm } = sizeOf(table(entries), notes)
  return [length_mm, width_mm, height_mm, ...notes.flags]
}

test.each([
  ['4813*1903*1682', [4813, 1903, 1682]],
  ['5283*未知*1977', [5283, undefined, 1977]],
  ['5283*-*1977', [5283, undefined, 1977]],
  ['5283×1900', [undefined, undefined, undefined, 'dimensions:unreadable']],
])('%s are the sides %j', (text, sides) => {
  expect(size({ dimensions_text: text })).toEqual(sides)
})

test('a side that is told by itself comes before that of the text', () => {
  expect(size({ dimensions_text: '5283*未知*1977', width_mm: '1980' })).toEqual([5283, 1980, 1977])
})
