import { conceal } from '../core/conceal.ts'
import type { DerivedStream } from '../core/stream.ts'
import { type Found, readFormer } from '../db/former.ts'
import type { Transaction } from '../db/store.ts'
import { type Broken, type Encoded, encode, type Table } from '../db/table.ts'

type Settings = Parameters<DerivedStream['rows']>[1]
type Stored = Readonly<Record<string, string | null>>

/**
 * How to take back what a row made before: by which values of the table's columns it is found, the keys of the rows that are made
 * now, and what becomes of one that is not among them; undefined where nothing does.
 */
export type Past = { whose: Encoded; keys: Encoded[]; end(row: Stored): Readonly<Record<string, unknown>> | undefined }

/** What was found of a row's past: rows that have ended, or why one cannot be ended. */
export type Ended = Encoded[] | { reason: string }

/** The columns by which rows are found that were made before. */
function traceOf({ former }: DerivedStream, { own }: Table): string[] {
  return [...(own.has('account') ? ['account'] : []), ...(former?.by ?? [])]
}

/** Of a row and what it makes now; undefined where nothing is taken back, or what is wrong with what its stream says. */
export function pastOf(
  stream: DerivedStream,
  table: Table,
  record: unknown,
  made: readonly Encoded[],
  at: Settings,
): Past | Broken | undefined {
  const { former } = stream
  const named = former?.whose(record, at)
  if (!former || !named) return undefined
  const whose = encode(partOf(table, traceOf(stream, table)), named, { account: at.account })
  if (!Array.isArray(whose)) return whose
  const places = table.key.map(name => table.columns.findIndex(column => column.name === name))
  const keys = made.map(row => places.map(place => row[place]!))
  return { whose, keys, end: row => former.ended(row, record, at) }
}

/** Rows that were made before and are not among those that are made now, as they are to be written: for each past, in its order. */
export async function endFormer(
  tx: Transaction,
  stream: DerivedStream,
  table: Table,
  pasts: readonly (Past | undefined)[],
): Promise<Ended[]> {
  const known = pasts.filter(past => past !== undefined)
  if (known.length === 0) return pasts.map(() => [])
  const whose = known.map(past => past.whose)
  const keys = known.flatMap(past => past.keys)
  const found = await readFormer(tx, table, traceOf(stream, table), whose, keys)
  const groups = Map.groupBy(found, ({ place }) => known[place]!)
  return pasts.map(past => (past ? endAll(table, past, groups.get(past) ?? []) : []))
}

function endAll(table: Table, { end }: Past, found: readonly Found[]): Ended {
  const rows: Encoded[] = []
  for (const { row } of found) {
    const ended = endOne(table, row, end)
    if (ended === undefined) continue
    if (!Array.isArray(ended)) return ended
    rows.push(ended)
  }
  return rows
}

/** What changes of it stands in place of what it was; the rest of it stays to the letter. */
function endOne(table: Table, row: Encoded, end: Past['end']): Encoded | { reason: string } | undefined {
  const { columns } = table
  try {
    const changes = end(Object.fromEntries(columns.map(({ name }, place) => [name, row[place]!])))
    if (changes === undefined) return undefined
    const changed = partOf(table, Object.keys(changes))
    const values = encode(changed, changes)
    if (!Array.isArray(values)) return { reason: `${values.field} of a row that it made before ${values.reason}` }
    const places = new Map(changed.columns.map(({ name }, place) => [name, values[place]!]))
    return columns.map(({ name }, place) => (places.has(name) ? places.get(name)! : row[place]!))
  } catch (error) {
    return { reason: conceal(`what it made before cannot be ended: ${(error as Error).message}`) }
  }
}

/** A table as if it had these columns alone. */
function partOf(table: Table, names: readonly string[]): Table {
  return { ...table, columns: names.map(name => table.columns.find(column => column.name === name)!) }
}
