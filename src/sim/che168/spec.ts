import { type Body, bodies } from './bodies.ts'
import { type Dice, pick, weigh } from './dice.ts'
import { type Drive, type EngineName, engines, kwOf } from './engines.ts'
import { type Gearbox, type GearboxName, gearboxes } from './gearboxes.ts'
import { type Model, models, type Wheels } from './models.ts'

/** One version of a model: what the spec table describes. The number is its own and the same in all adverts of it. */
export type Spec = {
  id: number
  model: Model
  year: number
  drive: Drive
  box: Gearbox
  wheels: Wheels
  body: Body
  /** `1.5T 手动豪华型`. */
  trim: string
  grade: number
  emission: Emission | null
}

/** As the table writes it, and what it means. */
type Emission = { text: string; standard: string }

const grades = ['精英型', '豪华型', '旗舰型']

/** The spec of an advert. Years lie nearer to the last one of the model than to its first. */
export function specOf(dice: Dice, index: number): Spec {
  const at = weigh(models, dice('model', index))
  const model = models[at]!
  const [first, last] = model.years
  const year = last - Math.floor((last - first + 1) * dice('year', index) ** 1.2)
  const engine = pick(enginesOf(model, year), dice('engine', index))
  const box = pick(boxesOf(model, engines[engine]), dice('box', index))
  const wheel = pick(model.wheels, dice('wheels', index))
  return madeOf(dice, at, year, [engine, box, wheel], Math.floor(dice('grade', index) * grades.length))
}

/** Hybrids and electric cars came with the model years of 2018. */
function enginesOf(model: Model, year: number): EngineName[] {
  const old = model.engines.filter(name => ['汽油', '柴油', 'CNG', '汽油+CNG'].includes(engines[name].energy))
  return year < 2018 && old.length > 0 ? old : model.engines
}

function boxesOf(model: Model, { energy, ice }: Drive): GearboxName[] {
  if (!ice || energy === '增程式' || energy === '汽油电驱') return ['e1']
  const isHybrid = energy === '油电混合' || energy === '插电式混合动力' || energy === '甲醇混动'
  const fit = model.boxes.filter(name => (name === 'ev' || name === 'h3') === isHybrid && name !== 'e1')
  return fit.length > 0 ? fit : model.boxes
}

function madeOf(dice: Dice, at: number, year: number, parts: [EngineName, GearboxName, Wheels], grade: number): Spec {
  const model = models[at]!
  const places = [model.engines.indexOf(parts[0]), model.boxes.indexOf(parts[1]) + 1, model.wheels.indexOf(parts[2])]
  const id = places.reduce((sum, place) => sum * 4 + place, at * 30 + year - 2000) * 3 + grade + 10_000
  const drive: Drive = engines[parts[0]]
  const box = gearboxes[parts[1]]
  const trim = trimOf(drive, box, model.wheels.length > 1 && parts[2] === '四驱' ? '四驱' : '', grades[grade]!)
  const emission = drive.ice ? emissionOf(year, dice('emission', id)) : null
  return { id, model, year, drive, box, wheels: parts[2], body: bodies[model.body], trim, grade, emission }
}

function trimOf({ ice, battery }: Drive, box: Gearbox, wheels: string, grade: string): string {
  if (!ice) return `${battery ? `${battery.km}km ` : ''}${wheels}${grade}`
  return `${litresOf(ice)}${ice.turbo ? 'T' : 'L'} ${wheels}${box.kind === 'manual' ? '手动' : '自动'}${grade}`
}

/** Litres as people say them, with one decimal. */
export function litresOf({ cc }: { cc: number }): string {
  return (cc / 1000).toFixed(1)
}

/** The power of all that drives the car; kW. */
export function systemOf({ ice, motor, systemKw }: Drive): number {
  return systemKw ?? motor?.kw ?? kwOf(ice!.ps)
}

/** Every way of writing is met: Latin letters, Roman numerals of their own, Arabic ones, what was sold in two places. */
function emissionOf(year: number, chance: number): Emission {
  if (year < 2008) return { text: pick(['国III', '国Ⅲ', '国III+OBD'], chance), standard: 'china_3' }
  if (year < 2013) return { text: pick(['国IV', '国IV+OBD', '国Ⅳ', '国四', '京IV', '欧IV'], chance), ...iv(chance) }
  if (year < 2018) return { text: pick(['国V', '国IV(国V)', '国Ⅴ', '国5', '京V', '国五'], chance), standard: 'china_5' }
  if (chance < 0.3) return { text: pick(['国VIb', '国六b'], chance / 0.3), standard: 'china_6b' }
  return { text: pick(['国VI', '国Ⅵ', '国6', '国六', '国V(国VI)'], (chance - 0.3) / 0.7), standard: 'china_6' }
}

function iv(chance: number) {
  return { standard: chance >= 5 / 6 ? 'euro_4' : 'china_4' }
}
