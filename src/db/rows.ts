import { createHash } from 'node:crypto'
import { copyIn } from './copy.ts'
import { type Packed, unpack } from './pack.ts'
import { awaitWriters } from './serial.ts'
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
  await awaitWriters(tx, table)
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

/** Each connection has a stage of its own for a table. A transaction that writes twice finds it filled, and empties it. */
async function fromStage(tx: Transaction, table: Table, { text }: Packed): Promise<Counted[]> {
  const stage = `"stage ${createHash('sha256')
    .update(`${table.name} ${columnsText(table)}`)
    .digest('hex')
    .slice(0, 40)}"`
  const made = `create temp table if not exists ${stage} (${columnsText(table)}, "#" bigint generated always as identity) on commit delete rows; delete from ${stage}`
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
  const { key, newer } = table
  const newest = newer.map(name => `${quoted(name)} desc`)
  const values = valuesOf(table)
  const matches = key.map(name => `t.${quoted(name)} = g.${quoted(name)}`).join(' and ')
  return `
    with given as materialized (
      select distinct on (${key.map(quoted).join(', ')}) ${names(table)}
      from ${source}
      order by ${[...key.map(quoted), ...newest, '"#" desc'].join(', ')}
    ), known as (
      select count(*)::int as keys, (count(*) filter (where t.${quoted(key[0]!)} is null))::int as inserted,
        ${kept(table)} as same, ${revived(table)} as revived
      from given g left join ${table.name} t on ${matches}
    ), stored as (
      insert into ${table.name} as t (${names(table)}) select ${names(table)} from given
      on conflict (${key.map(quoted).join(', ')}) do update
      set ${values.map(name => `${quoted(name)} = ${settled(table, name)}`).join(', ')}
      where ${isTouched(table, 'excluded')}
      returning 1
    )
    select keys, inserted, same, revived, (select count(*)::int from stored) as stored from known`
}

function valuesOf({ columns, key }: Table): string[] {
  return columns.map(({ name }) => name).filter(name => !key.includes(name))
}

/** Whether a value of the row itself differs, the engine's own marks aside. */
function differ(table: Table, given: string, besides: readonly string[] = []): string {
  const values = valuesOf(table).filter(name => !Object.hasOwn(table.flags, name) && !besides.includes(name))
  return values.length > 0 ? `${tuple('t', values)} is distinct from ${tuple(given, values)}` : 'false'
}

/** Whether a given row says more than the stored one: its newer columns are later, or they are equal and a value differs. */
function isNewer(table: Table, given: string): string {
  const { newer } = table
  const differs = differ(table, given)
  const later = `${tuple(given, newer)} > ${tuple('t', newer)}`
  return `(${later} or (${tuple(given, newer)} = ${tuple('t', newer)} and ${differs}))`
}

/** Lists of rows that have newer columns of their own: one in an older state than the stored row is there all the same. */
function isListed({ own, newer }: Table): boolean {
  return own.has('gone_at') && newer[0] !== 'asked_at'
}

function isTouched(table: Table, given: string): string {
  return isListed(table) ? `(${isNewer(table, given)} or ${given}.asked_at > t.asked_at)` : isNewer(table, given)
}

/** A row that is gone is back when it was asked for after it was marked; an answer from before (a replay) does not undo that. */
function isBack(given: string): string {
  return `(t.gone_at is not null and date_trunc('milliseconds', t.gone_at) <= ${given}.asked_at)`
}

/** What a column of a touched row becomes. */
function settled(table: Table, name: string): string {
  const [old, now] = [`t.${quoted(name)}`, `excluded.${quoted(name)}`]
  if (Object.hasOwn(table.flags, name)) return flagged(table, name)
  if (name === 'asked_at') return `greatest(${old}, ${now})`
  if (name === 'gone_at' && table.own.has('gone_at'))
    return `case when ${isBack('excluded')} then ${now} else ${old} end`
  return isListed(table) ? `case when ${isNewer(table, 'excluded')} then ${now} else ${old} end` : now
}

/** A flag goes back to false: whenever the row was asked for, or when something of it is not as it was. */
function flagged(table: Table, name: string): string {
  if (table.flags[name] === 'asked') return 'false'
  const hasChanged = differ(table, 'excluded', ['asked_at', 'gone_at'])
  const touched = isListed(table) ? `(${isNewer(table, 'excluded')} and ${hasChanged})` : hasChanged
  const back = table.own.has('gone_at') ? ` or ${isBack('excluded')}` : ''
  return `t.${quoted(name)} and not (${touched}${back})`
}

/** Rows that are written only because they were asked for again: nothing but that time differs. */
function kept(table: Table): string {
  const { own, key } = table
  if (!own.has('asked_at')) return '0'
  const isSame = `not (${differ(table, 'g', ['asked_at', 'gone_at'])})`
  const stays = isListed(table) ? `(${isSame} or not ${isNewer(table, 'g')})` : isSame
  const isStill = own.has('gone_at') ? `${stays} and not ${isBack('g')}` : stays
  return `(count(*) filter (where t.${quoted(key[0]!)} is not null and ${isTouched(table, 'g')} and ${isStill}))::int`
}

function revived({ own }: Table): string {
  return own.has('gone_at') ? `(count(*) filter (where ${isBack('g')}))::int` : '0'
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
