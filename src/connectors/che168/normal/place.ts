import { gazetteerOf, type Place, placeName } from './gazetteer.ts'
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
  if (found === 'twins' || found === undefined) {
    const text = [first, second].filter(piece => piece !== '').join(', ')
    const address: Address = { text, flags: [], lacking: [] }
    if (found === 'twins') address.flags.push(['city', 'ambiguous'])
    else if (text !== '') address.lacking.push(first === '' ? ['district', second] : ['city', first])
    return address
  }
  return addressOf(found, second)
})

/**
 * The place of that name. Of several the one that has the district; else the city, where no other of them lies in another
 * province (吉林 is a province and a city in it, 海南 a province and a city elsewhere).
 */
function cityOf(name: string, district: string): Place | 'twins' | undefined {
  const { cities, provinces, within } = gazetteerOf()
  const word = placeName(name)
  const all = [...(cities.get(word) ?? []), ...(provinces.get(word) ?? [])].filter(isNoShell)
  if (all.length < 2) return all[0]
  const holding = all.filter(({ code }) => within(code).has(placeName(district)))
  if (holding.length > 0) return holding.length === 1 ? holding[0] : 'twins'
  const [city, another] = all.filter(({ code }) => code.length > 2)
  const isAlone = all.every(({ code }) => code.slice(0, 2) === all[0]!.code.slice(0, 2))
  return city && !another && isAlone ? city : 'twins'
}

/** The provinces that are one city (北京, 天津, 上海, 重庆) are met as that city alone. */
function isNoShell({ code }: Place): boolean {
  return !['11', '12', '31', '50'].includes(code)
}

function addressOf(place: Place, second: string): Address {
  const { places, within, districts } = gazetteerOf()
  const word = placeName(second)
  const inner = second === '' ? [] : (within(place.code).get(word) ?? [])
  const isProvince = place.code.length === 2
  const flags: Address['flags'] = []
  const lacking: Address['lacking'] = []
  if (inner.length > 1) flags.push(['district', 'ambiguous'])
  else if (inner.length === 0 && second !== '') {
    if (districts.has(word)) flags.push(['district', 'mismatch'])
    else lacking.push(['district', second])
  }
  const only = inner.length === 1 ? inner[0] : undefined
  const city = isProvince ? only : place
  const district = isProvince ? undefined : only
  const text = [city?.en ?? place.en, district?.en].filter(piece => piece !== undefined).join(', ')
  const province = places.get(place.code.slice(0, 2))
  return {
    ...{ text, flags, lacking },
    ...(province ? { province } : {}),
    ...(city ? { city } : {}),
    ...(district ? { district } : {}),
  }
}
