import { Misuse } from '../core/failure.ts'
import { type Column, encoderOf, Misfit } from './column.ts'
import type { Sql } from './store.ts'

/** A table that rows are written to, as the catalogue and the stream describe it. */
export type Table = {
  /** `schema.table`, ready for SQL. */
  name: string
  columns: readonly Column[]
  key: readonly string[]
  newer: readonly string[]
}

/** What a stream says of its table. */
export type Declared = { table: string; key: readonly string[]; newer: readonly string[] }

/** A row ready to be stored: one text per column of the table, in its order; null is NULL. */
export type Encoded = (string | null)[]

/** Why a row cannot be stored: the first column that does not take its value. */
export type Broken = { field: string; value: string; reason: string }

/**
 * Reads a table's columns from the catalogue and checks the stream against it.
 * @throws Misuse when the table, a key or a newer column is not there or cannot serve.
 */
export async function describe(sql: Sql, { table, key, newer }: Declared): Promise<Table> {
  const found = await sql.query<{ name: string; type: string; nullable: boolean }>(
    `select attname as name, format_type(atttypid, atttypmod) as type, not attnotnull as nullable
       from pg_attribute where attrelid = to_regclass($1) and attnum > 0 and not attisdropped order by attnum`,
    [table],
  )
  if (found.length === 0) throw new Misuse('schema-missing', `The table ${table} is not there; run: sluice migrate`)
  const columns = found.map(column => ({ ...column, encode: encoderOf(column.type) ?? unknownType }))
  for (const name of [...key, ...newer]) checkColumn(table, columns, name)
  return { name: table, columns, key, newer }
}

/** The row as texts in the table's order, or the first value that does not fit its column. */
export function encode({ columns }: Table, row: Readonly<Record<string, unknown>>): Encoded | Broken {
  const encoded: Encoded = new Array(columns.length)
  for (let place = 0; place < columns.length; place++) {
    const column = columns[place]!
    const value = row[column.name]
    const text = value === null || value === undefined ? absent(column) : column.encode(value)
    if (text instanceof Misfit) return { field: column.name, value: String(value), reason: text.reason }
    encoded[place] = text
  }
  return encoded
}

function absent({ nullable }: Column): null | Misfit {
  return nullable ? null : new Misfit('is missing')
}

function unknownType(): Misfit {
  return new Misfit('goes to a column of a type that Sluice does not write')
}

function checkColumn(table: string, columns: readonly Column[], name: string): void {
  const column = columns.find(each => each.name === name)
  if (!column)
    throw new Misuse('schema-mismatch', `${table} has no column "${name}", which its stream names as key or newer`)
  if (column.nullable)
    throw new Misuse('schema-mismatch', `${table}.${name} must be "not null": rows are told apart by it`)
}
