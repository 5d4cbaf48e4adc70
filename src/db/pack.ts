import type { Encoded, Table } from './table.ts'

/**
 * Rows as COPY reads them: a line per row, a tab between columns, \N for NULL. A page waits for its commit in this form,
 * because thousands of small values that wait keep the garbage collector busy, and one large one does not.
 */
export type Packed = { count: number; text: Buffer }

/** Texts are made into bytes when they have grown to so many characters: V8 puts a longer one together much slower. */
const piece = 8_192

/** The rows of a table, packed. */
export function pack({ columns }: Table, rows: readonly Encoded[]): Packed {
  const isFree = columns.map(({ type }) => free.has(type))
  const pieces: Buffer[] = []
  let text = ''
  for (const row of rows) {
    let line = ''
    for (let place = 0; place < row.length; place++) {
      const value = row[place] ?? null
      line += (place === 0 ? '' : '\t') + (value === null ? '\\N' : isFree[place] ? escaped(value) : value)
    }
    text += `${line}\n`
    if (text.length < piece) continue
    pieces.push(Buffer.from(text))
    text = ''
  }
  return { count: rows.length, text: Buffer.concat([...pieces, Buffer.from(text)]) }
}

/** Packs behind one another, as one. */
export function joined(packs: readonly Packed[]): Packed {
  return {
    count: packs.reduce((sum, { count }) => sum + count, 0),
    text: Buffer.concat(packs.map(({ text }) => text)),
  }
}

/** The types in whose values anything may stand. */
const free = new Set(['text', 'jsonb'])
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
const meanings: Readonly<Record<string, string>> = { '\\\\': '\\', '\\t': '\t', '\\n': '\n', '\\r': '\r' }

/** Nearly no value holds any of them, which is said faster than nothing is replaced. */
const special = /[\\\t\n\r]/

function escaped(value: string): string {
  return special.test(value) ? value.replace(/[\\\t\n\r]/g, each => escapes[each]!) : value
}

/** The rows that were packed. */
export function unpack({ text }: Packed): Encoded[] {
  const lines = text.toString().split('\n').slice(0, -1)
  return lines.map(line => line.split('\t').map(meaning))
}

function meaning(field: string): string | null {
  return field === '\\N' ? null : field.replace(/\\[\\tnr]/g, each => meanings[each]!)
}
