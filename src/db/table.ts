import { Misuse } from '../core/failure.ts'
import type { Flags } from '../core/stream.ts'
import { type Column, encoderOf, Misfit } from './column.ts'
import { isWrittenInTurn } from './serial.ts'
import type { Sql } from './store.ts'

/** A table that rows are written to, as the catalogue and the stream describe it. */
export type Table = {
  /** `schema.table`, ready for SQL. */
  name: string
  columns: readonly Column[]
  key: readonly string[]
  newer: readonly string[]
  /** Which of the columns are there that the engine fills itself. */
  own: ReadonlySet<Own>
  flags: Flags
  /** Its writers go one after the other (serial.ts). */
  isSerial: boolean
}

/**
 * Columns that the engine fills where a table has them: whose row it is, when the vendor was asked for it (by the
 * database), since when a complete list of the vendor lacks it, and the record as it came, less what is forgotten.
 */
type Own = 'account' | 'asked_at' | 'gone_at' | 'raw'

/** What a stream says of its table. Without `newer` columns the row that was asked for later is newer. */
export type Declared = {
  table: string
  key: readonly string[]
  newer: readonly string[]
  mode?: string
  flags?: Flags
  former?: { by: readonly string[] } | undefined
}

/** A row ready to be stored: one text per column of the table, in its order; null is NULL. */
export type Encoded = (string | null)[]

/** Values by the names of their columns. */
type Values = Readonly<Record<string, unknown>>

/** Why a row cannot be stored: the first column that does not take its value. */
export type Broken = { field: string; value: string; reason: string }

/**
 * Reads a table's columns from the catalogue, less those that the database fills itself (identity, generated), and checks the
 * stream against it.
 * @throws Misuse when the table, a key or a newer column is not there or cannot serve.
 */
export async function describe(sql: Sql, declared: Declared): Promise<Table> {
  const { table, key, mode, flags = {}, former } = declared
  const newer = declared.newer.length > 0 ? declared.newer : ['asked_at']
  const found = await sql.query<{ name: string; type: string; nullable: boolean }>(
    `select attname as name, format_type(atttypid, atttypmod) as type, not attnotnull as nullable
       from pg_attribute where attrelid = to_regclass($1) and attnum > 0 and not attisdropped
         and attidentity = '' and attgenerated = '' order by attnum`,
    [table],
  )
  if (found.length === 0) throw new Misuse('schema-missing', `The table ${table} is not there; run: sluice migrate`)
  const columns = found.map(column => ({ ...column, encode: encoderOf(column.type) ?? unknownType }))
  for (const name of [...key, ...newer, ...(former?.by ?? [])]) checkColumn(table, columns, name)
  for (const name of Object.keys(flags)) checkFlag(table, columns, name)
  const own = new Set(owns.filter(name => columns.some(each => each.name === name)))
  if (mode === 'snapshot')
    for (const name of ['asked_at', 'gone_at'] as const) if (!own.has(name)) throw lacks(table, name)
  return { name: table, columns, key, newer, own, flags, isSerial: await isWrittenInTurn(sql, table) }
}

const owns: readonly Own[] = ['account', 'asked_at', 'gone_at', 'raw']

function lacks(table: string, name: string): Misuse {
  return new Misuse(
    'schema-mismatch',
    `${table} has no column "${name}" (timestamptz), by which its stream tells what a complete list lacks`,
  )
}

/**
 * The row as texts in the table's order, or the first value that does not fit its column. What is `fixed` stands in place of the
 * row's own: a wide row takes longer to copy than to encode.
 */
export function encode({ columns }: Table, row: Values, fixed?: Values): Encoded | Broken {
  const encoded: Encoded = new Array(columns.length)
  for (let place = 0; place < columns.length; place++) {
    const column = columns[place]!
    const value = (fixed && Object.hasOwn(fixed, column.name) ? fixed : row)[column.name]
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
    throw new Misuse(
      'schema-mismatch',
      name === 'asked_at'
        ? `${table} has no column "asked_at" (timestamptz not null), which a stream without newer columns needs`
        : `${table} has no column "${name}", which its stream names as key, newer or former`,
    )
  if (column.nullable)
    throw new Misuse('schema-mismatch', `${table}.${name} must be "not null": rows are told apart by it`)
}

function checkFlag(table: string, columns: readonly Column[], name: string): void {
  const column = columns.find(each => each.name === name)
  if (column?.type === 'boolean' && !column.nullable) return
  throw new Misuse('schema-mismatch', `${table}.${name} must be "boolean not null": its stream names it as a flag`)
}
