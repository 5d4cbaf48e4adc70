import { bodyOf, sizeOf } from './body.ts'
import { maker, nameOf } from './brand.ts'
import { type Day, date } from './dates.ts'
import { driveOf } from './drive.ts'
import { emissionOf } from './emission.ts'
import { energyOf } from './energy.ts'
import { batteryOf, engineOf } from './engine.ts'
import { gearboxOf } from './gearbox.ts'
import { isPlain, type Thing, thingIn } from './json.ts'
import { imagesOf, urlOf } from './links.ts'
import { flag, type Notes, newNotes, unmap } from './notes.ts'
import { amountOf, positive, within } from './numbers.ts'
import { optionsOf } from './options.ts'
import { placeOf } from './place.ts'
import { powerOf } from './power.ts'
import { sellerOf } from './seller.ts'
import { type Spec, specOf } from './spec.ts'
import { fold, remembered, told } from './text.ts'
import { trimName } from './trim.ts'
import { vinOf } from './vin.ts'
import { coded, dictionary, named } from './words.ts'

/** An advert as it was loaded. `year` is the year in which it last changed: what lies after the next one is a mistake. */
export type Loaded = { innerId: string; data: Thing; year: number }

/**
 * Everything that an advert says, typed: pure, and without an error whatever the data holds. What cannot be read is undefined,
 * and a flag in the notes says why; words that no dictionary knows are in their `unmapped`.
 */
export function normalized({ innerId, data, year }: Loaded) {
  const notes = newNotes()
  const extra = extraOf(data, notes)
  const spec = specOf(data, extra, notes)
  const named = trimOf(data, spec)
  const energy = energyOf(data, spec, notes)
  const engine = engineOf(data, spec, notes)
  if (energy.powertrain === 'bev' && engine.displacement !== undefined) flag(notes, 'engine_type', 'conflict')
  const trim = named.words
  const values = {
    ...nameOf(data, notes),
    ...carOf(data, spec, named, year, notes),
    ...offerOf(data, innerId, year, notes),
    ...energy,
    ...gearboxOf(data, spec, trim, notes),
    ...driveOf(data, spec, trim, notes),
    ...bodyOf(data, spec, trim, notes),
    ...sizeOf(spec, notes),
    ...engine,
    ...powerOf(data, spec, energy.powertrain, notes),
    ...batteryOf(spec, notes),
    ...placeOf(data.address, notes),
    ...sellerOf(data, notes),
    emission_standard: emissionOf(spec, trim, notes),
    options: optionsOf(extra, spec, notes),
    specs: spec.values,
  }
  return { values, notes }
}

/** Fields that hold a text, whatever else is wrong with it. */
const plain = [
  ...['color', 'engine_type', 'transmission_type', 'body_type', 'drive_type', 'address', 'vin', 'url', 'description'],
  ...['seller_type', 'section', 'salon_id', 'complectation'],
]

/** What lies in `extra`; beside that, whatever stands where a text belongs and is none is told. */
function extraOf(data: Thing, notes: Notes): Thing | undefined {
  for (const field of plain) if (!isPlain(data[field])) flag(notes, field, 'unreadable')
  if (!isPlain(data.is_dealer) && typeof data.is_dealer !== 'boolean') flag(notes, 'is_dealer', 'unreadable')
  return thingIn(notes, 'extra', data.extra)
}

type Trim = { car_name: string | undefined; trim_zh: string | undefined; year: number | undefined; words: string }

/** What the trim is called: in full, alone, and all words of it in one text, in which others look for theirs. */
function trimOf(data: Thing, { of, trim }: Spec): Trim {
  const car_name = of.get('spec_name')
  const parts = car_name === undefined ? undefined : trimName(car_name)
  const trim_zh = told(data.complectation) ?? trim ?? (parts?.trim || undefined)
  return { car_name, trim_zh, year: parts?.year, words: folded(`${car_name ?? ''} ${trim_zh ?? ''}`) }
}

const folded = remembered(fold)

const lookColor = dictionary('color')
const lookClass = dictionary('class')

function carOf(
  data: Thing,
  { of, id }: Spec,
  { car_name, trim_zh, year: modelYear, words }: Trim,
  now: number,
  notes: Notes,
) {
  const made = named(notes, 'manufacturer', of.get('manufacturer'))
  const manufacturer = made === undefined ? undefined : (maker(made) ?? keep(notes, 'manufacturer', made))
  const bounds = { min: 1980, max: now + 1 }
  return {
    ...{ car_name, trim_zh, manufacturer, specid: id },
    imported: made === undefined && words === '' ? undefined : /进口/.test(`${made ?? ''}${words}`),
    car_class: coded(notes, 'car_class', of.get('vehicle_class'), lookClass),
    year: positive(notes, 'year', data.year, bounds) ?? within(notes, 'year', modelYear, bounds),
    color: coded(notes, 'color', data.color, lookColor),
    msrp: positive(notes, 'msrp', toNumber(of.get('msrp_cny')), { min: cheapest, max: 1e9 }),
  }
}

/** A price of a new car below that lacks its 万: "31.08" is no price in yuan. */
const cheapest = 1_000

function toNumber(text: string | undefined): number | undefined {
  const amount = amountOf(text)
  return amount === undefined || Number.isNaN(amount) ? amount : Math.round(amount)
}

/** Names of makers that we have none for are kept as they are. */
function keep(notes: Notes, field: string, name: string): string {
  unmap(notes, field, name)
  return name
}

const dearest = 100_000_000
/** Beyond the first a reading is hardly one, and is told; beyond the second it is none. */
const [far, farthest] = [1_000_000, 10_000_000]

function offerOf(data: Thing, innerId: string, now: number, notes: Notes) {
  const registered = date(notes, 'first_registration', data.first_registration, now + 1)
  const images = imagesOf(data.images, notes)
  return {
    price: priceOf(data.price, notes),
    km_age: distanceOf(data.km_age, notes),
    ...{ first_registration: registered?.date, first_registration_precision: registered?.precision },
    offer_created: wholeDay(date(notes, 'offer_created', data.offer_created, now + 1), notes),
    url: urlOf(data.url, innerId, notes),
    vin: vinOf(data.vin, notes),
    description: told(data.description),
    ...{ images, image_count: images?.length },
  }
}

/** The price is in yuan already; nothing is offered for 0. */
function priceOf(value: unknown, notes: Notes): number | undefined {
  const price = amountOf(value)
  return price === 0 ? flag(notes, 'price', 'zero') : within(notes, 'price', price, { min: 1, max: dearest })
}

/** The odometer in km already; 0 is a reading. */
function distanceOf(value: unknown, notes: Notes): number | undefined {
  const distance = within(notes, 'km_age', amountOf(value), { min: 0, max: farthest })
  if (distance !== undefined && distance > far) flag(notes, 'km_age', 'high')
  return distance
}

/** The day of a month that is not told is not made up. */
function wholeDay(day: Day | undefined, notes: Notes): string | undefined {
  if (day === undefined || day.precision === 'day') return day?.date
  return flag(notes, 'offer_created', 'month-only')
}
