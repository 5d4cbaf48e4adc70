import { expect, test } from 'vitest'
import { table } from './fixtures/table.ts'
import { gearboxOf, shortGearbox } from './gearbox.ts'
import { newNotes } from './notes.ts'

test.each([
  ['5挡手动', { kind: 'manual', gears: 5 }],
  ['6档手动', { kind: 'manual', gears: 6 }],
  ['9挡手自一体', { kind: 'automatic', gears: 9 }],
  ['10挡手自一体', { kind: 'automatic', gears: 10 }],
  ['8挡自动', { kind: 'automatic', gears: 8 }],
  ['9挡自动变速箱（AT）', { kind: 'automatic', gears: 9 }],
  ['7挡湿式双离合', { kind: 'dct', gears: 7 }],
  ['7挡干式双离合', { kind: 'dct', gears: 7 }],
  ['7挡双离合变速箱', { kind: 'dct', gears: 7 }],
  ['6挡AMT', { kind: 'amt', gears: 6 }],
  ['AMT（组合10挡）', { kind: 'amt', gears: 10 }],
  ['1挡DHT', { kind: 'dht', gears: 1 }],
  ['DHT', { kind: 'dht' }],
  ['E-CVT无级变速', { kind: 'e_cvt' }],
  ['E-CVT+自动变速箱(模拟10挡)', { kind: 'e_cvt', simulated: 10 }],
  ['CVT无级变速', { kind: 'cvt' }],
  ['CVT无级变速(模拟8挡)', { kind: 'cvt', simulated: 8 }],
  ['CVT无级变速（模拟8档）', { kind: 'cvt', simulated: 8 }],
  ['电动车单速变速箱', { kind: 'single_speed' }],
  ['固定齿比变速箱', { kind: 'single_speed' }],
])('%s is read', (text, expected) => {
  expect(shortGearbox(text)).toEqual(expected)
})

test('the one short name that no rule knows is counted, and 待查 is nothing', () => {
  expect(shortGearbox('6挡三离合电驱变速器')).toBeUndefined()
  const notes = newNotes()
  gearboxOf({}, table({ transmission_text: '6挡三离合电驱变速器' }), '', notes)
  expect(notes.unmapped).toEqual({ transmission_text: '6挡三离合电驱变速器' })
})

/** Type, detail, gears, simulated gears, flags. */
function made(label: unknown, entries: Record<string, string> = {}, trim = '') {
  const notes = newNotes()
  const box = gearboxOf({ transmission_type: label }, table(entries), trim, notes)
  return [box.transmission_type, box.transmission_type_detail, box.gears, box.gears_simulated, ...notes.flags]
}

test.each([
  ['手动变速箱(MT)', 'manual'],
  ['手动变速箱', 'manual'],
  ['手自一体变速箱（AT）', 'automatic'],
  ['自动变速箱(AT)', 'automatic'],
  ['自动变速箱', 'automatic'],
  ['无级变速箱(CVT)', 'cvt'],
  ['无级变速箱', 'cvt'],
  ['电子无级变速箱(E-CVT)', 'e_cvt'],
  ['双离合变速箱(DCT)', 'dct'],
  ['湿式双离合变速箱(DCT)', 'dct'],
  ['干式双离合变速箱(DCT)', 'dct'],
  ['双离合变速箱', 'dct'],
  ['机械式自动变速箱(AMT)', 'amt'],
  ['序列变速箱(AMT)', 'amt'],
  ['ISR变速箱', 'amt'],
  ['混合动力专用变速箱(DHT)', 'dht'],
  ['固定齿比变速箱', 'single_speed'],
  ['电动车单速变速箱', 'single_speed'],
])('the type %s is %s', (type, detail) => {
  const wide = detail === 'manual' ? 'manual' : 'automatic'
  expect(made(wide, { transmission_type_detail: type }).slice(0, 2)).toEqual([wide, detail])
})

test.each([
  [
    ['Manual', 'manual', 'Механическая', 'механическая', '手动'],
    ['manual', 'manual', undefined, undefined],
  ],
  [
    ['Automatic', 'automatic', 'Автоматическая', 'АВТОМАТИЧЕСКАЯ', '自动'],
    ['automatic', undefined, undefined, undefined],
  ],
])('the labels %j tell manual from automatic, and of automatic ones not which', (labels, expected) => {
  for (const label of labels) expect([label, ...made(label)]).toEqual([label, ...expected])
})

test.each([
  [
    { gears: '9', transmission_type_detail: '手自一体变速箱(AT)', transmission_text: '9挡手自一体' },
    ['automatic', 9, undefined],
  ],
  [{ gears: '无级变速', transmission_type_detail: '无级变速箱(CVT)' }, ['cvt', undefined, undefined]],
  [{ gears: '8', transmission_text: 'CVT无级变速(模拟8挡)' }, ['cvt', undefined, 8]],
  [{ gears: '7挡', transmission_text: '7挡湿式双离合' }, ['dct', 7, undefined]],
  [{ transmission_text: '6挡手动' }, ['manual', 6, undefined]],
  [{ transmission_text: '电动车单速变速箱' }, ['single_speed', 1, undefined]],
])('of %j the gears are counted, and those of a continuous gearbox are pretended', (entries, expected) => {
  expect(made(undefined, entries).slice(1)).toEqual(expected)
})

test('what contradicts is told: label and table, type and short name', () => {
  expect(made('Manual', { transmission_text: '8挡自动' })).toEqual([
    ...['automatic', 'automatic', 8, undefined, 'transmission_type:conflict'],
  ])
  expect(made(null, { transmission_type_detail: '双离合变速箱', transmission_text: '8挡自动' })).toContain(
    'gearbox:conflict',
  )
})

test('where nothing else tells it, words of the trim do', () => {
  expect(made('', {}, '1.5l 手动舒适版')).toEqual(['manual', 'manual', undefined, undefined])
  expect(made('', {}, '1.5l 自动舒适版')).toEqual(['automatic', undefined, undefined, undefined])
})

test('gears that are none leave a flag', () => {
  expect(made('', { gears: '很多' })).toContain('gears:unreadable')
  expect(made('', { gears: '99' })).toContain('gears:out-of-range')
})
