import type { Data } from './data.ts'
import { type Dice, pick } from './dice.ts'
import { energies, labelled } from './labels.ts'
import type { Current, Market } from './market.ts'
import { type Spec, specOf } from './spec.ts'
import { tableOf } from './table.ts'

/** An advert's data as the vendor sends it. */
export type Sent = Record<string, unknown>

const numbers = new Set<string>(['year', 'price', 'km_age', 'displacement', 'power', 'specid'])
for (const kind of ['ice', 'hybrid', 'electric']) numbers.add(`${kind}_power_ps`).add(`${kind}_power_kw`)

/**
 * Numbers go out as numbers or texts, what is unknown as null, as an empty text or not at all. How a field of an advert
 * is written never changes: an event and a page say it alike.
 */
export function written(market: Market, car: Current, data: Data): Sent {
  const sent: Sent = {}
  for (const [field, value] of Object.entries(data)) {
    const form = writtenField(market, car.index, field, value)
    if (form !== undefined) sent[field] = form
  }
  const configuration = configurationOf(market, car)
  if (configuration !== undefined) sent.configuration = configuration
  const broken = brokenOf(market, car.index)
  if (broken?.field !== 'extra') sent.extra = extraOf(market, car)
  else sent.extra = broken.value
  return sent
}

/** @returns undefined: the field is not there. */
export function writtenField(market: Market, index: number, field: string, value: unknown): unknown {
  const broken = brokenOf(market, index)
  if (broken?.field === field) return broken.value
  const chance = market.dice(`form ${field}`, index)
  if (value === null) return pick([null, '', undefined], chance)
  if (numbers.has(field)) return writtenNumber(field, value as number, chance)
  if (field === 'is_dealer') return chance < 0.5 ? value : String(value)
  if (field === 'images') return chance < 0.5 ? value : JSON.stringify(value)
  return value
}

/** Litres have their decimal in texts; powers may have one that says nothing. */
function writtenNumber(field: string, value: number, chance: number): unknown {
  if (chance < 0.45) return value
  if (field === 'displacement') return value.toFixed(1)
  return field.includes('power') && chance > 0.95 ? value.toFixed(1) : String(value)
}

/** What stands in the way of a reader, and in which field; see World.broken. */
export type Broken = { field: string; value: unknown }

const spoilers: Broken[] = [
  { field: 'year', value: '二零一九' },
  { field: 'price', value: '面议' },
  { field: 'price', value: [158_000] },
  { field: 'km_age', value: { value: 62_000 } },
  { field: 'displacement', value: '1,5,' },
  { field: 'first_registration', value: '2019-13' },
  { field: 'images', value: '["https://2sc2.autoimg.cn/escimg/auto/g31/M0B' },
  { field: 'is_dealer', value: 'maybe' },
  { field: 'extra', value: '{"inspection":{},"configuration":{"specid":' },
]

export function brokenOf(market: Market, index: number): Broken | null {
  return market.isBroken(index) ? pick(spoilers, market.dice('spoiler', index)) : null
}

function configurationOf({ dice }: Market, car: Current): unknown {
  if (car.table === 'text') return car.spec.trim
  if (car.table === 'top') return tableWith(dice, car.spec, car.parameters, car.index)
  return car.table === 'flat' ? flat(car.spec) : undefined
}

/** What the Russian documentation shows: no table at all. */
function flat({ model, year, trim, drive, emission }: Spec): Record<string, string> {
  return {
    'Название модели': `${model.series} ${year} ${trim}`,
    'Тип топлива': drive.energy === '汽油' ? 'бензин' : labelled(energies[drive.energy], 'RU'),
    'Экологический стандарт': emission ? (standards[emission.standard] ?? '-') : '-',
    'Рабочий объем (мл)': drive.ice ? String(drive.ice.cc) : '-',
    'Максимальная мощность (л.с.)': drive.ice ? String(drive.ice.ps) : '-',
    'Разгон 0-100 км/ч (с)': '-',
  }
}

const standards: Readonly<Record<string, string>> = {
  ...{ china_3: 'Китай III', china_4: 'Китай IV', china_5: 'Китай V', china_6: 'Китай VI', china_6b: 'Китай VIb' },
  euro_4: 'Евро-4+OBD',
}

function extraOf({ dice }: Market, car: Current): unknown {
  const { index, table, spec, parameters } = car
  const hasTable = table === 'extra' || table === 'text' || table === 'foreign'
  const shown = table === 'foreign' ? strangerOf(dice, spec, index) : spec
  const option = dice('option', index) < 0.3 ? { option: options } : dice('option', index) < 0.6 ? { option: {} } : {}
  return { inspection: {}, ...option, configuration: hasTable ? tableWith(dice, shown, parameters, index) : {} }
}

const options = {
  displayopts: [{ optionname: '胎压监测装置' }, { optionname: '自动驻车' }],
  moreoptions: [{ opts: [{ optionname: '无钥匙启动系统' }] }],
}

/** The spec of another advert: an advert of the same spec would make its table the right one. */
function strangerOf(dice: Dice, { id }: Spec, index: number): Spec {
  for (let other = index + 1; ; other++) {
    const spec = specOf(dice, other)
    if (spec.id !== id) return spec
  }
}

function tableWith(dice: Dice, spec: Spec, parameters: number, index: number) {
  const specid = dice('table specid', index) < 0.5 ? spec.id : String(spec.id)
  return { specid, paramtypeitems: tableOf(dice, spec, parameters) }
}
