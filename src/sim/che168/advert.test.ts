import { expect, it } from 'vitest'
import { type Loose, offers, opening, visit } from './fixtures/visit.ts'

const market = visit({ adverts: 3_000 })
const rows = await offers(market)
const adverts: Loose[] = rows.map(({ data }) => data)
const truth = [...market.vendor.truth()]

/** What fraction of the adverts a test holds for. */
function share(test: (advert: Loose) => boolean): number {
  return adverts.filter(test).length / adverts.length
}

function median(values: number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]!
}

function tableOf({ configuration, extra }: Loose): Loose {
  return configuration?.paramtypeitems ? configuration : extra.configuration
}

function items(advert: Loose): [string, string, string][] {
  const groups: Loose[] = tableOf(advert).paramtypeitems ?? []
  return groups.flatMap(({ name, paramitems }) => paramitems.map((item: Loose) => [name, item.name, item.value]))
}

it('has prices, mileages and years as a sample of the vendor has them', () => {
  const cars = truth.map(({ car }) => car)
  expect(median(cars.map(({ year }) => year))).toBeGreaterThanOrEqual(2015)
  expect(median(cars.map(({ year }) => year))).toBeLessThanOrEqual(2019)
  const prices = cars.map(({ priceCny }) => priceCny ?? 0)
  expect(median(prices)).toBeGreaterThan(90_000)
  expect(median(prices)).toBeLessThan(190_000)
  expect(Math.max(...prices)).toBeGreaterThan(1_500_000)
  const km = cars.map(({ mileageKm }) => mileageKm)
  expect(median(km)).toBeGreaterThan(60_000)
  expect(median(km)).toBeLessThan(110_000)
  expect(Math.max(...km)).toBeLessThanOrEqual(290_000)
  expect(cars.filter(({ mark }) => mark === 'Mercedes-Benz').length / cars.length).toBeCloseTo(0.28, 1)
  expect(km.filter(each => each === 0).length).toBeGreaterThan(5)
  expect(cars.filter(({ priceCny }) => priceCny === null).length).toBeGreaterThan(0)
})

it.each(['year', 'price', 'km_age', 'displacement', 'power', 'specid'])(
  'writes %s as a number and as a text',
  field => {
    expect(share(({ [field]: value }) => typeof value === 'number')).toBeGreaterThan(0.25)
    expect(share(({ [field]: value }) => typeof value === 'string' && value !== '')).toBeGreaterThan(0.25)
  },
)

it.each(['model', 'engine_type', 'displacement', 'power', 'electric_power_ps'])(
  'leaves %s null, empty and out',
  field => {
    const forms = new Set(adverts.filter(advert => !advert[field]).map(advert => JSON.stringify(advert[field])))
    expect([...forms].toSorted()).toEqual(['""', 'null', undefined])
  },
)

it('writes litres and powers with a decimal, and truth in two ways', () => {
  expect(share(({ displacement }) => displacement === '2.0')).toBeGreaterThan(0.1)
  expect(share(({ power }) => /^\d+\.0$/.test(power))).toBeGreaterThan(0.02)
  expect(new Set(adverts.map(({ is_dealer }) => is_dealer))).toEqual(new Set([true, false, 'true', 'false']))
  expect(share(({ images }) => Array.isArray(images))).toBeCloseTo(0.5, 1)
  expect(share(({ images }) => typeof images === 'string' && Array.isArray(JSON.parse(images)))).toBeCloseTo(0.5, 1)
})

it('has labels in Russian, in English with and without capitals, and some left over in Chinese', () => {
  const labels = new Set(adverts.map(({ engine_type }) => engine_type))
  for (const label of ['Бензиновый', 'бензиновый', 'Gasoline', 'gasoline', '汽油', 'Plug-in Hybrid', 'plug-in hybrid'])
    expect(labels).toContain(label)
  const drives = new Set(adverts.map(({ drive_type }) => drive_type))
  for (const drive of ['AWD (dual-motor)', 'awd (front-engine)', 'задний привод']) expect(drives).toContain(drive)
  expect(share(({ body_type }) => body_type === 'Седан/хэтчбек')).toBeGreaterThan(0.03)
})

it.each([
  ['ru', /^[а-яё]/i],
  ['en', /^[a-z]/i],
] as const)('keeps to the language of an account in %s, but for what is left over', async (language, letters) => {
  const own = await offers(visit({ adverts: 400, language }))
  const colors = own.map(({ data }) => data.color as string)
  expect(colors.filter(color => letters.test(color)).length / 400).toBeGreaterThan(0.95)
  expect(colors.every(color => letters.test(color) || /^\p{Script=Han}/u.test(color))).toBe(true)
})

it('has a tail of marks and models in Chinese', () => {
  const names = adverts.flatMap(({ mark, model }) => [mark, model])
  for (const name of ['AITO 问界', '小米YU7', '海豹06 DM-i旅行版', '奔驰']) expect(names).toContain(name)
  expect(share(({ mark }) => /^[ -~]+$/.test(mark))).toBeGreaterThan(0.95)
})

it('has configuration in three forms, and tables in two places', () => {
  expect(share(({ configuration }) => typeof configuration === 'string')).toBeGreaterThan(0.2)
  expect(share(({ configuration }) => configuration?.['Тип топлива'] !== undefined)).toBeGreaterThan(0.03)
  expect(share(({ configuration }) => configuration?.paramtypeitems !== undefined)).toBeGreaterThan(0.1)
  expect(share(({ extra }) => extra.configuration.paramtypeitems !== undefined)).toBeGreaterThan(0.5)
  expect(share(({ extra }) => extra.option?.displayopts !== undefined)).toBeCloseTo(0.3, 1)
  expect(share(({ extra }) => !('option' in extra))).toBeGreaterThan(0.3)
})

it('comes now and then with the table of another spec', () => {
  const strangers = adverts.filter(advert => {
    const { specid } = tableOf(advert)
    return specid !== undefined && String(specid) !== String(advert.specid)
  })
  expect(strangers.length / adverts.length).toBeCloseTo(0.01, 1)
  const ids = new Set(strangers.map(({ inner_id }) => inner_id))
  expect(ids.size).toBeGreaterThan(10)
  for (const { innerId, car } of truth) if (ids.has(innerId)) expect(car.hasTable).toBe(false)
})

it('has some 59 parameters in its tables, and 1 to 12 for commercial cars', () => {
  const commercial = new Set(['跨越王X5', '大通V80', '龙耀6'])
  const counts = new Map<boolean, number[]>([true, false].map(each => [each, []]))
  for (const { innerId, car } of truth) {
    const advert = adverts.find(({ inner_id }) => inner_id === innerId)
    if (car.hasTable) counts.get(commercial.has(car.series))!.push(items(advert).length)
  }
  expect(median(counts.get(false)!)).toBeGreaterThanOrEqual(55)
  expect(Math.max(...counts.get(true)!)).toBeLessThanOrEqual(12)
  expect(Math.min(...counts.get(true)!)).toBeLessThan(6)
})

it('writes tables with either gear, bracket and dot, with null tokens and values in ten thousands', () => {
  const all = adverts.flatMap(items)
  const has = (test: (name: string, value: string) => boolean) => all.some(([, name, value]) => test(name, value))
  for (const name of ['挡位个数', '档位个数', '最大扭矩(N\u00b7m)', '最大扭矩(N\u30fbm)'])
    expect(
      has(each => each === name),
      name,
    ).toBe(true)
  for (const value of ['-', '--', '', '待查', '未知', '暂无报价', '31.10万', '国IV(国V)', '国IV+OBD', '国Ⅴ', '无'])
    expect(
      has((_, each) => each === value),
      value,
    ).toBe(true)
  expect(has((_, value) => value === '手自一体变速箱（AT）')).toBe(true)
  expect(has((_, value) => value.includes('*未知*'))).toBe(true)
})

it('follows the grammars of the table', () => {
  for (const [group, name, value] of adverts.flatMap(items)) {
    if (name === '车型名称') expect(value).toMatch(/^(.+?) ?(\d{4})款 ?(.*)$/)
    if (name === '发动机') expect(value).toMatch(/^(\d\.\d)(T|L) +(\d+)马力 ([LVHWR])(\d+)$|^(增程器|纯电动) \d+马力$/)
    if (group === '基本参数' && name === '车身结构') expect(value).toMatch(/^(\d)门([\d/-]+)座(.*)$/)
  }
})

it('tells places in three languages, without districts, and with those of other cities', () => {
  const places = new Set(adverts.map(({ address }) => address))
  for (const place of ['北京, ', 'Suzhou, Huqiu', 'Цзыбо, Чжандянь', '厦门, 思明', 'Zhongshan'])
    expect(places).toContain(place)
  expect([...places].some(place => place.endsWith(', 高新'))).toBe(true)
  expect(truth.filter(({ car }) => car.isTwin).length).toBeGreaterThan(20)
  const astray = truth.filter(({ car, data }) => car.districtZh === null && /, ./.test(data.address))
  expect(astray.length / truth.length).toBeCloseTo(0.11, 1)
})

it('masks some of its vins, and repeats some', () => {
  expect(share(({ vin }) => /\*{6}$/.test(vin))).toBeCloseTo(0.01, 1)
  expect(share(({ vin }) => /X{6}$/.test(vin))).toBeGreaterThan(0)
  for (const { vin } of truth.map(({ car }) => car)) if (vin !== null) expect(vin).toMatch(/^[A-HJ-NPR-Z0-9]{17}$/)
  const vins = truth.map(({ car }) => car.vin).filter(vin => vin !== null)
  expect(new Set(vins).size).toBeLessThan(vins.length - 20)
})

it('describes itself in Chinese, with telephones and WeChat, and dates itself before the opening', () => {
  expect(share(({ description }) => /1\d{10}/.test(description))).toBeGreaterThan(0.1)
  expect(share(({ description }) => description.includes('微信'))).toBeGreaterThan(0.05)
  for (const { offer_created, first_registration } of adverts) {
    expect(Date.parse(offer_created)).toBeLessThan(opening)
    expect(first_registration).toMatch(/^\d{4}-(0[1-9]|1[0-2])$/)
  }
})
