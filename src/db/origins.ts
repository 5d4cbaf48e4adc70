import { Misuse } from '../core/failure.ts'
import { parseExact } from '../core/json.ts'
import type { Neighbour, Origin } from '../core/origin.ts'
import { awaitWriters, isWrittenInTurn } from './serial.ts'
import type { Sql, Store } from './store.ts'

/**
 * A row that others are derived from: its columns by their names as JSON text, which is read when it is its turn (thousands of
 * values that wait keep the garbage collector busy), its key as texts, and which version of it this is.
 */
export type Raw = { text: string; key: string[]; version: string }

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
 * The next rows of an account that nobody has dealt with, in order of their key, after a given one, as they are now. Nobody is
 * kept from them: whoever deals with them takes hold of them first (`takeRaw`).
 */
export async function peekRaw(
  sql: Sql,
  origin: OriginTable,
  { account, after, most }: { account: string; after: readonly string[] | undefined; most: number },
): Promise<Raw[]> {
  const { flag, hasAccount } = origin
  const own = hasAccount ? 'account = $1' : '$1::text is not null'
  const { names, beyond, values } = orderOf(origin, after, 3)
  return sql.query<Raw>(
    `${selected(origin)} where ${own} and not ${quoted(flag)} ${beyond} order by ${names} limit $2`,
    [account, most, ...values],
  )
}

/**
 * The order of the key, and what lies beyond one, its values being given from this parameter on. The account is not compared,
 * since it is the same for all: with it PostgreSQL would begin at the account's first row, and pass by all that were dealt with.
 */
function orderOf({ key, hasAccount }: OriginTable, after: readonly string[] | undefined, first: number) {
  const names = namesOf(key)
  const compared = key.flatMap((column, at) => (hasAccount && column.name === 'account' ? [] : { ...column, at }))
  if (!after || compared.length === 0) return { names, beyond: '', values: [] }
  const marks = compared.map(({ type }, place) => `$${place + first}::text::${type}`).join(', ')
  const beyond = `and (${compared.map(({ name }) => quoted(name)).join(', ')}) > (${marks})`
  return { names, beyond, values: compared.map(({ at }) => after[at]!) }
}

/**
 * Takes hold of rows that were peeked at, until the end of the transaction, and says of them that they were dealt with. Tells
 * which of them still are as they were then, and which have changed. What others are just writing or have dealt with is in
 * none of the lists: nobody waits for anybody.
 */
export async function takeRaw(sql: Sql, origin: OriginTable, rows: readonly Raw[]) {
  const { table, flag, key } = origin
  const names = key.map(({ name }) => quoted(name)).join(', ')
  const named = key.map(({ name }) => `t.${quoted(name)} = f.${quoted(name)}`).join(' and ')
  const taken = await sql.query<Pick<Raw, 'key' | 'version'>>(
    `with free as (
       select ${names}, ${keyText(origin)} as "#key", t.xmin::text as "#version" from ${table} t
       where ${among(origin, 1)} and not ${quoted(flag)} for update skip locked)
     update ${table} t set ${quoted(flag)} = true from free f where ${named} returning f."#key" as key, f."#version" as version`,
    listed(origin, keysOf(rows)),
  )
  const held = new Map(taken.map(({ key, version }) => [JSON.stringify(key), version]))
  const same = (row: Raw) => held.get(JSON.stringify(row.key)) === row.version
  const changed = (row: Raw) => held.has(JSON.stringify(row.key)) && !same(row)
  return { same: new Set(rows.filter(same)), changed: rows.filter(changed).map(({ key }) => key) }
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
  const names = namesOf(key)
  return sql.query<Raw>(`${selected(origin)} where ${own} and ${among(origin, 2)} order by ${names} for update`, [
    account,
    ...listed(origin, keys),
  ])
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

/** The keys of rows. */
export function keysOf(rows: readonly Raw[]): string[][] {
  return rows.map(({ key }) => key)
}

/** The rows whose keys are given as a list for each column, from this parameter on. */
function among({ key }: OriginTable, first: number): string {
  const lists = key.map(({ type }, at) => `$${at + first}::text[]::${type}[]`).join(', ')
  return `(${key.map(({ name }) => quoted(name)).join(', ')}) in (select * from unnest(${lists}))`
}

function listed({ key }: OriginTable, keys: readonly (readonly string[])[]): (string | undefined)[][] {
  return key.map((_, at) => keys.map(each => each[at]))
}

/** The columns of a key as the table's own: a query has columns of the names `text`, `key` and `version` beside them. */
function namesOf(key: OriginTable['key']): string {
  return key.map(({ name }) => `t.${quoted(name)}`).join(', ')
}

function keyText({ key }: OriginTable): string {
  return `array[${key.map(({ name }) => `${quoted(name)}::text`).join(', ')}]`
}

/** The key of a row, as it stands in its text. */
export function keyIn({ key }: OriginTable, text: string): string[] {
  const row = parseExact(text) as Record<string, unknown>
  return key.map(({ name }) => String(row[name]))
}

function selected(origin: OriginTable): string {
  const { table, beside } = origin
  const whole = beside ? `(to_jsonb(t) || coalesce(${lookedUp(beside)}, '{}'))` : 'row_to_json(t)'
  return `select ${whole}::text as text, ${keyText(origin)} as key, t.xmin::text as version from ${table} t`
}

function lookedUp({ table, by, columns }: Neighbour): string {
  const pairs = columns.map(name => `'${name}', b.${quoted(name)}`).join(', ')
  const same = by.map(name => `b.${quoted(name)} = t.${quoted(name)}`).join(' and ')
  return `(select jsonb_build_object(${pairs}) from ${table} b where ${same})`
}

/** Says of these rows that they were dealt with, or that they have not been. */
export async function flagRaw(sql: Sql, { table, flag, key }: OriginTable, rows: readonly string[][], is: boolean) {
  if (rows.length === 0) return
  const lists = key.map(({ type }, at) => `$${at + 2}::text[]::${type}[]`).join(', ')
  const named = key.map(({ name }) => `t.${quoted(name)} = u.${quoted(name)}`).join(' and ')
  await sql.query(
    `update ${table} t set ${quoted(flag)} = $1
     from unnest(${lists}) as u(${key.map(({ name }) => quoted(name)).join(', ')}) where ${named} and t.${quoted(flag)} <> $1`,
    [is, ...key.map((_, at) => rows.map(row => row[at]))],
  )
}

/** So many rows are undone by one statement: it is soon over, and nobody who collects waits for long. */
const stretch = 10_000

/**
 * Has all rows of an account be dealt with anew; returns how many. Those that are dealt with meanwhile are left at that. Where
 * writers of the table go one after the other it takes its turn: they come to the rows in another order.
 */
export async function unflagAll(store: Store, origin: OriginTable, account: string): Promise<number> {
  const { table: name, key } = origin
  const table = { name, key: key.map(column => column.name), isSerial: await isWrittenInTurn(store, name) }
  let [rows, after] = [0, undefined as string[] | undefined]
  do {
    const [undone] = await store.transaction(async tx => {
      await awaitWriters(tx, table)
      return unflagSome(tx, origin, account, after)
    })
    rows += Number(undone!.n)
    after = undone!.last ?? undefined
  } while (after)
  return rows
}

function unflagSome(sql: Sql, origin: OriginTable, account: string, after: readonly string[] | undefined) {
  const { table, flag, key, hasAccount } = origin
  const { names, beyond, values } = orderOf(origin, after, 3)
  const own = hasAccount ? 'account = $1' : '$1::text is not null'
  const same = key.map(({ name }) => `t.${quoted(name)} = s.${quoted(name)}`).join(' and ')
  const last = key.map(({ name }) => `${quoted(name)}::text`).join(', ')
  const backwards = key.map(({ name }) => `s.${quoted(name)} desc`).join(', ')
  return sql.query<{ n: string; last: string[] | null }>(
    `with few as (
       select ${names} from ${table} t where ${own} and ${quoted(flag)} ${beyond}
       order by ${names} limit $2 for update),
     undone as (update ${table} t set ${quoted(flag)} = false from few s where ${same} returning 1)
     select (select count(*) from undone) as n, (select array[${last}] from few s order by ${backwards} limit 1) as last`,
    [account, stretch, ...values],
  )
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
