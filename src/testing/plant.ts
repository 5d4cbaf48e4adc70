import { forget } from '../core/forget.ts'
import { parseExact } from '../core/json.ts'
import { leavesOf } from './leaves.ts'

/** Marks in place of what a stream forgets, wherever it stands in an answer: by the value they stand for. */
export type Marks = Map<string, string>

/** Shorter values than this stand elsewhere by chance. */
const shortest = 4

/**
 * Puts marks in place of the forgotten fields' values, into the whole body: a value that comes a second time under another name
 * is marked there, too. `known` are the stream's records as they are without these fields, as JSON: by them they are found.
 */
export function plant(text: string, fields: readonly string[], known: ReadonlySet<string>, marks: Marks): string {
  const values = text.trimStart().match(/^[[{]/) ? valuesOfJson(text, fields, known) : valuesOfLines(text, fields)
  for (const value of values) mark(marks, value)
  return [...marks].reduce((body, [value, put]) => body.replaceAll(value, put), text)
}

/** As it stands in JSON text, and what is put there: as long a number for a number. */
function mark(marks: Marks, value: unknown): void {
  const text = typeof value === 'string' ? JSON.stringify(value).slice(1, -1) : String(value)
  if (text.length < shortest || typeof value === 'boolean' || value === null || marks.has(text)) return
  const nth = String(marks.size + 1).padStart(4, '0')
  if (typeof value === 'string') marks.set(text, `forgotten-${nth}-forgotten`)
  else if (text.length >= 7) marks.set(text, `8675309${nth}`)
}

function valuesOfJson(text: string, fields: readonly string[], known: ReadonlySet<string>): unknown[] {
  try {
    const all = objectsIn(parseExact(text))
    const records = all.filter(each => known.has(JSON.stringify(forget(each, fields))))
    return (records.length > 0 ? records : all).flatMap(each => fields.flatMap(field => heldBy(each, field.split('.'))))
  } catch {
    return []
  }
}

function objectsIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return []
  return [...(Array.isArray(value) ? [] : [value]), ...Object.values(value).flatMap(objectsIn)]
}

/** Everything under a name, or under it in each of a list. */
function heldBy(value: unknown, [name, ...inner]: readonly string[]): unknown[] {
  if (name === undefined) return leavesOf(value).map(leaf => leaf.value)
  if (Array.isArray(value)) return value.flatMap(each => heldBy(each, [name, ...inner]))
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return []
  return heldBy((value as Record<string, unknown>)[name], inner)
}

/** The columns of a CSV that bear these names. */
function valuesOfLines(text: string, fields: readonly string[]): string[] {
  const [head = '', ...lines] = text.split(/\r?\n/)
  const delimiter = [';', '\t', ','].find(each => head.includes(each)) ?? ','
  const plain = (cell: string) => cell.replace(/^\uFEFF?"|"$/g, '')
  const places = head.split(delimiter).flatMap((name, at) => (fields.includes(plain(name)) ? [at] : []))
  return lines.flatMap(line => places.flatMap(place => plain(line.split(delimiter)[place] ?? '')))
}
