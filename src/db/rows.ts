import { createHash } from 'node:crypto'
import { copyIn } from './copy.ts'
import { type Packed, unpack } from './pack.ts'
import type { Transaction } from './store.ts'
import type { Table } from './table.ts'

/**
 * What became of a page's rows: how many different keys there were, how many were new, how many replaced others, and how
 * many were gone and are back.
 */
export type Written = { keys: number; inserted: number; changed: number; revived: number }

const uniqueViolation = '23505'

/**
 * Stores the rows of one page inside its transaction. Older never overwrites newer (P6).
 *
 * `fresh` says that this stretch was never loaded: then the rows are copied straight in, which is twice as fast, and only
 * a key that is there against expectation (or twice in the page) sends them through the guarded upsert.
 */
export async function write(tx: Transaction, table: Table, rows: Packed, fresh: boolean): Promise<Written> {
  if (rows.count === 0) return { keys: 0, inserted: 0, changed: 0, revived: 0 }
  if (fresh && (await copy(tx, table, rows))) return { keys: rows.count, inserted: rows.count, changed: 0, revived: 0 }
  return upsert(tx, table, rows)
}

/** False when a key was there already: nothing is written then. */
async function copy(tx: Transaction, table: Table, { text }: Packed): Promise<boolean> {
  try {
    await copyIn(tx.client, `savepoint page; copy ${table.name} (${names(table)}) from stdin`, text)
    return true
  } catch (error) {
    await tx.query('rollback to savepoint page')
    if (codeOf(error) === uniqueViolation) return false
    throw error
  }
}

/** Rows of more text than this (bytes) are brought by COPY too: to take them apart for a statement takes long and much room. */
const large = 256 * 1024

/**
 * A page's rows in one statement: of rows with the same key the newest is taken; it replaces the stored row when the
 * newer columns say so, or when they are equal and another value differs.
 */
async function upsert(tx: Transaction, table: Table, packed: Packed): Promise<Written> {
  const [written] = await (packed.text.byteLength > large
    ? fromStage(tx, table, packed)
    : fromArrays(tx, table, packed))
  const { keys, inserted, revived, stored, same } = written!
  return { keys, inserted, revived, changed: stored - inserted - same }
}

type Counted = Omit<Written, 'changed'> & { stored: number; same: number }

function fromArrays(tx: Transaction, table: Table, packed: Packed): Promise<Counted[]> {
  const rows = unpack(packed)
  const columns = table.columns.map((_, place) => rows.map(row => row[place]!))
  const arrays = table.columns.map(({ type }, place) => `$${place + 1}::text[]::${type}[]`).join(', ')
  return tx.query(upsertText(table, `unnest(${arrays}) with ordinality as u(${names(table)}, "#")`), columns)
}

/** Each connection has a stage of its own for a table, which is empty between two transactions. */
async function fromStage(tx: Transaction, table: Table, { text }: Packed): Promise<Counted[]> {
  const stage = `"stage ${createHash('sha256')
    .update(`${table.name} ${columnsText(table)}`)
    .digest('hex')
    .slice(0, 40)}"`
  const made = `create temp table if not exists ${stage} (${columnsText(table)}, "#" bigint generated always as identity) on commit delete rows`
  await copyIn(
    tx.client,
    `set local client_min_messages = warning; ${made}; copy ${stage} (${names(table)}) from stdin`,
    text,
  )
  return tx.query(upsertText(table, stage))
}

function columnsText({ columns }: Table): string {
  return columns.map(({ name, type }) => `${quoted(name)} ${type}`).join(', ')
}

function upsertText(table: Table, source: string): string {
  const { columns, key, newer } = table
  const newest = newer.map(name => `${quoted(name)} desc`)
  const values = columns.map(({ name }) => name).filter(name => !key.includes(name))
  const matches = key.map(name => `t.${quoted(name)} = g.${quoted(name)}`).join(' and ')
  return `
    with given as materialized (
      select distinct on (${key.map(quoted).join(', ')}) ${names(table)}
      from ${source}
      order by ${[...key.map(quoted), ...newest, '"#" desc'].join(', ')}
    ), known as (
      select count(*)::int as keys, (count(*) filter (where t.${quoted(key[0]!)} is null))::int as inserted,
        ${kept(table, values)} as same, ${revived(table)} as revived
      from given g left join ${table.name} t on ${matches}
    ), stored as (
      insert into ${table.name} as t (${names(table)}) select ${names(table)} from given
      on conflict (${key.map(quoted).join(', ')}) do update
      set ${values.map(name => `${quoted(name)} = excluded.${quoted(name)}`).join(', ')}
      where ${guard(newer, values)}
      returning 1
    )
    select keys, inserted, same, revived, (select count(*)::int from stored) as stored from known`
}

/** Rows that are written only because they were asked for again: nothing but that time differs. */
function kept({ newer, key }: Table, values: readonly string[]): string {
  if (newer[0] !== 'asked_at') return '0'
  const others = values.filter(name => name !== 'asked_at')
  const isThere = `t.${quoted(key[0]!)} is not null and t.asked_at < g.asked_at`
  const isSame = others.length > 0 ? ` and ${tuple('t', others)} is not distinct from ${tuple('g', others)}` : ''
  return `(count(*) filter (where ${isThere}${isSame}))::int`
}

function revived({ own, key }: Table): string {
  if (!own.has('gone_at')) return '0'
  return `(count(*) filter (where t.${quoted(key[0]!)} is not null and t.gone_at is not null and g.gone_at is null))::int`
}

function guard(newer: readonly string[], values: readonly string[]): string {
  const differs = `${tuple('t', values)} is distinct from ${tuple('excluded', values)}`
  const later = `${tuple('excluded', newer)} > ${tuple('t', newer)}`
  return `${later} or (${tuple('excluded', newer)} = ${tuple('t', newer)} and ${differs})`
}

function tuple(side: string, columns: readonly string[]): string {
  return `(${columns.map(name => `${side}.${quoted(name)}`).join(', ')})`
}

function names({ columns }: Table): string {
  return columns.map(({ name }) => quoted(name)).join(', ')
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}
