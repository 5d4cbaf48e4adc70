import { expect, test } from 'vitest'
import { energyOf } from './energy.ts'
import { table } from './fixtures/table.ts'
import { newNotes } from './notes.ts'

/** What it makes of a label, and of a table. */
function made(engine_type: unknown, entries: Record<string, string> = {}) {
  const notes = newNotes()
  const { engine_type: kind, powertrain, fuel_type } = energyOf({ engine_type }, table(entries), notes)
  return [kind, powertrain, fuel_type, ...notes.flags]
}

test.each([
  [
    ['汽油', 'Gasoline', 'gasoline', 'Бензиновый', 'бензиновый', 'бензин'],
    ['petrol', 'ice', 'petrol'],
  ],
  [
    ['汽油+48V轻混系统', 'Gasoline + 48V Mild Hybrid', 'Бензиновый + 48V mild hybrid', 'бензиновый + 48v mild hybrid'],
    ['petrol_48v', 'mhev', 'petrol'],
  ],
  [
    ['汽油+24V轻混系统', 'Gasoline + 24V Mild Hybrid', 'Бензиновый + 24V mild hybrid'],
    ['petrol_24v', 'mhev', 'petrol'],
  ],
  [
    ['汽油+90V轻混系统', 'Бензиновый + 90V mild hybrid'],
    ['petrol_90v', 'mhev', 'petrol'],
  ],
  [
    ['汽油电驱', 'Бензиновый с электроприводом'],
    ['petrol_electric_drive', 'hev', 'petrol'],
  ],
  [
    ['油电混合', '混合动力', 'Hybrid', 'Гибридный (HEV)'],
    ['hybrid', 'hev', 'petrol'],
  ],
  [
    ['插电式混合动力', '插电混动', '插混', 'Plug-in Hybrid', 'plug-in hybrid', 'Подключаемый гибрид (PHEV)'],
    ['plug_in_hybrid', 'phev', 'petrol'],
  ],
  [
    ['增程式', '增程', 'Range Extender', 'Расширитель диапазона (REEV)'],
    ['range_extender', 'reev', 'petrol'],
  ],
  [
    ['纯电动', '纯电', 'Electric', 'Электрический (BEV)', 'Электрический'],
    ['electric', 'bev', 'electric'],
  ],
  [
    ['柴油', 'Diesel', 'Дизельный'],
    ['diesel', 'ice', 'diesel'],
  ],
  [
    ['柴油+48V轻混系统', 'Дизельный + 48V mild hybrid'],
    ['diesel_48v', 'mhev', 'diesel'],
  ],
  [
    ['汽油+CNG', '汽油+天然气', 'Gasoline + CNG', 'Бензиновый + CNG', 'Бензиновый + природный газ'],
    ['petrol_cng', 'ice', 'petrol_cng'],
  ],
  [
    ['CNG', '天然气'],
    ['cng', 'ice', 'cng'],
  ],
  [
    ['氢燃料', '氢燃料电池', 'Hydrogen Fuel Cell'],
    ['hydrogen', 'fcev', 'hydrogen'],
  ],
  [['甲醇混动'], ['methanol_hybrid', 'hev', 'methanol']],
  [['甲醇'], ['methanol', 'ice', 'methanol']],
])('%j mean the same, as label and in the table', (words, expected) => {
  for (const word of words) expect([word, ...made(word)]).toEqual([word, ...expected])
  for (const word of words) expect([word, ...made('', { powertrain: word })]).toEqual([word, ...expected])
})

test('the table holds where the label says otherwise, and a flag tells of it', () => {
  expect(made('Бензиновый', { powertrain: '汽油+48V轻混系统' })).toEqual([
    ...['petrol_48v', 'mhev', 'petrol', 'engine_type:conflict'],
  ])
})

test('what a hybrid burns does not make it a car with an engine alone', () => {
  expect(made('Plug-in Hybrid', { engine_fuel: '汽油' })).toEqual(['plug_in_hybrid', 'phev', 'petrol'])
  expect(made(null, { engine_fuel: '柴油' })).toEqual(['diesel', 'ice', 'diesel'])
})

test('what the engine burns holds against a label that says otherwise, as all of the table does', () => {
  const wrong = (label: string, engine_fuel: string) => made(label, { engine_fuel })
  expect(wrong('Electric', '汽油')).toEqual(['petrol', 'ice', 'petrol', 'engine_type:conflict'])
  expect(wrong('Gasoline', '柴油')).toEqual(['diesel', 'ice', 'diesel', 'engine_type:conflict'])
  expect(wrong('Gasoline', '汽油+48V轻混系统')).toEqual(['petrol_48v', 'mhev', 'petrol', 'engine_type:conflict'])
  expect(wrong('Plug-in Hybrid', '柴油')).toEqual(['plug_in_hybrid', 'phev', 'petrol', 'engine_type:conflict'])
  expect(wrong('Gasoline', '汽油')).toEqual(['petrol', 'ice', 'petrol'])
})

test('where nothing else tells it, the text of the engine does', () => {
  expect(made(undefined, { engine_text: '纯电动 136马力' })).toEqual(['electric', 'bev', 'electric'])
  expect(made('Gasoline', { engine_text: '纯电动 136马力' })).toEqual([
    ...['electric', 'bev', 'electric', 'engine_type:conflict'],
  ])
  expect(made(undefined, { engine_text: '增程式 84马力' })).toEqual(['range_extender', 'reev', 'petrol'])
})

test('a word that is not known is counted', () => {
  expect(made('Кизяк')).toEqual([undefined, undefined, undefined, 'engine_type:unmapped'])
})
