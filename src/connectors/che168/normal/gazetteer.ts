import { fold } from './text.ts'
import { linesOf } from './words.ts'

/** A place by its code (GB/T 2260): a province has 2 digits, a city 4, a district 6, a town 9. `full` is Chinese, as `zh` is. */
export type Place = { code: string; zh: string; full: string; en: string; ru: string }

/** Places by their names; a name may be that of several. */
type Shelf = Map<string, Place[]>

export type Gazetteer = {
  places: ReadonlyMap<string, Place>
  provinces: ReadonlyMap<string, readonly Place[]>
  cities: ReadonlyMap<string, readonly Place[]>
  within(code: string): ReadonlyMap<string, readonly Place[]>
  districts: ReadonlyMap<string, readonly Place[]>
}

let gazetteer: Gazetteer | undefined

/** The form in which names of places are compared: spaces, apostrophes and dots over letters make no difference. */
export function placeName(text: string): string {
  return fold(text)
    .replaceAll('ü', 'u')
    .replace(/['’ʼ`. -]/g, '')
}

/**
 * The places of places.tsv by all their names, in three languages; where there are several in one, `|` stands between them.
 * Read when somebody first asks: it takes some hundredths of a second. Counties under no city (济源) stand among the cities.
 */
export function gazetteerOf(): Gazetteer {
  gazetteer ??= read()
  return gazetteer
}

function read(): Gazetteer {
  const [places, provinces, cities]: [Map<string, Place>, Shelf, Shelf] = [new Map(), new Map(), new Map()]
  const inside = new Map<string, Shelf>()
  const districts: Shelf = new Map()
  for (const [code = '', ...words] of linesOf('places')) {
    const named = words.map(word => word.split('|'))
    const [zh = '', full = '', en = '', ru = ''] = named.map(([first]) => first!)
    const place = { code, zh, full, en, ru }
    places.set(code, place)
    for (const name of new Set(named.flat().map(placeName))) {
      if (code.length === 2) put(provinces, name, place)
      else put(isCity(code) ? cities : districts, name, place)
      if (code.length > 2) put(shelfIn(inside, isCity(code) ? code.slice(0, 2) : cityCode(code)), name, place)
    }
  }
  return { places, provinces, cities, districts, within: code => inside.get(code) ?? none }
}

const none: Shelf = new Map()

/** Whether a place is a city: of 4 digits, or a county that lies in no city (济源). */
export function isCity(code: string): boolean {
  return code.length === 4 || (code.length === 6 && /^\d\d90/.test(code))
}

/**
 * The city of a city or a district: its first 4 digits, but the counties of Chongqing (5002) have others than their city
 * (5001), and a county that lies in no city is its own.
 */
export function cityCode(code: string): string {
  if (isCity(code)) return code
  const first = code.slice(0, 4)
  return first === '5002' ? '5001' : first
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
