import { expect, test } from 'vitest'
import { batteryOf, engineOf, engineText } from './engine.ts'
import { table } from './fixtures/table.ts'
import { newNotes } from './notes.ts'

test.each([
  ['1.5T 184马力 L4', { litres: 1.5, aspiration: 'turbo', ps: 184, layout: 'L', cylinders: 4 }],
  ['2.0L  150马力 L4', { litres: 2, aspiration: 'natural', ps: 150, layout: 'L', cylinders: 4 }],
  ['4.0T 571马力 V8', { litres: 4, aspiration: 'turbo', ps: 571, layout: 'V', cylinders: 8 }],
  ['2.5L 184马力 H4', { litres: 2.5, aspiration: 'natural', ps: 184, layout: 'H', cylinders: 4 }],
  ['6.0T 635马力 W12', { litres: 6, aspiration: 'turbo', ps: 635, layout: 'W', cylinders: 12 }],
  ['1.3L 192马力 R2', { litres: 1.3, aspiration: 'natural', ps: 192, layout: 'R', cylinders: 2 }],
  ['1.5L 99马力 --', { litres: 1.5, aspiration: 'natural', ps: 99 }],
  ['增程式 84马力', { ps: 84 }],
  ['增程式 150马力 L4', { ps: 150, layout: 'L', cylinders: 4 }],
  ['增程器 95马力', { ps: 95 }],
  ['纯电动 136马力', { ps: 136 }],
  ['纯电动', {}],
  ['增程式', {}],
])('%s is read', (text, expected) => {
  expect(engineText(text)).toEqual(expected)
})

test.each(['', '15T 184马力 L4', '1.5X 184马力', '184 hp', '1.5T184kW'])('%s is no text of an engine', text => {
  expect(engineText(text)).toBeUndefined()
})

/** Size of the engine of a field and a table: the answer, the table's litres, cc; flags. */
function size(displacement: unknown, entries: Record<string, string> = {}) {
  const notes = newNotes()
  const engine = engineOf({ displacement }, table(entries), notes)
  return [engine.displacement, engine.displacement_l, engine.displacement_cc, ...notes.flags]
}

test.each([
  ['1.5', {}, [1.5, undefined, undefined]],
  [5.2, {}, [5.2, undefined, undefined]],
  ['0', {}, [undefined, undefined, undefined]],
  ['', {}, [undefined, undefined, undefined]],
  [1498, {}, [1.5, undefined, 1498]],
  ['1498', {}, [1.5, undefined, 1498]],
  ['1.5', { displacement_l: '1.5', displacement_cc: '1497' }, [1.5, 1.5, 1497]],
  [null, { engine_text: '2.0T 245马力 L4' }, [2, 2, undefined]],
  [null, { displacement_cc: '998' }, [1, 1, 998]],
  ['1.4', { displacement_cc: '998' }, [1, 1, 998, 'displacement:conflict']],
  ['1,5,', {}, [undefined, undefined, undefined, 'displacement:unreadable']],
  [30, {}, [undefined, undefined, undefined, 'displacement:out-of-range']],
  [99_999, {}, [undefined, undefined, undefined, 'displacement:out-of-range']],
])(
  'displacement %j beside %j: litres, those of the table, and cc that are never made of litres',
  (field, entries, expected) => {
    expect(size(field, entries)).toEqual(expected)
  },
)

test('aspiration is not the valvetrain', () => {
  const { aspiration } = engineOf({}, table({ valvetrain: 'DOHC' }), newNotes())
  expect(aspiration).toBeUndefined()
  expect(engineOf({}, table({ aspiration: '机械+涡轮增压', valvetrain: 'DOHC' }), newNotes()).aspiration).toBe(
    'twin_charged',
  )
})

test.each([
  ['自然吸气', 'natural'],
  ['涡轮增压', 'turbo'],
  ['双涡轮增压', 'twin_turbo'],
  ['三涡轮增压', 'tri_turbo'],
  ['四涡轮增压', 'quad_turbo'],
  ['机械增压', 'supercharger'],
  ['双增压（机械+涡轮）', 'twin_charged'],
  ['电动增压', 'electric_supercharger'],
])('%s is %s', (word, aspiration) => {
  expect(engineOf({}, table({ aspiration: word }), newNotes()).aspiration).toBe(aspiration)
})

test('a text of another form is counted, for what it says is lost', () => {
  const notes = newNotes()
  expect(engineOf({ displacement: '2.0' }, table({ engine_text: '2.0T混动 245' }), notes).displacement).toBe(2)
  expect(notes.unmapped).toEqual({ engine_text: '2.0T混动 245' })
  engineOf({}, table({ engine_text: '纯电动' }), notes)
  expect(Object.keys(notes.unmapped)).toHaveLength(1)
})

test('cylinders lie as L, V, H, W or R, and another word is counted', () => {
  const made = (cylinder_layout: string) => {
    const notes = newNotes()
    const engine = engineOf({}, table({ cylinder_layout, engine_text: '1.5T 184马力 L4' }), notes)
    return [engine.cylinder_layout, ...notes.flags]
  }
  for (const letter of ['L', 'V', 'H', 'W', 'R']) expect(made(letter)).toEqual([letter])
  expect(made('ｖ')).toEqual(['V'])
  expect(made('星形')).toEqual(['L', 'cylinder_layout:unmapped'])
})

test('of ranges that of CLTC comes before WLTC and NEDC, and the cycle is told', () => {
  const all = { ev_range_km_nedc: '600', ev_range_km_wltc: '450', ev_range_km_cltc: '510' }
  const of = (entries: Record<string, string>) => {
    const { ev_range_km, ev_range_cycle } = batteryOf(table(entries), newNotes())
    return [ev_range_km, ev_range_cycle]
  }
  expect(of(all)).toEqual([510, 'cltc'])
  expect(of({ ...all, ev_range_km_cltc: '0' })).toEqual([450, 'wltc'])
  expect(of({ ev_range_km_nedc: '600' })).toEqual([600, 'nedc'])
  expect(of({})).toEqual([undefined, undefined])
})

test('what there is of a battery: energy to two digits, its kind, and how long fast and slow charges take', () => {
  const entries = { battery_kwh: '60.456', battery_type: '磷酸铁锂电池', fast_charge_h: '0.5', slow_charge_h: '6.5' }
  expect(batteryOf(table(entries), newNotes())).toMatchObject({
    ...{ battery_kwh: 60.46, battery_type: 'lfp', fast_charge_h: 0.5, slow_charge_h: 6.5 },
  })
})
