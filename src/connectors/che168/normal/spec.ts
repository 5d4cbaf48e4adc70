import { isThing, type Thing, thingsOf, unwrapped } from './json.ts'
import { flag, type Notes, unmap } from './notes.ts'
import { amountOf, numberOf } from './numbers.ts'
import { type Param, paramOf, russianParamOf } from './param.ts'
import { told } from './text.ts'
import { dictionary } from './words.ts'

/** A line of a spec table. `text` is as it was written; `value` a number or one of our codes, where it can be read as one. */
type Line = {
  group: string
  name: string
  key?: string
  unit?: string
  text: string
  value?: number | string
}

/**
 * What the configuration of an advert says.
 *
 * - id: of the spec, by the advert or by its table
 * - of: the text of each parameter by our name for it; what says nothing is not there
 * - trim: where a name of the trim stands in place of a table
 * - equipment: the groups of equipment that tables of the web have
 */
export type Spec = {
  id: number | undefined
  of: ReadonlyMap<string, string>
  lines: readonly Line[]
  trim: string | undefined
  equipment: unknown
}

/** Reads the configuration in each of its three forms: a table, an object with Russian names, the name of the trim. */
export function specOf(data: Thing, extra: unknown, notes: Notes): Spec {
  const own = idOf(data.specid)
  const spec = { of: new Map<string, string>(), lines: [] as Line[], trim: undefined as string | undefined }
  const outer = unwrapped(notes, 'configuration', data.configuration)
  if (typeof outer === 'string') spec.trim = told(outer)
  const inner = isThing(extra) ? unwrapped(notes, 'configuration', extra.configuration) : undefined
  const forms = [outer, inner].filter(isThing)
  const table = forms.find(({ paramtypeitems }) => Array.isArray(paramtypeitems))
  const id = own ?? idOf(table?.specid)
  if (table && isForeign(own, idOf(table.specid))) flag(notes, 'spec', 'foreign')
  else if (table) readTable(table, id, spec, notes)
  else for (const form of forms) readRussian(form, spec, notes)
  return { ...spec, id, equipment: spec.lines.length > 0 ? table?.configtypeitems : undefined }
}

function idOf(value: unknown): number | undefined {
  const id = numberOf(value)
  return id !== undefined && Number.isInteger(id) && id > 0 && id < 2 ** 31 ? id : undefined
}

/** A table of another spec tells nothing of this car. */
function isForeign(own: number | undefined, its: number | undefined): boolean {
  return own !== undefined && its !== undefined && own !== its
}

type Reading = { of: Map<string, string>; lines: Line[] }

function readTable(table: Thing, id: number | undefined, spec: Reading, notes: Notes): void {
  for (const { name: title, paramitems } of thingsOf(table.paramtypeitems)) {
    const group = told(title) ?? ''
    for (const item of thingsOf(paramitems)) {
      const name = told(item.name)
      const text = valueIn(item, id)
      if (name !== undefined && text !== undefined) keep(spec, { group, name, text }, paramOf(group, name), notes)
    }
  }
}

function readRussian(form: Thing, spec: Reading, notes: Notes): void {
  for (const name of Object.keys(form)) {
    const text = told(form[name])
    const param = text === undefined ? undefined : russianParamOf(name)
    if (text !== undefined && (param || /\p{Script=Cyrillic}/u.test(name)))
      keep(spec, { group: param?.group ?? '', name, text }, param, notes)
  }
}

/** Of a parameter that is told twice the first text holds. */
function keep({ of, lines }: Reading, line: Line, param: Param | undefined, notes: Notes): void {
  if (!param) return void lines.push(line)
  const { key, unit } = param
  if (!of.has(key)) of.set(key, line.text)
  const value = readingOf(param, line.text, notes)
  lines.push({
    ...{ group: line.group, name: line.name, key },
    ...(unit ? { unit } : {}),
    ...{ text: line.text },
    ...(value === undefined ? {} : { value }),
  })
}

/** Parameters whose words have a dictionary, and which. */
const worded: Readonly<Record<string, string>> = {
  ...{ aspiration: 'aspiration', fuel_supply: 'fuel_supply', steering_assist: 'steering_assist' },
  ...{ front_brake: 'brake', rear_brake: 'brake', parking_brake: 'parking_brake' },
  ...{ battery_type: 'battery_type', awd_kind: 'awd_kind' },
}
const dictionaries = new Map(Object.entries(worded).map(([key, field]) => [key, dictionary(field)]))

function readingOf({ key, type }: Param, text: string, notes: Notes): number | string | undefined {
  const look = dictionaries.get(key)
  if (look) {
    const code = look(text)
    return code === undefined && text !== '无' ? unmap(notes, key, text) : (code ?? undefined)
  }
  if (type !== 'int' && type !== 'decimal') return undefined
  const value = amountOf(text)
  return Number.isNaN(value) ? undefined : value
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
