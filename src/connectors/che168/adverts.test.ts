import { expect, test } from 'vitest'
import type { DerivedStream } from '../../core/stream.ts'
import { adverts, normalizerVersion } from './adverts.ts'
import advert from './normal/fixtures/advert.json' with { type: 'json' }

const moment = '2026-02-06T08:18:10.679123+00:00'

/** A raw row as it is read from the database. */
const raw = (data: unknown, row: object = {}) => ({
  ...{ account: 'main', id: 1, inner_id: '50000001', vendor_id: '8350525', change_type: 'added', created_at: moment },
  ...{ data, first_loaded_at: moment, last_updated_at: moment, source: 'initial_load', active_status: 0 },
  removed_at: null,
  ...{ is_processed: false, last_change_id: 8_350_524, is_partial: false, ...row },
})

const { record, rows } = adverts as DerivedStream

function made(data: unknown, row: object = {}) {
  const made = rows(record.parse(raw(data, row)), { account: 'main', options: {} })!
  expect(made).toHaveLength(1)
  return made[0]!
}

test('an active advert, with what is known of it beside what it says', () => {
  const at = new Date('2026-02-06T08:18:10.679Z')
  expect(made({ mark: 'Kia', price: '0' })).toMatchObject({
    ...{ inner_id: '50000001', vendor_id: '8350525', active: true, partial: false, removed_at: null },
    ...{ first_seen_at: at, last_seen_at: at, vendor_event_at: at, last_change_id: '8350524' },
    ...{ mark: 'Kia', quality_flags: ['price:zero'], unmapped: null, normalizer_version: normalizerVersion },
  })
})

test('one that is removed keeps its row, marked with the time of the event', () => {
  const row = { active_status: 1, change_type: 'changed', removed_at: '2026-03-01T11:00:00+03:00' }
  expect(made({ mark: 'Kia', price: '8000' }, row)).toMatchObject({
    ...{ active: false, removed_at: new Date('2026-03-01T08:00:00Z'), mark: 'Kia', price: 8000 },
  })
})

test('one of which only pieces are known is a row too, and marked', () => {
  const row = { is_partial: true, vendor_id: null, created_at: null, last_change_id: null }
  expect(made({ price: 7500 }, row)).toMatchObject({
    ...{ partial: true, price: 7500, mark: undefined, quality_flags: ['record:partial'], last_change_id: '0' },
  })
  expect(made({}, { ...row, active_status: 1, change_type: 'removed' })).toMatchObject({
    active: false,
    removed_at: null,
  })
})

test('an empty list in place of a value says nothing', () => {
  expect(made({ mark: 'Kia', price: [], color: [], model: [] })).toMatchObject({
    ...{ mark: 'Kia', price: undefined, color: undefined, model: undefined, quality_flags: null },
  })
})

test.each([
  [{ price: [158_000] }, 'data.price'],
  [{ km_age: { value: 62_000 } }, 'data.km_age'],
  [{ year: true }, 'data.year'],
  [{ mark: ['Kia'] }, 'data.mark'],
  [{ model: {} }, 'data.model'],
  ['{"mark":"Kia"}', 'data'],
  [[], 'data'],
  [null, 'data'],
])('%j is no advert, for its %s', (data, field) => {
  const { error } = record.safeParse(raw(data))
  expect(error?.issues[0]).toMatchObject({ path: field.split('.'), message: expect.stringMatching(/^is n/) })
})

test.each([null, '', 'abc', 50_000_001])('%j is no number of an advert', inner_id => {
  expect(record.safeParse(raw({}, { inner_id })).success).toBe(false)
})

test.each<[object, string]>([
  [{ price: '面议' }, 'price:unreadable'],
  [{ is_dealer: 'maybe' }, 'is_dealer:unreadable'],
  [{ color: ['red'], price: 5 }, 'color:unreadable'],
  [{ address: { city: '北京' } }, 'address:unreadable'],
  [{ images: { 0: 'https://2sc2.autoimg.cn/a.jpg' } }, 'images:unreadable'],
  [{ extra: [1] }, 'extra:unreadable'],
  [{ extra: { option: [{ optionname: '自动驻车' }] } }, 'option:unreadable'],
  [{ color: true }, 'color:unreadable'],
  [{ vin: false }, 'vin:unreadable'],
  [{ is_dealer: {} }, 'is_dealer:unreadable'],
  [{ extra: '{"inspection":' }, 'extra:unreadable'],
  [{ images: '["https://2sc2.autoimg' }, 'images:unreadable'],
  [{ first_registration: '2019-13' }, 'first_registration:unreadable'],
])('of %j only the field is lost: %s', (data, flag) => {
  expect(made(data).quality_flags).toEqual([flag])
})

test("the advert of the vendor's Russian documentation, with the configuration that it shows, becomes this row", () => {
  const configuration = {
    ...{ 'Название модели': 'Chery QQ3 2012 Стандарт 1.0L МКПП', 'Тип топлива': 'бензин' },
    ...{ 'Экологический стандарт': 'Евро-4+OBD', 'Рабочий объем (мл)': '998' },
    ...{ 'Максимальная мощность (л.с.)': '69', 'Разгон 0-100 км/ч (с)': '-' },
  }
  const data = {
    ...{ mark: 'Kia', model: 'K2', year: 2013, first_registration: '2013-05', color: 'белый', price: 8000 },
    ...{ km_age: 110_000, engine_type: 'бензиновый', transmission_type: 'механическая', body_type: 'седан' },
    ...{ address: 'Цзыбо', seller_type: 'dealer', is_dealer: true, section: 'б/у', salon_id: '527477' },
    ...{ displacement: 1.4, power: 109, offer_created: '2025-04-29', configuration },
  }
  expect(made(data)).toMatchObject({
    ...{ mark: 'Kia', model: 'K2', year: 2013, first_registration: '2013-05-01', color: 'white', price: 8000 },
    ...{ km_age: 110_000, engine_type: 'petrol', fuel_type: 'petrol', powertrain: 'ice', transmission_type: 'manual' },
    ...{ body_type: 'sedan', city_code: '3703', city: 'Zibo', seller_type: 'dealer', is_dealer: true, section: 'used' },
    ...{ salon_id: '527477', offer_created: '2025-04-29', emission_standard: 'euro_4' },
    ...{ displacement: 1, displacement_l: 1, displacement_cc: 998, power: 69, max_horsepower: 69, power_kw: 51 },
    ...{ quality_flags: ['displacement:conflict', 'power:conflict'], unmapped: null },
  })
})

test("the advert of the vendor's English documentation becomes this row", () => {
  const data = {
    ...{ mark: 'Lamborghini', model: 'Huracán', year: 2020, color: 'Red', price: 1_890_000, km_age: 19_000 },
    ...{ engine_type: 'Gasoline', transmission_type: 'Automatic', body_type: 'Sports Car' },
    ...{ drive_type: 'RWD (mid-engine)', address: 'Shanghai, Minhang', is_dealer: true, section: 'Used' },
    ...{ displacement: 5.2, power: 610, offer_created: '2025-08-05', extra: { inspection: {}, configuration: {} } },
  }
  expect(made(data)).toMatchObject({
    ...{ mark: 'Lamborghini', model: 'Huracán', year: 2020, color: 'red', price: 1_890_000, km_age: 19_000 },
    ...{ fuel_type: 'petrol', transmission_type: 'automatic', transmission_type_detail: undefined, body_type: 'coupe' },
    ...{ drive_type: 'rwd', engine_position: 'mid', city_code: '3101', district_code: '310112' },
    ...{
      displacement: 5.2,
      displacement_cc: undefined,
      power: 610,
      power_kw: 449,
      quality_flags: null,
      unmapped: null,
    },
  })
})

test('an advert in the shape in which consumers of the feed see them becomes this row', () => {
  expect(made(advert)).toMatchObject(observed)
})

const observed = {
  ...{ mark: 'Mercedes-Benz', model: 'C-Class', manufacturer: 'Beijing Benz', car_class: 'mid_size', year: 2019 },
  ...{ color: 'black', price: 135_800, msrp: 310_800, km_age: 62_000, imported: false, specid: 36_885 },
  ...{ engine_type: 'petrol_48v', powertrain: 'mhev', fuel_type: 'petrol', emission_standard: 'china_6' },
  ...{ displacement: 1.5, displacement_l: 1.5, displacement_cc: 1497, aspiration: 'turbo', cylinders: 4 },
  ...{ power: 184, power_kw: 135, max_horsepower: 184, max_power_kw: 135, system_power_kw: 135, torque_nm: 280 },
  ...{ transmission_type: 'automatic', transmission_type_detail: 'automatic', gears: 9 },
  ...{ drive_type: 'rwd', engine_position: 'front', body_type: 'sedan', doors: 4, seats_min: 5, seats_max: 5 },
  ...{ length_mm: 4704, width_mm: 1810, height_mm: 1454, wheelbase_mm: 2840 },
  ...{ address: 'Zhongshan, Xiqu', city_code: '4420', district_code: '442000004', province_code: '44' },
  ...{ seller_type: 'dealer', is_dealer: true, section: 'used', salon_id: '451591', image_count: 1 },
  ...{ first_registration: '2019-06-01', offer_created: '2026-02-06', vin: 'LE4WG4CB0KL000000' },
  ...{ quality_flags: null, unmapped: null },
}
