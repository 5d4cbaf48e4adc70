import { type Dice, pick, weigh } from './dice.ts'
import { colors, type Style } from './labels.ts'
import { type City, cities } from './places.ts'
import { type Spec, specOf } from './spec.ts'
import type { World } from './world.ts'

const day = 86_400_000

/**
 * Which table comes with an advert.
 *
 *   extra     in extra.configuration; `configuration` is absent
 *   text      in extra.configuration; `configuration` is the trim
 *   top       in `configuration`, which is an object with paramtypeitems
 *   flat      none; `configuration` is an object with Russian keys
 *   foreign   the one of another spec, in extra.configuration: not to be believed
 *   none      none at all: the spec is not known
 */
type Table = 'extra' | 'text' | 'top' | 'flat' | 'foreign' | 'none'

/** Where a car is: a district may be none, or be astray: it lies in another city, or is a development zone. */
export type Spot = { city: City; district: City['districts'][number] | null; astray: boolean }

/** What is true of an advert and never changes, however it is written. */
export type Advert = {
  index: number
  spec: Spec
  style: Style
  table: Table
  /** Parameters in the table of a commercial one, counted from its first; 1 to 12. */
  parameters: number
  color: (typeof colors)[number]
  spot: Spot
  /** Yuan and km when the market opens, or when it is first listed. */
  price: number
  km: number
  /** `2017-06`. */
  registered: string
  vin: string
  salon: string
  isDealer: boolean
  /** Ms of the first listing, if it was in the market when that opened. */
  listed: number
}

export function advertOf(world: World, dice: Dice, index: number): Advert {
  const spec = specOf(dice, index)
  const registered = spec.year + (dice('registered year', index) < 0.3 ? 1 : 0)
  const month = 1 + Math.floor(12 * dice('registered month', index))
  return {
    ...{ index, spec, style: styleOf(world, dice, index), table: tableOf(dice, index) },
    parameters: 1 + Math.floor(12 * dice('parameters', spec.id)),
    color: colors[weigh(colors, dice('color', index))]!,
    spot: spotOf(dice, index),
    ...{ price: priceOf(dice, index, spec), km: kmOf(dice, index, spec) },
    registered: `${registered}-${String(month).padStart(2, '0')}`,
    vin: vinOf(dice, index),
    salon: String(100_000 + Math.floor(600_000 * dice('salon', Math.floor(index / 12)))),
    isDealer: dice('dealer', index) < 0.96,
    listed: world.since - Math.floor(90 * day * (0.01 + 0.99 * dice('listed', index))),
  }
}

function styleOf({ language = 'mixed' }: World, dice: Dice, index: number): Style {
  const chance = dice('style', index)
  if (language === 'ru') return chance < 0.5 ? 'ru' : 'RU'
  if (language === 'en') return chance < 0.5 ? 'en' : 'EN'
  return pick<Style>(['ru', 'RU', 'RU', 'en', 'EN'], chance)
}

function tableOf(dice: Dice, index: number): Table {
  const chance = dice('table', index)
  const shares: [Table, number][] = [
    ...([
      ['none', 0.02],
      ['foreign', 0.03],
      ['flat', 0.11],
    ] as [Table, number][]),
    ...([
      ['top', 0.26],
      ['text', 0.6],
    ] as [Table, number][]),
  ]
  return shares.find(([, below]) => chance < below)?.[0] ?? 'extra'
}

/**
 * Some have no district. As in a sample of 137 real addresses, 9 in 100 have one of another city, and 2 a development
 * zone, which no list of districts knows. Never is it a district of the city's twin: the reader would take it for that.
 */
function spotOf(dice: Dice, index: number): Spot {
  const city = pick(cities, dice('city', index))
  const chance = dice('district', index)
  if (chance < 0.15 || city.districts.length === 0) return { city, district: null, astray: false }
  if (chance < 0.17) return { city, district: zone, astray: true }
  if (chance >= 0.26) return { city, district: pick(city.districts, dice('which district', index)), astray: false }
  const others = cities.filter(({ en }) => en !== city.en).flatMap(({ districts }) => districts)
  const known = new Set(city.districts.map(({ zh }) => zh))
  const strange = others.filter(({ zh }) => !known.has(zh) && zh !== city.zh)
  return { city, district: pick(strange, dice('which district', index)), astray: true }
}

const zone = { zh: '高新', en: 'Gaoxin', ru: 'Гаосинь' }

/** A price of 0 is no price; one advert in a thousand has it. */
function priceOf(dice: Dice, index: number, { model, year, grade }: Spec): number {
  if (dice('free', index) < 0.001) return 0
  const worn = 0.88 ** Math.max(0, 2025 - year) * (0.8 + 0.35 * dice('price', index)) * (1 + 0.08 * grade)
  return Math.max(6_000, Math.round((model.price * worn) / 100) * 100)
}

/** No kilometre at all is a valid number; one advert in a hundred has it. */
function kmOf(dice: Dice, index: number, { year }: Spec): number {
  if (dice('unused', index) < 0.01) return 0
  const yearly = 3_000 + 14_000 * dice('km', index)
  return Math.min(290_000, Math.max(7_000, Math.round((yearly * (2026 - year)) / 100) * 100))
}

const letters = 'ABCDEFGHJKLMNPRSTUVWXYZ0123456789'

/** One in fifty bears the vin of an advert before it: the car was listed twice. Four X in a row only hide something. */
function vinOf(dice: Dice, index: number): string {
  const of = dice('twin', index) < 0.02 && index > 7 ? index - 7 : index
  let vin = 'L'
  for (let at = 1; at < 11; at++) vin += letters[Math.floor(letters.length * dice(`vin ${at}`, of))]
  return vin.replace('XXXX', 'XXXW') + String(Math.floor(1e6 * dice('vin', of))).padStart(6, '0')
}
