import { cityCode, gazetteerOf, type Place, placeName } from './gazetteer.ts'
import { isIn, locate, named } from './locate.ts'
import { type Flag, flag, type Notes, unmap } from './notes.ts'
import { remembered, told } from './text.ts'

/** What an address became: places as far as they are certain, and what there is to say of the rest. */
type Address = {
  province?: Place
  city?: Place
  district?: Place
  text: string
  flags: [field: string, what: Flag][]
  lacking: [field: string, word: string][]
}

/** Columns of a place; those that are not known are left out. */
type Columns = {
  [name in
    | 'address'
    | 'address_raw'
    | 'province_code'
    | 'province'
    | 'city_code'
    | 'city'
    | 'city_zh'
    | 'city_ru'
    | 'district_code'
    | 'district']?: string | undefined
}

/**
 * Where the car stands, of "city, district" in Chinese, Russian or English. The city is trusted; the district is kept only if
 * it lies in that city. Of cities whose names are written alike (Suzhou is 苏州 and 宿州) the district decides, or nobody.
 */
export function placeOf(value: unknown, notes: Notes): Columns {
  const address_raw = told(value)
  if (address_raw === undefined) return {}
  const { province, city, district, text, flags, lacking } = read(address_raw)
  for (const [field, what] of flags) flag(notes, field, what)
  for (const [field, word] of lacking) unmap(notes, field, word)
  return {
    ...{ address: text === '' ? undefined : text, address_raw },
    ...{ province_code: province?.code, province: province?.en },
    ...{ city_code: city?.code, city: city?.en, city_zh: city?.zh, city_ru: city?.ru },
    ...{ district_code: district?.code, district: district?.en },
  }
}

const read = remembered((raw): Address => {
  const [first = '', ...others] = raw.split(/[,，、]/).map(piece => told(piece) ?? '')
  const second = others.filter(piece => piece !== '').join(', ')
  const found = cityOf(first, second)
  const known = found === 'twins' ? undefined : found
  const address = known ? inside(known, second) : without(first, second, found === 'twins')
  if (first === '' || isSettled(address)) return address
  const located = locate(second === '' ? first : `${first}, ${second}`)
  if (!located || (known && !named(first).some(place => isIn(located.place.code, place)))) return address
  return addressOf(located.place, located.rest)
})

/** Whether nothing is left to be found out: a city is trusted, and so the district that does not lie in it does not count. */
function isSettled({ city, flags, lacking }: Address): boolean {
  return lacking.length === 0 && (city !== undefined || flags.length === 0)
}

/** An address of which no city is found, or several. */
function without(first: string, second: string, isTwins: boolean): Address {
  const text = [first, second].filter(piece => piece !== '').join(', ')
  const address: Address = { text, flags: [], lacking: [] }
  if (isTwins) address.flags.push(['city', 'ambiguous'])
  else if (text !== '') address.lacking.push(first === '' ? ['district', second] : ['city', first])
  return address
}

/**
 * The place of that name. Of several the one that has the district; else the city, where no other of them lies in another
 * province (吉林 is a province and a city in it, 海南 a province and a city elsewhere).
 */
function cityOf(name: string, district: string): Place | 'twins' | undefined {
  const { within } = gazetteerOf()
  const all = named(name)
  if (all.length < 2) return all[0]
  const holding = all.filter(({ code }) => within(code).has(placeName(district)))
  if (holding.length > 0) return holding.length === 1 ? holding[0] : 'twins'
  const [city, another] = all.filter(({ code }) => code.length > 2)
  const isAlone = all.every(({ code }) => code.slice(0, 2) === all[0]!.code.slice(0, 2))
  return city && !another && isAlone ? city : 'twins'
}

/** An address of a city and a district in it, or of a province and a city. */
function inside(place: Place, second: string): Address {
  const inner = second === '' ? [] : (gazetteerOf().within(place.code).get(placeName(second)) ?? [])
  if (inner.length === 1) return addressOf(inner[0]!, '')
  const address = addressOf(place, inner.length > 1 ? '' : second)
  if (inner.length > 1) address.flags.push(['district', 'ambiguous'])
  return address
}

/** An address that leads to a place, and the words that are left behind it. */
function addressOf(place: Place, rest: string): Address {
  const { places, districts } = gazetteerOf()
  const { code } = place
  const city = code.length === 2 ? undefined : places.get(cityCode(code))
  const district = city === undefined || city === place ? undefined : place
  const flags: Address['flags'] = []
  const lacking: Address['lacking'] = []
  if (rest !== '' && district) lacking.push(['address', rest])
  else if (districts.has(placeName(rest))) flags.push(['district', 'mismatch'])
  else if (rest !== '') lacking.push(['district', rest])
  const text = [city?.en ?? place.en, district?.en].filter(piece => piece !== undefined).join(', ')
  const province = places.get(code.slice(0, 2))
  return {
    ...{ text, flags, lacking },
    ...(province ? { province } : {}),
    ...(city ? { city } : {}),
    ...(district ? { district } : {}),
  }
}
