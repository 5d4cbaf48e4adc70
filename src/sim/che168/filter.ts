import type { Advert } from './advert.ts'
import { isColor } from './data.ts'
import { energies, type Label, transmissions } from './labels.ts'
import type { Current, Market } from './market.ts'
import { numberOf } from './question.ts'
import type { Shelf } from './shelf.ts'
import type { Manners } from './world.ts'

type Test = (car: Current) => boolean

/** The adverts that pass the filters asked for, in order; null: there are none asked for. Unknown parameters do nothing. */
export function filterOf(
  market: Market,
  manners: Manners,
  shelf: Shelf,
  count: number,
  query: URLSearchParams,
): number[] | null {
  const tests = testsOf(query)
  if (tests.length === 0) return null
  const asked = [...query].filter(([name]) => name !== 'page' && name !== 'api_key')
  const key = JSON.stringify([count, manners.newest, asked])
  const kept = cache.get(market)
  if (kept?.key === key) return kept.list
  const list: number[] = []
  for (let nth = 0; nth < shelf.size(); nth++) {
    const index = shelf.at(placeOf(manners, shelf.size(), nth))
    const car = market.current(index, shelf.last(index))
    if (tests.every(test => test(car))) list.push(index)
  }
  cache.set(market, { key, list })
  return list
}

/** The pages of one question are asked one after the other; the last question is kept. */
const cache = new WeakMap<Market, { key: string; list: number[] }>()

const ranges: Readonly<Record<string, (car: Current) => number>> = {
  year: ({ spec }) => spec.year,
  km_age: ({ km }) => km,
  price: ({ price }) => price,
}

const texts: Readonly<Record<string, (car: Advert, text: string) => boolean>> = {
  mark: ({ spec }, text) => same(spec.model.mark, text),
  model: ({ spec }, text) => same(spec.model.model, text),
  color: ({ color }, text) => isColor(color, text),
  engine_type: ({ spec }, text) => named(energies[spec.drive.energy], text),
  body_type: ({ spec }, text) => named({ ...spec.body, zh: spec.body.structure }, text),
  transmission_type: ({ spec }, text) =>
    named(transmissions[spec.box.kind === 'manual' ? 'manual' : 'automatic'], text),
}

function testsOf(query: URLSearchParams): Test[] {
  const tests: Test[] = []
  for (const [name, test] of Object.entries(texts)) {
    const text = query.get(name)
    if (text) tests.push(car => test(car, text))
  }
  for (const [name, value] of Object.entries(ranges)) {
    const [from, to] = [numberOf(query, `${name}_from`), numberOf(query, `${name}_to`)]
    if (from !== null) tests.push(car => value(car) >= from)
    if (to !== null) tests.push(car => value(car) <= to)
  }
  return tests
}

function named(label: Label, text: string): boolean {
  return [label.zh, label.en, label.ru].some(name => name !== undefined && same(name, text))
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

/** Where in the list of those who are there the nth row of the answer is. */
export function placeOf({ newest = 'first' }: Manners, size: number, nth: number): number {
  return newest === 'first' ? size - 1 - nth : nth
}
