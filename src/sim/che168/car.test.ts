import { expect, it } from 'vitest'
import { type Loose, offers, visit } from './fixtures/visit.ts'

const market = visit({ adverts: 3_000, seed: 5 })
const sent = new Map((await offers(market)).map(({ inner_id, data }): [string, Loose] => [inner_id, data]))
const truth = [...market.vendor.truth()].map(row => ({ ...row, advert: sent.get(row.innerId) }))
const tabled = truth.filter(({ car }) => car.hasTable)

/** What a table says, read as its grammar tells and with nothing of what made it. */
function read(advert: Loose, group: string, name: string): string | null {
  const { paramtypeitems } = advert.configuration?.paramtypeitems ? advert.configuration : advert.extra.configuration
  const plain = (text: string) =>
    text.replace('档', '挡').replace('\u30fb', '\u00b7').replaceAll('（', '(').replaceAll('）', ')')
  const found = paramtypeitems
    .find((each: Loose) => each.name === group)
    ?.paramitems.find((each: Loose) => plain(each.name) === name)
  return found ? plain(found.value) : null
}

function number(text: string | null): number | null {
  return text === null || !/^[\d.]+$/.test(text) ? null : Number(text)
}

it('tells of the engine what the table tells', () => {
  for (const { car, advert } of tabled) {
    const { engine, motorKw, systemKw, battery, torqueNm } = car
    expect(engine.cc).toBe(number(read(advert, '发动机', '排量(mL)')))
    expect(engine.code).toBe(read(advert, '发动机', '发动机型号'))
    const litres = /^(\d\.\d)[TL]/.exec(read(advert, '基本参数', '发动机') ?? '')?.[1]
    if (litres) expect(engine.litres).toBe(Number(litres))
    for (const [told, group, name] of [
      [engine.ps, '发动机', '最大马力(Ps)'],
      [engine.kw, '发动机', '最大功率(kW)'],
      [motorKw, '电动机', '电动机总功率(kW)'],
      [systemKw, '基本参数', '最大功率(kW)'],
      [torqueNm, '基本参数', '最大扭矩(N·m)'],
      [battery.kwh, '电池/充电', '电池能量(kWh)'],
    ] as const) {
      const value = number(read(advert, group, name))
      if (value !== null) expect(told, name).toBe(value)
    }
    const { rangeKm, cycle } = battery
    if (cycle) expect(rangeKm).toBe(number(read(advert, '基本参数', `${cycle}纯电续航里程(km)`)))
  }
})

it('tells gears, doors and seats as the table does', () => {
  const kinds = new Set<string>()
  for (const { car, advert } of tabled) {
    const short = read(advert, '基本参数', '变速箱')
    if (short === null) continue
    kinds.add(car.gearbox.kind)
    expect(car.gearbox.gears).toBe(Number(/^(\d+)挡/.exec(short)?.[1]) || (short.startsWith('电动车单速') ? 1 : null))
    expect(car.gearbox.simulated).toBe(Number(/模拟(\d+)挡/.exec(short)?.[1]) || null)
    const body = /^(\d)门([\d/-]+)座(.*)$/.exec(read(advert, '基本参数', '车身结构') ?? '')
    if (!body) continue
    const seats = body[2]!.split(/[/-]/).map(Number)
    expect(car.body).toMatchObject({ doors: Number(body[1]), seatsMin: seats[0], seatsMax: seats.at(-1) })
  }
  expect([...kinds].toSorted()).toEqual(['amt', 'automatic', 'cvt', 'dct', 'dht', 'e_cvt', 'manual', 'single_speed'])
})

it('knows of an advert without its own table no more than the labels say', () => {
  const bare = truth.filter(({ car }) => !car.hasTable)
  expect(bare.length).toBeGreaterThan(200)
  for (const { car } of bare) {
    expect(car).toMatchObject({ maker: null, vehicleClass: null, torqueNm: null })
    expect(['manual', 'automatic']).toContain(car.gearbox.kind)
    expect(car.body).toMatchObject({ doors: null, seatsMin: null, seatsMax: null })
  }
  const double = bare.filter(({ advert }) => /седан\/хэтчбек/i.test(advert.body_type))
  expect(double.length).toBeGreaterThan(5)
  for (const { car } of double) expect(car.body.kind).toBeNull()
})

it('tells fuel and powertrain apart, and makes neither an engine nor a price out of nothing', () => {
  const pairs = new Set(truth.map(({ car }) => `${car.fuel} ${car.powertrain}`))
  for (const pair of [
    'petrol ice',
    'petrol mhev',
    'petrol hev',
    'petrol phev',
    'petrol reev',
    'electric bev',
    'diesel ice',
    'null null',
  ])
    expect(pairs).toContain(pair)
  for (const { car } of truth) {
    if (car.powertrain === 'bev') expect(car).toMatchObject({ engine: { cc: null, litres: null }, emission: null })
    expect(car.priceCny).not.toBe(0)
  }
})

it('knows the standard behind each way of writing it', () => {
  const ways: Record<string, string> = { 国Ⅲ: 'china_3', 国四: 'china_4', 欧IV: 'euro_4', 京V: 'china_5' }
  Object.assign(ways, { '国IV(国V)': 'china_5', 国六b: 'china_6b', 国6: 'china_6', '国V(国VI)': 'china_6' })
  const seen = new Set<string>()
  for (const { car, advert } of tabled) {
    const text = read(advert, '基本参数', '环保标准')
    const way = text !== null && ways[text]
    if (!way) continue
    seen.add(text)
    expect(car.emission).toBe(way)
  }
  expect(seen.size).toBeGreaterThan(5)
})
