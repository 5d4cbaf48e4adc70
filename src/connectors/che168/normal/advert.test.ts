import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normalized } from './advert.ts'

const innerId = '50000001'

function made(data: object) {
  const { values: row, notes } = normalized({ innerId, data: { ...data }, year: 2026 })
  return { ...row, flags: [...notes.flags].toSorted(), unmapped: notes.unmapped }
}

test.each([
  ['135800', 135_800, []],
  [135_800, 135_800, []],
  ['13.58万', 135_800, []],
  ['0', undefined, ['price:zero']],
  [-5, undefined, ['price:out-of-range']],
  ['100000000', 100_000_000, []],
  ['100000001', undefined, ['price:out-of-range']],
  ['面议', undefined, ['price:unreadable']],
  ['98000.5', undefined, ['price:unreadable']],
  ['', undefined, []],
])('the price %j is %j', (price, expected, flags) => {
  expect(made({ price })).toMatchObject({ price: expected, flags })
})

test.each([
  ['0', 0, []],
  [0, 0, []],
  ['62000', 62_000, []],
  ['6.2万公里', 62_000, []],
  ['1000001', 1_000_001, ['km_age:high']],
  ['10000001', undefined, ['km_age:out-of-range']],
  [[], undefined, []],
  ['-1', undefined, ['km_age:out-of-range']],
  ['много', undefined, ['km_age:unreadable']],
  [null, undefined, []],
])('the mileage %j is %j: none is a reading', (km_age, expected, flags) => {
  expect(made({ km_age })).toMatchObject({ km_age: expected, flags })
})

test.each([
  ['2022', 2022, []],
  ['2027', 2027, []],
  ['2028', undefined, ['year:out-of-range']],
  ['1980', 1980, []],
  ['1979', undefined, ['year:out-of-range']],
  ['二零一九', undefined, ['year:unreadable']],
  ['0', undefined, []],
])('the year %j, seen in 2026, is %j', (year, expected, flags) => {
  expect(made({ year })).toMatchObject({ year: expected, flags })
})

test('a year that is not told is that of the name of the trim', () => {
  const value = '奔驰C级 2019款 C 260 运动版'
  const configuration = { paramtypeitems: [{ name: '基本参数', paramitems: [{ name: '车型名称', value }] }] }
  expect(made({ year: '', configuration })).toMatchObject({ year: 2019, car_name: value, trim_zh: 'C 260 运动版' })
  expect(made({ year: '2020', complectation: 'C 260', configuration })).toMatchObject({ year: 2020, trim_zh: 'C 260' })
})

test('a month is no day: of the registration it is told so, of the offer there is no day', () => {
  expect(made({ first_registration: '2019-06', offer_created: '2026-02' })).toMatchObject({
    ...{ first_registration: '2019-06-01', first_registration_precision: 'month', offer_created: undefined },
    flags: ['offer_created:month-only'],
  })
})

test('an imported car is marked by its maker or its trim', () => {
  const made1 = (value: string) => ({ paramtypeitems: [{ name: '基本参数', paramitems: [{ name: '厂商', value }] }] })
  expect(made({ configuration: made1('奥迪(进口)') })).toMatchObject({ imported: true, manufacturer: 'Audi' })
  expect(made({ configuration: made1('北京奔驰') })).toMatchObject({ imported: false, manufacturer: 'Beijing Benz' })
  expect(made({ complectation: '平行进口 3.0T' })).toMatchObject({ imported: true })
  expect(made({})).toMatchObject({ imported: undefined })
})

test('an electric car with the size of an engine is told, for it may be none', () => {
  expect(made({ engine_type: 'Electric', displacement: '2.0' }).flags).toEqual(['engine_type:conflict'])
  expect(made({ engine_type: 'Electric', displacement: '0' }).flags).toEqual([])
  expect(made({ engine_type: 'Gasoline', displacement: '2.0' }).flags).toEqual([])
})

test('the price of the new car is counted in 万', () => {
  const table = (value: string) => ({
    paramtypeitems: [{ name: '基本参数', paramitems: [{ name: '厂商指导价(元)', value }] }],
  })
  expect(made({ configuration: table('31.08万') }).msrp).toBe(310_800)
  expect(made({ configuration: table('364.50万') }).msrp).toBe(3_645_000)
  expect(made({ configuration: table('暂无报价') }).msrp).toBeUndefined()
  expect(made({ configuration: table('31.08') })).toMatchObject({ msrp: undefined, flags: ['msrp:out-of-range'] })
})

test('extra may be JSON in a text, and text that is none costs nothing else', () => {
  const extra = { option: { displayopts: [{ optionname: '自动驻车' }] } }
  expect(made({ extra: JSON.stringify(extra), price: 5 })).toMatchObject({ options: [{ name: '自动驻车' }], price: 5 })
  expect(made({ extra: '{"inspection":{},"configuration":{"specid":', price: 5 })).toMatchObject({
    ...{ price: 5, flags: ['extra:unreadable'] },
  })
})

test('signs that no database stores, which JSON in a text can bring along, cost nothing', () => {
  const item = '{"name":"发动机型号","value":"264\\u0000 915\\ud800"}'
  const extra = `{"configuration":{"paramtypeitems":[{"name":"发动机","paramitems":[${item}]}]}}`
  expect(made({ extra })).toMatchObject({ engine_model: '264 915\ufffd', flags: [] })
})

test('a name longer than any name is none, and costs its own field alone', () => {
  const long = '汉'.repeat(201)
  const configuration = { paramtypeitems: [{ name: '基本参数', paramitems: [{ name: '厂商', value: long }] }] }
  expect(made({ mark: long, model: long, salon_id: long, configuration, price: 5 })).toMatchObject({
    ...{ mark: undefined, model: undefined, salon_id: undefined, manufacturer: undefined, price: 5 },
    flags: ['manufacturer:unreadable', 'mark:unreadable', 'model:unreadable', 'salon_id:unreadable'],
  })
  expect(made({ model: 'x'.repeat(200) }).model).toHaveLength(200)
})

test('an empty list in the place of a thing says nothing', () => {
  expect(made({ extra: [], configuration: '[]' }).flags).toEqual([])
})

test("the seller's text stays as it is, with the phone number in it", () => {
  expect(made({ description: ' 一手车 电话 13800138000 ' }).description).toBe('一手车 电话 13800138000')
})

test('an advert of which nothing is known has no value, and no flag', () => {
  const { flags, unmapped, ...row } = made({})
  expect([flags, unmapped, Object.values(row).filter(value => value !== undefined)]).toEqual([[], {}, []])
})

const fields = [
  ...[
    'mark',
    'model',
    'year',
    'color',
    'price',
    'km_age',
    'engine_type',
    'transmission_type',
    'body_type',
    'drive_type',
  ],
  ...[
    'displacement',
    'power',
    'ice_power_ps',
    'ice_power_kw',
    'hybrid_power_ps',
    'electric_power_kw',
    'address',
    'vin',
  ],
  ...['seller_type', 'is_dealer', 'section', 'salon_id', 'description', 'offer_created', 'first_registration', 'url'],
  ...['images', 'specid', 'complectation', 'configuration', 'extra'],
]
const texts = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom(...'0123456789.-, 万公里年月款门座挡TL马力国VI(进口)[]{}":未知') }),
  fc.constantFrom('-', '待查', '2019款', '4门7/8/9座', '[1]', '{}', '{"a":1}', '5283*未知*1977'),
)
const item = fc.record({
  id: fc.anything(),
  name: fc.oneof(texts, fc.constant('排量(mL)')),
  value: fc.oneof(texts, fc.anything()),
})
const group = fc.record({ name: fc.constantFrom('基本参数', '发动机', '车身', '变速箱'), paramitems: fc.array(item) })
const tables = fc.record({ specid: fc.anything(), paramtypeitems: fc.array(fc.oneof(group, fc.anything())) })
const values = fc.oneof(texts, fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.anything(), tables)

test('whatever the fields hold, nothing is thrown, and the same advert becomes the same row twice', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...fields), values), data => {
      expect(made(data)).toEqual(made(data))
    }),
    { numRuns: 1_000 },
  )
})

test('whatever a number is written like, it becomes that number or none', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000_000 }), fc.constantFrom('', '.0', '.00'), (price, zeros) => {
      expect(made({ price: `${price}${zeros}` }).price).toBe(price)
      expect(made({ price }).price).toBe(price)
    }),
  )
})
