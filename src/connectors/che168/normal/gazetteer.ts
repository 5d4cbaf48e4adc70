import { fold } from './text.ts'
import { linesOf } from './words.ts'

/** A place by its code (GB/T 2260): a province has 2 digits, a city 4, a district 6, a town 9. */
export type Place = { code: string; zh: string; en: string; ru: string }

/** Districts (and towns) of a city or a province by their names; a name may be that of several. */
type Shelf = Map<string, Place[]>

export type Gazetteer = {
  places: ReadonlyMap<string, Place>
  provinces: ReadonlyMap<string, readonly Place[]>
  cities: ReadonlyMap<string, readonly Place[]>
  within(code: string): ReadonlyMap<string, readonly Place[]>
  districts: ReadonlySet<string>
}

let gazetteer: Gazetteer | undefined

/** The form in which names of places are compared: spaces, apostrophes and dots over letters make no difference. */
export function placeName(text: string): string {
  return fold(text)
    .replaceAll('ü', 'u')
    .replace(/['’ʼ`. -]/g, '')
}

/**
 * The places of places.tsv by all their names, in three languages. Read when somebody first asks: it takes some
 * hundredths of a second. Counties under no city (济源) stand among the cities.
 */
export function gazetteerOf(): Gazetteer {
  gazetteer ??= read()
  return gazetteer
}

function read(): Gazetteer {
  const [places, provinces, cities]: [Map<string, Place>, Shelf, Shelf] = [new Map(), new Map(), new Map()]
  const inside = new Map<string, Shelf>()
  const districts = new Set<string>()
  for (const [code = '', zh = '', full = '', en = '', ru = ''] of linesOf('places')) {
    const place = { code, zh, en, ru }
    places.set(code, place)
    const isCity = code.length === 4 || (code.length === 6 && /^\d\d90/.test(code))
    const names = new Set([zh, full, en, ru].map(placeName))
    for (const name of names) {
      if (code.length === 2) put(provinces, name, place)
      else if (isCity) put(cities, name, place)
      else districts.add(name)
      if (code.length > 2) put(shelfIn(inside, isCity ? code.slice(0, 2) : cityOf(code)), name, place)
    }
  }
  return { places, provinces, cities, districts, within: code => inside.get(code) ?? none }
}

const none: Shelf = new Map()

/** The city of a district: its first 4 digits, but the counties of Chongqing (5002) have others than their city (5001). */
function cityOf(district: string): string {
  const code = district.slice(0, 4)
  return code === '5002' ? '5001' : code
}

function shelfIn(shelves: Map<string, Shelf>, code: string): Shelf {
  const shelf = shelves.get(code) ?? new Map()
  shelves.set(code, shelf)
  return shelf
}

function put(shelf: Shelf, name: string, place: Place): void {
  const there = shelf.get(name)
  if (there) there.push(place)
  else shelf.set(name, [place])
}
