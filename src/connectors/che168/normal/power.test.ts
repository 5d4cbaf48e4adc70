import { expect, test } from 'vitest'
import { table } from './fixtures/table.ts'
import { newNotes } from './notes.ts'
import { kwOf, powerOf, psOf } from './power.ts'

function made(data: object, entries: Record<string, string> = {}, powertrain: string | undefined = 'ice') {
  const notes = newNotes()
  return { ...powerOf({ ...data }, table(entries), powertrain, notes), flags: [...notes.flags] }
}

test('one metric horsepower is 0.73549875 kW, either way', () => {
  expect([kwOf(184), psOf(135), kwOf(1000), psOf(735.49875)]).toEqual([135, 184, 735, 1000])
})

test('the table comes before the fields of the advert, and these before its one number', () => {
  const data = { ice_power_ps: '190', ice_power_kw: '140', power: '192' }
  const entries = { engine_power_ps: '191', engine_power_kw: '140' }
  expect(made(data, entries)).toMatchObject({ power: 191, power_kw: 140, max_horsepower: 191, max_power_kw: 140 })
  expect(made(data)).toMatchObject({ power: 190, power_kw: 140, max_horsepower: undefined, max_power_kw: undefined })
  expect(made({ power: '192.0' })).toMatchObject({ power: 192, power_kw: 141, flags: [] })
  expect(made({}, { engine_text: '1.5T 184马力 L4' })).toMatchObject({ power: 184, max_horsepower: 184 })
  expect(made({}, { engine_power_kw: '135' })).toMatchObject({
    power: 184,
    max_horsepower: undefined,
    max_power_kw: 135,
  })
})

test('power of the whole car is not that of the engine', () => {
  const entries = { system_power_kw: '160', engine_power_kw: '81', engine_power_ps: '110', motor_power_kw: '145' }
  expect(made({ power: '218' }, entries, 'phev')).toMatchObject({
    ...{ power: 110, power_kw: 81, max_power_kw: 81, system_power_kw: 160, motor_power_kw: 145, flags: [] },
  })
})

test('of an electric car power is that of its motors', () => {
  expect(made({ power: '204' }, { motor_power_kw: '150', engine_text: '纯电动 204马力' }, 'bev')).toMatchObject({
    ...{ power: 204, power_kw: 150, max_horsepower: 204, max_power_kw: 150, motor_power_kw: 150, flags: [] },
  })
  expect(made({ electric_power_ps: '204', electric_power_kw: '150' }, {}, 'bev')).toMatchObject({
    power: 204,
    power_kw: 150,
  })
})

test('fields of hybrids tell of the car, fields of motors of these', () => {
  const data = { ice_power_kw: '81', hybrid_power_ps: '218', electric_power_kw: '145' }
  expect(made(data, {}, 'phev')).toMatchObject({ power: 110, system_power_kw: 160, motor_power_kw: 145 })
})

test.each([
  [{ power: '184' }, { engine_power_ps: '186' }, []],
  [{ power: '184' }, { engine_power_ps: '187' }, ['power:conflict']],
  [{}, { engine_power_ps: '184', engine_power_kw: '120' }, ['power:conflict']],
  [{ ice_power_ps: '184', ice_power_kw: '90' }, {}, ['power:conflict']],
  [{ ice_power_kw: '90' }, { engine_power_ps: '191' }, ['power:conflict']],
  [{ ice_power_kw: '140' }, { engine_power_ps: '191' }, []],
  [{ power: '1e3' }, {}, ['power:unreadable']],
  [{ power: '20000' }, {}, ['power:out-of-range']],
  [{ power: '0' }, {}, []],
])('power %j beside %j has the flags %j: two PS are rounding, three are not', (data, entries, flags) => {
  expect(made(data, entries).flags).toEqual(flags)
})

test('torque is that of the engine, and of the car where only that is told', () => {
  const both = { engine_torque_nm: '250', system_torque_nm: '280' }
  expect(made({}, both)).toMatchObject({ torque_nm: 250, system_torque_nm: 280 })
  expect(made({}, { system_torque_nm: '280' })).toMatchObject({ torque_nm: 280, system_torque_nm: 280 })
  expect(made({}, { system_torque_nm: '620' }, 'reev')).toMatchObject({ torque_nm: undefined, system_torque_nm: 620 })
  expect(made({}, { motor_torque_nm: '310', engine_torque_nm: '1' }, 'bev').torque_nm).toBe(310)
})
