import { isThing, type Thing, thingIn, thingsOf, unwrapped } from './json.ts'
import { flag, type Notes, unmap } from './notes.ts'
import { amountOf, numberOf, positive } from './numbers.ts'
import { type Param, paramOf, russianParamOf } from './param.ts'
import { told } from './text.ts'
import { dictionary } from './words.ts'

/**
 * What the configuration of an advert says.
 *
 * - id: of the spec, by the advert or by its table
 * - of: the text of each parameter by our name for it; what says nothing is not there
 * - values: everything that is told, by our names, or by group and name where we have none: numbers, our codes for words that
 *   have a dictionary, else the text
 * - trim: where a name of the trim stands in place of a table
 * - equipment: the groups of equipment that tables of the web have
 */
export type Spec = {
  id: number | undefined
  of: ReadonlyMap<string, string>
  values: Readonly<Record<string, string | number>> | undefined
  trim: string | undefined
  equipment: unknown
}

/** Reads the configuration in each of its three forms: a table, an object with Russian names, the name of the trim. */
export function specOf(data: Thing, extra: unknown, notes: Notes): Spec {
  const own = positive(notes, 'specid', data.specid, { min: 1, max: 2 ** 31 - 1 })
  const found: Found = { of: new Map(), values: {} }
  const outer = unwrapped(notes, 'configuration', data.configuration)
  const trim = typeof outer === 'string' ? told(outer) : undefined
  const forms = [typeof outer === 'string' ? undefined : outer, isThing(extra) ? extra.configuration : undefined]
    .map(form => formOf(form, notes))
    .filter(isThing)
  const table = forms.find(({ paramtypeitems }) => Array.isArray(paramtypeitems))
  const id = own ?? idOf(table?.specid)
  const isStrange = table !== undefined && isForeign(own, idOf(table.specid))
  if (isStrange) flag(notes, 'spec', 'foreign')
  else if (table) readTable(table, id, found, notes)
  else for (const form of forms) readRussian(form, found, notes)
  const values = Object.keys(found.values).length > 0 ? found.values : undefined
  return { of: found.of, values, trim, id, equipment: isStrange ? undefined : table?.configtypeitems }
}

/** Its groups may be JSON in a text within it. */
function formOf(value: unknown, notes: Notes): Thing | undefined {
  const form = thingIn(notes, 'configuration', value)
  if (typeof form?.paramtypeitems !== 'string') return form
  return { ...form, paramtypeitems: unwrapped(notes, 'configuration', form.paramtypeitems) }
}

function idOf(value: unknown): number | undefined {
  const id = numberOf(value)
  return id !== undefined && Number.isInteger(id) && id > 0 && id < 2 ** 31 ? id : undefined
}

/** A table of another spec tells nothing of this car. */
function isForeign(own: number | undefined, its: number | undefined): boolean {
  return own !== undefined && its !== undefined && own !== its
}

type Found = { of: Map<string, string>; values: Record<string, string | number> }

function readTable(table: Thing, id: number | undefined, found: Found, notes: Notes): void {
  for (const { name: title, paramitems } of thingsOf(table.paramtypeitems)) {
    const group = typeof title === 'string' ? title : ''
    for (const item of thingsOf(paramitems)) {
      const { name } = item
      const text = valueIn(item, id)
      if (typeof name !== 'string' || text === undefined) continue
      const param = paramOf(group, name)
      if (param) keep(found, param, text, notes)
      else found.values[`${group} ${name}`.slice(0, 200)] ??= text
    }
  }
}

function readRussian(form: Thing, found: Found, notes: Notes): void {
  for (const name of Object.keys(form)) {
    const text = told(form[name])
    const param = text === undefined ? undefined : russianParamOf(name)
    if (param && text !== undefined) keep(found, param, text, notes)
    else if (text !== undefined && /\p{Script=Cyrillic}/u.test(name)) found.values[name.slice(0, 200)] ??= text
  }
}

/** Of a parameter that is told twice the first text holds. */
function keep({ of, values }: Found, param: Param, text: string, notes: Notes): void {
  if (of.has(param.key)) return
  of.set(param.key, text)
  values[param.key] = readingOf(param, text, notes)
}

/** Parameters whose words have a dictionary, and which. */
const worded: Readonly<Record<string, string>> = {
  ...{ aspiration: 'aspiration', fuel_supply: 'fuel_supply', steering_assist: 'steering_assist' },
  ...{ front_brake: 'brake', rear_brake: 'brake', parking_brake: 'parking_brake' },
  ...{ battery_type: 'battery_type', awd_kind: 'awd_kind' },
}
const dictionaries = new Map(Object.entries(worded).map(([key, field]) => [key, dictionary(field)]))

function readingOf({ key, type }: Param, text: string, notes: Notes): number | string {
  const look = dictionaries.get(key)
  if (look) {
    const code = look(text)
    if (code === undefined && text !== '无') unmap(notes, key, text)
    return code ?? text
  }
  if (type !== 'int' && type !== 'decimal') return text
  const value = amountOf(text)
  return value === undefined || !Number.isFinite(value) ? text : value
}

/** What an item says of this spec: in the feed itself, in the tables of the web by the spec's id. */
export function valueIn(item: Thing, id: number | undefined): string | undefined {
  if (!Array.isArray(item.valueitems)) return told(item.value)
  const values = thingsOf(item.valueitems)
  const its =
    values.find(({ specid }) => id !== undefined && idOf(specid) === id) ??
    (values.length === 1 ? values[0] : undefined)
  if (!its || isForeign(id, idOf(its.specid))) return undefined
  const below = thingsOf(its.sublist).flatMap(({ value, subname }) => told(value ?? subname) ?? [])
  return told(its.value) ?? (below.length > 0 ? below.join(' / ') : undefined)
}
