import { addressLanguage, isLeftOver, isMasked, isUnknown } from './data.ts'
import { kwOf } from './engines.ts'
import { energies } from './labels.ts'
import type { Current, Market } from './market.ts'
import { hasTwin } from './places.ts'
import { litresOf, type Spec, systemOf } from './spec.ts'
import { systemTorque, tableOf } from './table.ts'

/**
 * What a reader can know of a car from its advert, in neutral words; texts in Chinese have narrow brackets. Null: the
 * advert does not tell it in a way that can be relied on.
 */
export type Car = {
  mark: string
  markZh: string
  model: string | null
  series: string
  year: number
  priceCny: number | null
  mileageKm: number
  color: string
  fuel: string | null
  powertrain: string | null
  gearbox: { kind: string; gears: number | null; simulated: number | null }
  engine: { cc: number | null; litres: number | null; ps: number | null; kw: number | null; code: string | null }
  motorKw: number | null
  systemKw: number | null
  torqueNm: number | null
  battery: { kwh: number | null; rangeKm: number | null; cycle: string | null }
  drive: 'fwd' | 'rwd' | 'awd'
  body: { kind: string | null; doors: number | null; seatsMin: number | null; seatsMax: number | null }
  vehicleClass: string | null
  maker: string | null
  emission: string | null
  vin: string | null
  registered: string
  listedOn: string
  specId: number | null
  /** Whether the table that came is the advert's own. */
  hasTable: boolean
  /** The city; the district is null where there is none or it lies in another city. */
  cityZh: string
  districtZh: string | null
  /** The name could be another city's, and no district of its own tells. */
  isTwin: boolean
}

/** Knows whether the advert's table has a parameter: whose values count above all labels. */
type Tells = (group: string, name: string) => boolean

export function carOf(market: Market, car: Current): Car {
  const { spec, index } = car
  const tells = tellerOf(market, car)
  return {
    ...{ mark: spec.model.mark, markZh: spec.model.markZh, series: spec.model.series },
    model: isUnknown(market, index, 'model') ? null : spec.model.model,
    ...{ year: spec.year, priceCny: car.price || null, mileageKm: car.km, color: car.color.color },
    ...energyOf(market, car, tells),
    ...{ gearbox: gearboxOf(spec, tells), engine: engineOf(market, car, tells), ...electricOf(spec, tells) },
    torqueNm: tells('基本参数', '最大扭矩(N·m)') ? systemTorque(spec) : null,
    drive: ({ 前驱: 'fwd', 后驱: 'rwd', 四驱: 'awd' } as const)[spec.wheels],
    body: bodyOf(market, car, tells),
    vehicleClass: tells('基本参数', '级别') ? spec.model.vehicleClass : null,
    maker: tells('基本参数', '厂商') ? spec.model.maker : null,
    emission: car.table === 'flat' || tells('基本参数', '环保标准') ? (spec.emission?.standard ?? null) : null,
    vin: isMasked(market, index) ? null : car.vin,
    ...{ registered: car.registered, listedOn: new Date(car.listed).toISOString().slice(0, 10) },
    ...{ specId: car.table === 'none' ? null : spec.id, hasTable: tells('基本参数', '车型名称') },
    ...placeOf(market, car),
  }
}

function tellerOf({ dice }: Market, { table, spec, parameters }: Current): Tells {
  if (table === 'flat' || table === 'foreign' || table === 'none') return () => false
  if (!spec.model.commercial) return () => true
  const told = tableOf(dice, spec, parameters).flatMap(({ name, paramitems }) =>
    paramitems.map(item => `${name}|${item.name.replace('档', '挡').replace('\u30fb', '·')}`),
  )
  return (group, name) => told.includes(`${group}|${name}`)
}

function energyOf(market: Market, { index, spec, table }: Current, tells: Tells) {
  const isTold = !isUnknown(market, index, 'engine_type') || tells('基本参数', '能源类型') || table === 'flat'
  const { fuel, powertrain } = energies[spec.drive.energy]
  return isTold ? { fuel, powertrain } : { fuel: null, powertrain: null }
}

/** The label says manual or automatic and nothing else. */
function gearboxOf({ box }: Spec, tells: Tells) {
  if (tells('基本参数', '变速箱')) return { kind: box.kind, gears: box.gears, simulated: box.simulated }
  return { kind: box.kind === 'manual' ? 'manual' : 'automatic', gears: null, simulated: null }
}

function engineOf(market: Market, { index, spec, table }: Current, tells: Tells) {
  const { ice } = spec.drive
  if (!ice) return { cc: null, litres: null, ps: null, kw: null, code: null }
  const hasTable = tells('发动机', '排量(mL)')
  const litres = tells('基本参数', '发动机') || !isUnknown(market, index, 'displacement') ? Number(litresOf(ice)) : null
  return {
    ...{ cc: hasTable || table === 'flat' ? ice.cc : null, litres, ps: ice.ps, kw: kwOf(ice.ps) },
    code: hasTable ? ice.code : null,
  }
}

function electricOf({ drive }: Spec, tells: Tells) {
  const { battery } = drive
  const isTold = tells('电池/充电', '电池能量(kWh)')
  const range = tells('基本参数', '快充时间(小时)') ? battery : undefined
  return {
    motorKw: drive.motor?.kw ?? null,
    systemKw: (drive.ice && drive.motor) || tells('基本参数', '最大功率(kW)') ? systemOf(drive) : null,
    battery: { kwh: (isTold && battery?.kwh) || null, rangeKm: range?.km ?? null, cycle: range?.cycle ?? null },
  }
}

function bodyOf(market: Market, { index, spec, style }: Current, tells: Tells) {
  const { body, model } = spec
  if (tells('基本参数', '车身结构')) {
    const seats = model.seats.split(/[/-]/).map(Number)
    return { kind: body.kind, doors: body.doors, seatsMin: Math.min(...seats), seatsMax: Math.max(...seats) }
  }
  const byLabel = style.toUpperCase() === 'RU' ? body.byRu : body.byEn
  const kind = isLeftOver(market, index, 'body_type') ? body.kind : byLabel
  return { kind, doors: null, seatsMin: null, seatsMax: null }
}

function placeOf({ dice }: Market, { index, spot, style }: Current) {
  const own = spot.district && !spot.astray ? spot.district.zh : null
  const isZh = addressLanguage(dice('address', index), style) === 'zh'
  return { cityZh: spot.city.zh, districtZh: own, isTwin: !isZh && hasTwin(spot.city) && own === null }
}
