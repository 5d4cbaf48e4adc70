import { Misuse } from '../core/failure.ts'
import { parseExact } from '../core/json.ts'
import type { Neighbour, Origin } from '../core/stream.ts'
import type { Sql } from './store.ts'

/** A row that others are derived from: its columns by their names, and its key as texts. */
export type Raw = { row: Readonly<Record<string, unknown>>; key: string[] }

/** The table that rows are derived from, as the catalogue has it: its key, and whether it tells accounts apart. */
export type OriginTable = Origin & { key: readonly { name: string; type: string }[]; hasAccount: boolean }

/** @throws Misuse when the table, its primary key or its flag is not there. */
export async function describeOrigin(sql: Sql, { table, flag, beside }: Origin): Promise<OriginTable> {
  const found = await sql.query<{ name: string; type: string; place: number | null }>(
    `select attname as name, format_type(atttypid, atttypmod) as type, array_position(i.indkey::int2[], attnum) as place
     from pg_attribute a left join pg_index i on i.indrelid = a.attrelid and i.indisprimary
     where attrelid = to_regclass($1) and attnum > 0 and not attisdropped`,
    [table],
  )
  if (found.length === 0) throw new Misuse('schema-missing', `The table ${table} is not there; run: sluice migrate`)
  const key = found.filter(({ place }) => place !== null).toSorted((a, b) => a.place! - b.place!)
  if (key.length === 0)
    throw new Misuse('schema-mismatch', `${table} has no primary key, by which its rows are told apart`)
  if (found.find(({ name }) => name === flag)?.type !== 'boolean') {
    throw new Misuse('schema-mismatch', `${table} has no column "${flag}" (boolean), which says what was dealt with`)
  }
  return { table, flag, beside, key, hasAccount: found.some(({ name }) => name === 'account') }
}

/**
 * The next rows of an account that nobody has dealt with, in order of their key, after a given one; held until the end of the
 * transaction. Those that others are just writing are left for another time: nobody waits for anybody.
 */
export async function takeRaw(
  sql: Sql,
  origin: OriginTable,
  { account, after, most }: { account: string; after: readonly string[] | undefined; most: number },
): Promise<Raw[]> {
  const { flag, key, hasAccount } = origin
  const names = key.map(({ name }) => quoted(name)).join(', ')
  const marks = key.map(({ type }, at) => `$${at + 3}::text::${type}`).join(', ')
  const own = hasAccount ? 'account = $1' : '$1::text is not null'
  const found = await sql.query<Found>(
    `${selected(origin)} where ${own} and not ${quoted(flag)} ${after ? `and (${names}) > (${marks})` : ''}
     order by ${names} limit $2 for update skip locked`,
    [account, most, ...(after ?? [])],
  )
  return found.map(rawOf)
}

/** These rows of an account, whether somebody has dealt with them or not; held until the end of the transaction. */
export async function readRaw(
  sql: Sql,
  origin: OriginTable,
  account: string,
  keys: readonly (readonly string[])[],
): Promise<Raw[]> {
  const { key, hasAccount } = origin
  const own = hasAccount ? 'account = $1' : '$1::text is not null'
  const names = key.map(({ name }) => quoted(name)).join(', ')
  const found = await sql.query<Found>(
    `${selected(origin)} where ${own} and ${among(origin, 2)} order by ${names} for update`,
    [account, ...listed(origin, keys)],
  )
  return found.map(rawOf)
}

/**
 * Rows as quarantine keeps them: JSON text by the row's key (`JSON.stringify` of it), without what changes although the row does
 * not (its flag, when it was asked for). Only of few is it wanted, and making it takes longer than reading the row.
 */
export async function textsOf(sql: Sql, origin: OriginTable, keys: readonly (readonly string[])[]) {
  const { table, flag } = origin
  if (keys.length === 0) return new Map<string, string>()
  const found = await sql.query<{ text: string; key: string[] }>(
    `select (to_jsonb(t) - 'asked_at' - '${flag}')::text as text, ${keyText(origin)} as key from ${table} t where ${among(origin, 1)}`,
    listed(origin, keys),
  )
  return new Map(found.map(({ text, key }) => [JSON.stringify(key), text]))
}

/** The rows whose keys are given as a list for each column, from this parameter on. */
function among({ key }: OriginTable, first: number): string {
  const lists = key.map(({ type }, at) => `$${at + first}::text[]::${type}[]`).join(', ')
  return `(${key.map(({ name }) => quoted(name)).join(', ')}) in (select * from unnest(${lists}))`
}

function listed({ key }: OriginTable, keys: readonly (readonly string[])[]): (string | undefined)[][] {
  return key.map((_, at) => keys.map(each => each[at]))
}

function keyText({ key }: OriginTable): string {
  return `array[${key.map(({ name }) => `${quoted(name)}::text`).join(', ')}]`
}

/** The key of a row, as it stands in its text. */
export function keyIn({ key }: OriginTable, text: string): string[] {
  const row = parseExact(text) as Raw['row']
  return key.map(({ name }) => String(row[name]))
}

type Found = { whole: string; key: string[] }

function selected(origin: OriginTable): string {
  const { table, beside } = origin
  const whole = beside ? `(to_jsonb(t) || coalesce(${lookedUp(beside)}, '{}'))` : 'to_jsonb(t)'
  return `select ${whole}::text as whole, ${keyText(origin)} as key from ${table} t`
}

function lookedUp({ table, by, columns }: Neighbour): string {
  const pairs = columns.map(name => `'${name}', b.${quoted(name)}`).join(', ')
  const same = by.map(name => `b.${quoted(name)} = t.${quoted(name)}`).join(' and ')
  return `(select jsonb_build_object(${pairs}) from ${table} b where ${same})`
}

function rawOf({ whole, key }: Found): Raw {
  return { row: parseExact(whole) as Raw['row'], key }
}

/** Says of these rows that they were dealt with, or that they have not been. */
export async function flagRaw(sql: Sql, { table, flag, key }: OriginTable, rows: readonly string[][], is = true) {
  if (rows.length === 0) return
  const lists = key.map(({ type }, at) => `$${at + 2}::text[]::${type}[]`).join(', ')
  const named = key.map(({ name }) => `t.${quoted(name)} = u.${quoted(name)}`).join(' and ')
  await sql.query(
    `update ${table} t set ${quoted(flag)} = $1
     from unnest(${lists}) as u(${key.map(({ name }) => quoted(name)).join(', ')}) where ${named}`,
    [is, ...key.map((_, at) => rows.map(row => row[at]))],
  )
}

/** Has all rows of an account be dealt with anew; returns how many. */
export async function unflagAll(sql: Sql, origin: OriginTable, account: string): Promise<number> {
  const { table, flag, hasAccount } = origin
  const own = hasAccount ? 'account = $1' : '$1::text is not null'
  const [row] = await sql.query<{ n: string }>(
    `with undone as (update ${table} set ${quoted(flag)} = false where ${own} and ${quoted(flag)} returning 1)
     select count(*) as n from undone`,
    [account],
  )
  return Number(row!.n)
}

/** How many rows of an account nobody has dealt with. */
export async function countRaw(sql: Sql, { table, flag, hasAccount }: OriginTable, account: string): Promise<number> {
  const own = hasAccount ? 'account = $1' : '$1::text is not null'
  const [row] = await sql.query<{ n: string }>(
    `select count(*) as n from ${table} where ${own} and not ${quoted(flag)}`,
    [account],
  )
  return Number(row!.n)
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
