import { expect, test } from 'vitest'
import { driveOf, driveWords } from './drive.ts'
import { table } from './fixtures/table.ts'
import { newNotes } from './notes.ts'

test.each([
  ['前置前驱', 'fwd', 'front'],
  ['前驱', 'fwd', undefined],
  ['两驱', null, undefined],
  ['前置后驱', 'rwd', 'front'],
  ['中置后驱', 'rwd', 'mid'],
  ['后置后驱', 'rwd', 'rear'],
  ['后驱', 'rwd', undefined],
  ['双电机后驱', 'rwd', undefined],
  ['前置四驱', 'awd', 'front'],
  ['中置四驱', 'awd', 'mid'],
  ['后置四驱', 'awd', 'rear'],
  ['四驱', 'awd', undefined],
  ['双电机四驱', 'awd', undefined],
  ['三电机四驱', 'awd', undefined],
  ['四电机四驱', 'awd', undefined],
  ['FWD', 'fwd', undefined],
  ['RWD', 'rwd', undefined],
  ['AWD', 'awd', undefined],
  ['RWD (dual-motor)', 'rwd', undefined],
  ['AWD (dual-motor)', 'awd', undefined],
  ['AWD (tri-motor)', 'awd', undefined],
  ['AWD (quad-motor)', 'awd', undefined],
  ['RWD (mid-engine)', 'rwd', 'mid'],
  ['awd (front-engine)', 'awd', 'front'],
  ['AWD（front-engine）', 'awd', 'front'],
  ['Other', 'other', undefined],
  ['передний привод', 'fwd', undefined],
  ['задний привод', 'rwd', undefined],
  ['Полный привод', 'awd', undefined],
])('%s drives %s, with the engine %s', (words, wheels, position) => {
  expect(driveWords(words)).toEqual(position === undefined ? { wheels } : { wheels, position })
})

/** Wheels, position of the engine, flags. */
function made(label: unknown, entries: Record<string, string> = {}, trim = '') {
  const notes = newNotes()
  const { drive_type, engine_position } = driveOf({ drive_type: label }, table(entries), trim, notes)
  return [drive_type, engine_position, ...notes.flags]
}

test('the table comes before the label, and the label before the trim', () => {
  expect(made('задний привод', { drive: '前置后驱' })).toEqual(['rwd', 'front'])
  expect(made('AWD', { drive: '前置前驱' }, '四驱')).toEqual(['fwd', 'front', 'drive_type:conflict'])
  expect(made('RWD', {}, '四驱')).toEqual(['rwd', undefined])
  expect(made('', {}, '2.0t 四驱豪华版')).toEqual(['awd', undefined])
  expect(made('', {}, '后驱长续航版')).toEqual(['rwd', undefined])
  expect(made('', {}, '前驱版')).toEqual(['fwd', undefined])
})

test('两驱 does not say which axle, in the table as in the trim', () => {
  expect(made('', { drive: '两驱' }, '两驱豪华版')).toEqual([undefined, undefined])
  expect(made('FWD', { drive: '两驱' })).toEqual(['fwd', undefined])
})

test('what 两驱 says of two wheels, neither a label nor the trim makes four', () => {
  expect(made('AWD', { drive: '两驱' })).toEqual([undefined, undefined, 'drive_type:conflict'])
  expect(made('AWD', { drive: '两驱' }, '后驱版')).toEqual(['rwd', undefined, 'drive_type:conflict'])
  expect(made('', { drive: '两驱' }, '四驱版')).toEqual([undefined, undefined])
  expect(made('两驱', {}, '四驱版')).toEqual([undefined, undefined])
})

test('the kind of four-wheel drive alone says that four wheels are driven', () => {
  expect(made('', { awd_kind: '分时四驱' })).toEqual(['4wd_part_time', undefined])
  expect(made('FWD', { awd_kind: '适时四驱' })).toEqual(['awd', undefined, 'drive_type:conflict'])
  expect(made('FWD', { drive: '前置前驱', awd_kind: '-' })).toEqual(['fwd', 'front'])
})

test.each([
  ['分时四驱', '4wd_part_time'],
  ['全时四驱', 'awd'],
  ['适时四驱', 'awd'],
])('四驱形式 %s makes it %s', (kind, wheels) => {
  expect(made('', { drive: '前置四驱', awd_kind: kind })).toEqual([wheels, 'front'])
})

test('where the engine lies is told by its own parameter too; how it lies is not where', () => {
  expect(made('', { drive: '四驱', engine_layout: '后置' })).toEqual(['awd', 'rear'])
  expect(made('', { drive: '四驱', engine_layout: '纵置' })).toEqual(['awd', undefined])
})

test('words that no dictionary has are counted', () => {
  expect(made('六驱')).toEqual([undefined, undefined, 'drive_type:unmapped'])
})
