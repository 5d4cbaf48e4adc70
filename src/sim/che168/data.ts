import type { Spot } from './advert.ts'
import { kwOf } from './engines.ts'
import { type colors, energies, type Label, labelled, type Style, sections, transmissions } from './labels.ts'
import type { Current, Market } from './market.ts'
import { litresOf, type Spec, systemOf } from './spec.ts'
import { driveText, psOf } from './table.ts'
import { imagesOf } from './words.ts'

/**
 * An advert's data with the types that are meant: numbers are numbers, what is unknown is null, pictures are a list. The
 * labels are as the vendor wrote them. Tables are not here: write.ts adds them.
 */
export type Data = {
  inner_id: string
  id: number
  url: string
  mark: string
  model: string | null
  title: string
  complectation: string
  year: number
  first_registration: string
  color: string
  price: number
  km_age: number
  engine_type: string | null
  transmission_type: string
  body_type: string
  drive_type: string
  displacement: number | null
  power: number | null
  ice_power_ps: number | null
  ice_power_kw: number | null
  hybrid_power_ps: number | null
  hybrid_power_kw: number | null
  electric_power_ps: number | null
  electric_power_kw: number | null
  vin: string
  address: string
  seller_type: string
  is_dealer: boolean
  section: string
  salon_id: string
  description: string
  offer_created: string
  specid: number | null
  images: string[]
}

/** Shares of the adverts in which a field is unknown, as counted in a sample of 50. */
export const unknown = { model: 0.02, engine_type: 0.06, displacement: 0.04, power: 0.04 }

export function dataOf(market: Market, car: Current): Data {
  const { index, innerId, spec, style, salon } = car
  const label = labeller(market, car)
  const told = <T>(field: keyof typeof unknown, value: T) => (isUnknown(market, index, field) ? null : value)
  return {
    ...{ inner_id: innerId, id: car.internalId, url: `https://www.che168.com/dealer/${salon}/${innerId}.html` },
    mark: market.dice('mark', index) < 0.01 ? spec.model.markZh : spec.model.mark,
    model: told('model', spec.model.model),
    title: `${spec.model.model} ${spec.year} ${spec.trim}`,
    ...{ complectation: spec.trim, year: spec.year, first_registration: car.registered },
    color: label('color', car.color as Label),
    ...{ price: car.price, km_age: car.km },
    engine_type: told('engine_type', label('engine_type', energies[spec.drive.energy])),
    transmission_type: label('transmission_type', transmissions[spec.box.kind === 'manual' ? 'manual' : 'automatic']),
    body_type: label('body_type', { ...spec.body, zh: spec.body.structure }),
    drive_type: label('drive_type', driveLabel(spec, style)),
    displacement: spec.drive.ice ? told('displacement', Number(litresOf(spec.drive.ice))) : null,
    power: told('power', spec.drive.ice?.ps ?? psOf(spec.drive.motor!.kw)),
    ...powersOf(spec),
    ...{ vin: vinOf(market, car), address: addressOf(market, car.spot, style, index) },
    ...{ seller_type: car.isDealer ? 'dealer' : 'private', is_dealer: car.isDealer },
    ...{ section: label('section', sections), salon_id: salon, description: car.words },
    offer_created: new Date(car.listed).toISOString().slice(0, 10),
    specid: car.table === 'none' ? null : spec.id,
    images: imagesOf(market.dice, index),
  }
}

export function isUnknown({ dice }: Market, index: number, field: keyof typeof unknown): boolean {
  return dice(`no ${field}`, index) < unknown[field]
}

/** Some labels of every account are left over in Chinese: 15 in a thousand. */
export function isLeftOver({ dice }: Market, index: number, field: string): boolean {
  return dice(`left ${field}`, index) < 0.015
}

function labeller(market: Market, { index, style }: Current) {
  return (field: string, label: Label) => (isLeftOver(market, index, field) ? label.zh : labelled(label, style))
}

/** The engine's place is told where it has been seen: mid-engines, and AWD in small letters. */
function driveLabel(spec: Spec, style: Style): Label {
  const axle = { 前驱: 'FWD', 后驱: 'RWD', 四驱: 'AWD' }[spec.wheels]
  const layout = driveText(spec)
  const dual = layout.startsWith('双电机') ? ' (dual-motor)' : ''
  const place = layout.startsWith('中置') ? ' (mid-engine)' : style === 'en' && axle === 'AWD' ? ' (front-engine)' : ''
  const ru = { 前驱: 'передний привод', 后驱: 'задний привод', 四驱: 'полный привод' }[spec.wheels]
  return { zh: layout, en: `${axle}${dual || place}`, ru }
}

function powersOf({ drive }: Spec) {
  const { ice, motor } = drive
  const together = ice && motor ? systemOf(drive) : null
  return {
    ...{ ice_power_ps: ice?.ps ?? null, ice_power_kw: ice ? kwOf(ice.ps) : null },
    ...{ hybrid_power_ps: together && psOf(together), hybrid_power_kw: together },
    ...{ electric_power_ps: motor ? psOf(motor.kw) : null, electric_power_kw: motor?.kw ?? null },
  }
}

/** One in fifty is masked, with asterisks or with the letter X, which is a letter of such numbers. */
export function isMasked({ dice }: Market, index: number): boolean {
  return dice('mask', index) < 0.02
}

function vinOf(market: Market, { index, vin }: Current): string {
  return isMasked(market, index) ? vin.slice(0, 11) + (market.dice('mask', index) < 0.01 ? '******' : 'XXXXXX') : vin
}

/** In Chinese mostly, whatever the language of the account; without a district the comma stays or goes. */
function addressOf({ dice }: Market, { city, district }: Spot, style: Style, index: number): string {
  const name = addressLanguage(dice('address', index), style)
  if (district) return `${city[name]}, ${district[name]}`
  return name === 'zh' || dice('comma', index) < 0.5 ? `${city[name]}, ` : city[name]
}

export function addressLanguage(chance: number, style: Style): 'zh' | 'en' | 'ru' {
  if (chance < 0.6) return 'zh'
  return style.toUpperCase() === 'RU' ? 'ru' : 'en'
}

/** The colours by their labels, for a filter in either language. */
export function isColor(color: (typeof colors)[number], text: string): boolean {
  return [color.zh, color.en, color.ru].some(name => name?.toLowerCase() === text.toLowerCase())
}
