import { finished } from 'node:stream/promises'
import { closest } from 'fastest-levenshtein'
import { type CopyToStreamQuery, to as copyTo } from 'pg-copy-streams'
import { Misuse } from '../core/failure.ts'
import { type Field, findRelation, type Relation } from './relation.ts'
import type { Store } from './store.ts'

/** What is wished for: all columns unless some are named; with a range, only rows whose time lies in it. */
export type Wish = {
  /** `schema.name`. */
  table: string
  format: 'csv' | 'ndjson'
  columns?: readonly string[] | undefined
  /** A column with instants, or with epoch milliseconds. `from` is inclusive, `to` exclusive. */
  within?: { column: string; from?: Date; to?: Date } | undefined
}

/** Takes a piece of the text; false when it wants no more. */
export type Taker = (piece: Buffer) => Promise<boolean>

/** How many rows there were, unless the taker had enough or somebody stopped it before the end. */
export type Exported = { whole: true; rows: number } | { whole: false }

/**
 * Reads a table, as it is at one moment, in the order of its primary key, and hands its text over piece by piece: the
 * server makes the text, so that memory stays flat however large the table is. Numbers are exact; as JSON, numeric and
 * bigint are text. Instants are ISO 8601 in UTC. In CSV null is nothing, an empty text is "".
 * @throws Misuse when there is no such table or column
 */
export async function exportTable(store: Store, wish: Wish, take: Taker, signal: AbortSignal): Promise<Exported> {
  return store.snapshot(async tx => {
    const relation = await findRelation(tx, wish.table)
    const text = copyText(relation, wish)
    const [backend] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid')
    await tx.query('set local statement_timeout = 0')
    if (signal.aborted) return { whole: false }
    const copy = tx.client.query(copyTo(text))
    const stop = () => cancel(store, backend!.pid)
    const next: Taker = async piece => !signal.aborted && take(piece)
    signal.addEventListener('abort', stop)
    try {
      if (await handOver(copy, next, stop)) return { whole: true, rows: copy.rowCount }
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      signal.removeEventListener('abort', stop)
    }
    return { whole: false }
  })
}

/** True when the taker has taken all. If it ends before that, the connection has nothing left to read afterwards. */
async function handOver(copy: CopyToStreamQuery, take: Taker, stop: () => Promise<void>): Promise<boolean> {
  let whole = false
  try {
    for await (const piece of copy.iterator({ destroyOnReturn: false }))
      if (!(await take(piece as Buffer))) return false
    whole = true
    return true
  } finally {
    if (!whole && !copy.destroyed) {
      const over = finished(copy).catch(() => undefined)
      await stop()
      copy.resume()
      await over
    }
  }
}

/** A server that is gone has nothing to be cancelled: whoever reads from it learns of that. */
async function cancel(store: Store, pid: number): Promise<void> {
  await store.query('select pg_cancel_backend($1::int)', [pid]).catch(() => undefined)
}

function copyText(relation: Relation, { columns, within, format }: Wish): string {
  const fields = columns ? columns.map(name => fieldOf(relation, name)) : relation.columns
  const list = fields.map(field => `${expressionOf(field, format)} as ${field.quoted}`).join(', ')
  const order = relation.key.length > 0 ? ` order by ${relation.key.map(name => `t.${name}`).join(', ')}` : ''
  const rows = `select ${list} from ${relation.name} as t${conditionOf(relation, within)}${order}`
  return format === 'csv'
    ? `copy (${rows}) to stdout with (format csv, header)`
    : `copy (select row_to_json(r)::text from (${rows}) as r) to stdout with (${asItIs})`
}

/** JSON text holds no control characters: with such ones for quotes and delimiters, lines leave as they are. */
const asItIs = `format csv, quote e'\\x01', delimiter e'\\x02'`

/** Types whose JSON is exact; everything else is text. */
const exact = ['bool', 'int2', 'int4', 'float4', 'float8', 'jsonb']

/** Sessions run in UTC: an instant's text ends with +00. */
function expressionOf({ quoted, type }: Field, format: Wish['format']): string {
  const column = `t.${quoted}`
  if (type === 'timestamptz')
    return `case when isfinite(${column}) then regexp_replace(${column}::text, '^(\\S+) (\\S+)\\+00', '\\1T\\2Z') else ${column}::text end`
  if (format === 'csv' || !exact.includes(type))
    return type === 'json' && format === 'ndjson' ? `${column}::jsonb` : `${column}::text`
  return column
}

function fieldOf({ name, columns }: Relation, wanted: string): Field {
  const found = columns.find(column => column.name === wanted)
  if (found) return found
  const names = columns.map(column => column.name)
  const text = `${name} has no column "${wanted}"; did you mean "${closest(wanted, names)}"? It has ${names.join(', ')}`
  throw new Misuse('unknown-column', text)
}

function conditionOf(relation: Relation, within: Wish['within']): string {
  if (!within) return ''
  const { quoted, type } = fieldOf(relation, within.column)
  const moment = (date: Date) => (type === 'int8' ? String(date.getTime()) : `'${date.toISOString()}'::timestamptz`)
  const conditions = [
    within.from ? [`t.${quoted} >= ${moment(within.from)}`] : [],
    within.to ? [`t.${quoted} < ${moment(within.to)}`] : [],
  ].flat()
  return conditions.length > 0 ? ` where ${conditions.join(' and ')}` : ''
}
