import { cityCode, gazetteerOf, isCity, type Place, placeName } from './gazetteer.ts'
import { isChinese } from './text.ts'

/** Where words lead: the smallest place that is certain, and the words that are left behind it. */
type Located = { place: Place; rest: string }

/** One way to read words: names from the left, each of a place within the one before; what follows them is the rest. */
type Reading = { place: Place | undefined; rest: string; isSure: boolean }

/** What is longer is no address, and no name; and none has so many names, in all languages together. */
const [longest, longestName, mostNames] = [200, 40, 8]

/** What can be read in more ways than this says nothing for certain. */
const mostReadings = 2_000

/**
 * The place to which an address leads whose names stand in any number and language, with or without something between them:
 * "广东, 深圳, 南山", "上海市闵行区", "Shanghai 闵行". It is the place that explains most of the words; undefined where two explain as
 * much, or none is certain. The larger place comes before the smaller; where that leaves words over, it may come last.
 */
export function locate(address: string): Located | undefined {
  if (address.length > longest) return undefined
  const forth = bestOf(address)
  if (forth?.rest === '') return forth
  const back = bestOf(address.split(',').toReversed().join(','))
  return back?.rest === '' ? back : forth && !isAstray(forth) ? forth : undefined
}

/** A district that was found without its city is another one where a city is told behind it. */
function isAstray({ place, rest }: Located): boolean {
  return place.code.length > 4 && !isCity(place.code) && named(rest).length > 0
}

function bestOf(address: string): Located | undefined {
  const sure: Located[] = []
  let count = 0
  for (const { place, rest, isSure } of readings(undefined, trimmed(address))) {
    if (++count > mostReadings) return undefined
    if (place && isSure) sure.push({ place, rest })
  }
  const least = Math.min(...sure.map(({ rest }) => rest.length))
  const best = new Map(sure.filter(({ rest }) => rest.length === least).map(each => [each.place.code, each]))
  const smallest = [...best.values()].filter(({ place }) => ![...best.keys()].some(code => isIn(code, place)))
  return smallest.length === 1 ? smallest[0] : undefined
}

/** Whether a place is another one, and that lies in it. */
export function isIn(code: string, place: Place): boolean {
  return code !== place.code && [code.slice(0, 2), cityCode(code)].includes(place.code)
}

/** All readings of a text that goes on within a place, or from nowhere, with at most so many names. */
function* readings(from: Place | undefined, text: string, isSure = true, most = mostNames): Generator<Reading> {
  yield { place: from, rest: text, isSure }
  if (most === 0) return
  for (const end of ends(text)) {
    const head = text.slice(0, end)
    const rest = trimmed(text.slice(end))
    const isEnd = rest === '' || between.test(text[end]!)
    if (isNoise(head)) yield* readings(from, rest, isEnd, most - 1)
    else
      for (const place of steps(from, head)) yield* readings(place, rest, isEnd || isWhole(place, head, rest), most - 1)
  }
}

/** What parts places from each other for certain. A blank does not: "Nanjing Road" is no city. */
const between = /[,，、;；/|]/

/** Signs that stand between names and belong to none; a bracket that closes does where none was opened behind it. */
function trimmed(text: string): string {
  const rest = text.replace(/^[\s,，、;；/|·()（）.'’ʼ`-]+/, '')
  return /[(（]/.test(rest) ? rest : rest.replace(/[\s)）]+$/, '')
}

/** Where a name may end: at the end, before a sign between names, before and after a Chinese character. */
function* ends(text: string): Generator<number> {
  for (let end = 1; end <= Math.min(text.length, longestName); end++) {
    const [last, next = ''] = [text[end - 1]!, text[end]]
    const isName = placeName(last) !== '' && trimmed(last) !== ''
    if (isName && (trimmed(next) === '' || isChinese(last) || isChinese(next))) yield end
    if (between.test(next)) return
  }
}

/** What says nothing of where in China it is. */
function isNoise(word: string): boolean {
  return ['中国', 'china', 'китай', '市辖区'].includes(placeName(word))
}

/**
 * A name that is written with what it is (上海市, and not 上海) ends where it ends, whatever follows it; 北京 may begin the
 * name of a street. 市场 is a market, and 区域 an area.
 */
function isWhole({ zh, full }: Place, head: string, rest: string): boolean {
  return head === full && full !== zh && !/^[场域]/.test(rest)
}

/** The places that a name may mean within another one. Said once more, as in two languages, it is the same place. */
function steps(from: Place | undefined, head: string): readonly Place[] {
  const { word, is } = bare(head)
  const found = (from ? stepsIn(from, word) : stepsInto(word, head)).filter(is)
  if (found.length > 0 || !from) return found
  return [from.zh, from.full, from.en, from.ru].some(name => placeName(name) === word) && is(from) ? [from] : []
}

/** Without its city a district is certain, and a town is not: of few cities the towns are known. */
function stepsIn({ code }: Place, word: string): readonly Place[] {
  const { within } = gazetteerOf()
  if (code.length > 4 && !isCity(code)) return []
  const direct = within(code).get(word) ?? []
  if (direct.length > 0 || code.length > 2) return direct
  const inner = citiesOf(code).flatMap(city => within(city.code).get(word) ?? [])
  return inner.filter(place => place.code.length === 6)
}

function citiesOf(province: string): Place[] {
  return [...new Set([...gazetteerOf().within(province).values()].flat())]
}

/** An address begins with a province or a city; or with a district, if its name is certain. */
function stepsInto(word: string, head: string): readonly Place[] {
  const large = named(word)
  if (large.length > 0 || !isChinese(head)) return large
  const [only, another] = gazetteerOf().districts.get(word) ?? []
  return only && !another && isTelling(only, head) ? [only] : []
}

/** Without its city only a district is certain that is called a city (昆山), or is written with what it is (闵行区). */
function isTelling(place: Place, head: string): boolean {
  return place.code.length === 6 && (place.full.endsWith('市') || isWhole(place, head, ''))
}

/** The provinces and cities of a name. The provinces that are one city (北京, 天津, 上海, 重庆) are met as that city alone. */
export function named(name: string): Place[] {
  const { cities, provinces } = gazetteerOf()
  const word = placeName(name)
  const all = [...(cities.get(word) ?? []), ...(provinces.get(word) ?? [])]
  return all.filter(({ code }) => !['11', '12', '31', '50'].includes(code))
}

const kinds: readonly [ending: RegExp, is: (place: Place) => boolean][] = [
  [/ province$/i, ({ code }) => code.length === 2],
  [/ (city|municipality)$/i, ({ code, full }) => isCity(code) || full.endsWith('市')],
  [/ (district|county|new area)$/i, ({ code }) => code.length === 6 && !isCity(code)],
]

/** A name as it is compared, and what it can be by the English word that stands behind it. */
function bare(head: string): { word: string; is(place: Place): boolean } {
  const [ending, is] = kinds.find(([ending]) => ending.test(head)) ?? [/$/, () => true]
  return { word: placeName(head.replace(ending, '')), is }
}
