import { expect, test } from 'vitest'
import { newNotes } from './notes.ts'
import { paramOf } from './param.ts'
import { specOf, valueIn } from './spec.ts'

type Rows = Record<string, Record<string, unknown>>

/** A table of the feed: groups, and in each names and values. */
const feed = (groups: Rows, specid: unknown = 36885) => ({
  specid,
  paramtypeitems: Object.entries(groups).map(([name, items]) => ({
    name,
    paramitems: Object.entries(items).map(([item, value], id) => ({ id, name: item, value })),
  })),
})

/** A table of the web, with a value for each spec. */
const web = (groups: Rows, specids: readonly number[]) => ({
  paramtypeitems: Object.entries(groups).map(([name, items]) => ({
    name,
    paramitems: Object.entries(items).map(([item, values], id) => ({
      ...{ id, name: item },
      valueitems: (values as unknown[]).map((value, at) =>
        Array.isArray(value) ? { specid: specids[at], value: '', sublist: value } : { specid: specids[at], value },
      ),
    })),
  })),
})

function read(data: object, extra: object = {}) {
  const notes = newNotes()
  const spec = specOf({ ...data }, extra, notes)
  return { ...spec, of: Object.fromEntries(spec.of), notes }
}

test('the same name means the car in one group and the engine in another', () => {
  const configuration = feed({
    基本参数: { '最大功率(kW)': '160', '最大扭矩(N·m)': '300', 车身结构: '4门5座三厢车' },
    车身: { 车身结构: '三厢车' },
    发动机: { '最大功率(kW)': '81', '最大扭矩(N・m)': '135', 进气形式: '自然吸气', 配气机构: 'DOHC' },
  })
  expect(read({ configuration }).of).toEqual({
    ...{ system_power_kw: '160', system_torque_nm: '300', body_text: '4门5座三厢车', body_structure: '三厢车' },
    ...{ engine_power_kw: '81', engine_torque_nm: '135', aspiration: '自然吸气', valvetrain: 'DOHC' },
  })
})

test('fast and slow charges are two, in whichever group they stand', () => {
  const configuration = feed({
    基本参数: { '快充时间(小时)': '0.5', '慢充时间(小时)': '6.5' },
    '电池/充电': { '慢充时间(小时)': '7', '快充时间(小时)': '0.6' },
  })
  expect(read({ configuration }).of).toEqual({ fast_charge_h: '0.5', slow_charge_h: '6.5' })
})

test('a name that means several things is taken in its groups alone, others everywhere', () => {
  expect(paramOf('电动机', 'CLTC纯电续航里程(km)')?.key).toBe('ev_range_km_cltc')
  expect(paramOf('电动机', '最大功率(kW)')).toBeUndefined()
  expect(paramOf('变速箱', '档位个数')?.key).toBe('gears')
  expect(paramOf('发动机', '最大扭矩（N・m）')?.key).toBe('engine_torque_nm')
  expect(paramOf('车轮制动', '无名')).toBeUndefined()
})

test('what says nothing is left out; "none" is not', () => {
  const configuration = feed({ 车轮制动: { 备胎规格: '无', 前轮胎规格: '-' }, 变速箱: { 简称: '待查', 挡位个数: '' } })
  expect(read({ configuration })).toMatchObject({
    of: { spare_tire: '无' },
    values: { spare_tire: '无' },
  })
})

test('all that is told stands by our names: numbers, codes, texts; what has no name here by its own', () => {
  const configuration = feed({
    基本参数: { '厂商指导价(元)': '31.08万', '长*宽*高(mm)': '5283*未知*1977' },
    车身: { '后备厢容积(L)': '475-1550' },
    车轮制动: { 前制动器类型: '通风盘式', 驻车制动类型: '手拉式制动（手刹）', 神秘: '是' },
  })
  expect(read({ configuration }).values).toEqual({
    ...{ msrp_cny: 310_800, dimensions_text: '5283*未知*1977', trunk_l: '475-1550' },
    ...{ front_brake: 'ventilated_disc', parking_brake: 'hand', '车轮制动 神秘': '是' },
  })
})

test.each([
  ['发动机', '供油方式', '直喷', 'direct'],
  ['发动机', '供油方式', '多点电喷', 'multi_point'],
  ['发动机', '供油方式', '混合喷射', 'mixed'],
  ['发动机', '供油方式', '单点电喷', 'single_point'],
  ['发动机', '供油方式', '化油器', 'carburettor'],
  ['发动机', '供油方式', '高压共轨', 'common_rail'],
  ['底盘转向', '助力类型', '电动助力', 'electric'],
  ['底盘转向', '助力类型', '机械液压助力', 'hydraulic'],
  ['底盘转向', '助力类型', '电子液压助力', 'electro_hydraulic'],
  ['底盘转向', '助力类型', '线控', 'by_wire'],
  ['底盘转向', '四驱形式', '全时四驱', 'full_time'],
  ['底盘转向', '四驱形式', '适时四驱', 'on_demand'],
  ['底盘转向', '四驱形式', '分时四驱', 'part_time'],
  ['车轮制动', '前制动器类型', '盘式', 'disc'],
  ['车轮制动', '后制动器类型', '实心盘式', 'solid_disc'],
  ['车轮制动', '前制动器类型', '陶瓷通风盘式', 'ceramic_disc'],
  ['车轮制动', '后制动器类型', '鼓式', 'drum'],
  ['车轮制动', '驻车制动类型', '电子驻车', 'electronic'],
  ['车轮制动', '驻车制动类型', '手刹', 'hand'],
  ['车轮制动', '驻车制动类型', '脚刹', 'foot'],
  ['车轮制动', '驻车制动类型', '脚踩式制动(脚刹)', 'foot'],
  ['电池/充电', '电池类型', '三元锂电池', 'nmc'],
  ['电池/充电', '电池类型', '磷酸铁锂电池', 'lfp'],
  ['电池/充电', '电池类型', '三元锂+磷酸铁锂电池', 'nmc_lfp'],
  ['电池/充电', '电池类型', '镍氢电池', 'nimh'],
  ['电池/充电', '电池类型', '锂离子电池', 'li_ion'],
  ['电池/充电', '电池类型', '锰酸锂电池', 'lmo'],
  ['电池/充电', '电池类型', '钛酸锂电池', 'lto'],
])('%s, %s: %s is %s', (group, name, word, value) => {
  expect(Object.values(read({ configuration: feed({ [group]: { [name]: word } }) }).values!)).toEqual([value])
})

test('a word that a dictionary lacks is counted, of a parameter that has one', () => {
  const configuration = feed({ 发动机: { 供油方式: '蒸汽', 缸盖材料: '木头' } })
  expect(read({ configuration }).notes.unmapped).toEqual({ fuel_supply: '蒸汽' })
})

test.each([
  [36885, 36885, true],
  ['36885', 36885, true],
  [36885, '36885', true],
  [undefined, 36885, true],
  [36885, undefined, true],
  [36885, 1, false],
])('a table of spec %j and an advert of %j belong together: %s', (own, its, fits) => {
  const { of, id, notes } = read({ specid: own }, { configuration: feed({ 基本参数: { 厂商: '北京奔驰' } }, its) })
  expect([of, [...notes.flags]]).toEqual(fits ? [{ manufacturer: '北京奔驰' }, []] : [{}, ['spec:foreign']])
  expect(id).toBe(36885)
})

test('a configuration may be a table, a table as JSON text, one in extra, Russian names, or the name of the trim', () => {
  const table = feed({ 基本参数: { 厂商: '北京奔驰' } })
  const found = { manufacturer: '北京奔驰' }
  expect(read({ configuration: table }).of).toEqual(found)
  expect(read({ configuration: JSON.stringify(table) }).of).toEqual(found)
  expect(read({}, { configuration: table }).of).toEqual(found)
  expect(read({ configuration: 'C 260 运动版' }, { configuration: table })).toMatchObject({
    of: found,
    trim: 'C 260 运动版',
  })
  expect(read({ configuration: {} }, { configuration: {} })).toMatchObject({
    of: {},
    values: undefined,
    trim: undefined,
  })
  expect(read({ configuration: { paramtypeitems: JSON.stringify(table.paramtypeitems) } }).of).toEqual(found)
  expect(read({ configuration: '{"specid":' }).notes.flags).toEqual(new Set(['configuration:unreadable']))
})

test.each<[object, object, string[]]>([
  [{ configuration: [{ name: '基本参数' }] }, {}, ['configuration:unreadable']],
  [{ configuration: 5 }, {}, ['configuration:unreadable']],
  [{}, { configuration: [{}] }, ['configuration:unreadable']],
  [{ configuration: { paramtypeitems: '[{' } }, {}, ['configuration:unreadable']],
  [{ specid: '36885a' }, {}, ['specid:unreadable']],
  [{ specid: {} }, {}, ['specid:unreadable']],
  [{ specid: -1 }, {}, ['specid:out-of-range']],
  [{ specid: 0, configuration: [] }, { configuration: [] }, []],
])('of %j and %j a flag tells that there was something: %j', (data, extra, flags) => {
  expect([...read(data, extra).notes.flags]).toEqual(flags)
})

test('Russian names are those of the vendor documentation', () => {
  const configuration = {
    'Название модели': 'Chery QQ3 2012 Стандарт 1.0L МКПП',
    'Тип топлива': 'бензин',
    'Экологический стандарт': 'Евро-4+OBD',
    'Рабочий объем (мл)': '998',
    'Максимальная мощность (л.с.)': '69',
    'Разгон 0-100 км/ч (с)': '-',
    'Цвет салона': 'серый',
  }
  expect(read({ configuration })).toMatchObject({
    of: {
      ...{ spec_name: 'Chery QQ3 2012 Стандарт 1.0L МКПП', powertrain: 'бензин', emission_standard: 'Евро-4+OBD' },
      ...{ displacement_cc: '998', engine_power_ps: '69' },
    },
    values: { displacement_cc: 998, 'Цвет салона': 'серый' },
  })
})

test('of a table of the web the values of this spec are taken, also where they are several', () => {
  const configuration = web(
    { 发动机: { '排量(mL)': ['1497', '1991'], 供油方式: ['-', [{ subname: '直喷' }]] } },
    [1, 2],
  )
  expect(read({ specid: 2, configuration }).of).toEqual({ displacement_cc: '1991', fuel_supply: '直喷' })
  expect(read({ specid: 1, configuration }).of).toEqual({ displacement_cc: '1497' })
  expect(read({ specid: 3, configuration }).of).toEqual({})
  expect(read({ configuration }).of).toEqual({})
})

test('one value of a table of the web is taken where nobody says of which spec the car is', () => {
  expect(valueIn({ valueitems: [{ specid: 7, value: 'a' }] }, undefined)).toBe('a')
  expect(valueIn({ valueitems: [{ specid: 7, value: 'a' }] }, 8)).toBeUndefined()
  expect(valueIn({ valueitems: [{ specid: 7, sublist: [{ value: 'a' }, { value: '-' }, { value: 'b' }] }] }, 7)).toBe(
    'a / b',
  )
})
