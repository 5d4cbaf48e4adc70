import { Misuse } from '../core/failure.ts'
import type { Slice } from '../core/run.ts'
import type { Batches, Doubts, Subject } from '../core/stream.ts'
import type { Sql } from './store.ts'

/**
 * The next rows that questions are about, in order of the columns that name them, after a given one. Only rows of the
 * slice's account are meant where the table has a column `account`.
 * @throws Misuse when the table or one of its columns is not there.
 */
export async function nextBatch(sql: Sql, slice: Slice, wanted: Batches, after?: Subject): Promise<Subject[]> {
  const { table, columns, where = {}, flag, take } = wanted
  const types = await typesOf(sql, table)
  const all = {
    ...where,
    ...(flag ? { [flag]: false } : {}),
    ...(types.has('account') ? { account: slice.account } : {}),
  }
  for (const name of [...columns, ...Object.keys(all)]) if (!types.has(name)) throw missing(table, name)
  const conditions = Object.keys(all).map((name, at) => `${quoted(name)} ${types.get(name)!.equals} $${at + 2}`)
  const first = conditions.length + 2
  const marks = columns.map((name, at) => `$${first + at}::text::${types.get(name)!.type}`)
  if (after) conditions.push(`(${columns.map(quoted).join(', ')}) > (${marks.join(', ')})`)
  return sql.query<Subject>(
    `select ${columns.map(name => `${quoted(name)}::text as ${quoted(name)}`).join(', ')} from ${table}
     where ${conditions.length > 0 ? conditions.join(' and ') : 'true'}
     order by ${columns.map((_, at) => `${table}.${quoted(columns[at]!)}`).join(', ')} limit $1`,
    [take, ...Object.values(all), ...(after ? columns.map(name => after[name]) : [])],
  )
}

/**
 * Notes that questions about these rows are answered, but for rows that were read again since (`asked_at`), or that are no more
 * named by the same values: they may have changed after the question was asked.
 */
export async function markAsked(
  sql: Sql,
  slice: Slice,
  { table, columns, flag }: Batches,
  subjects: readonly Subject[],
  asked: Date,
): Promise<void> {
  if (!flag || subjects.length === 0) return
  const types = await typesOf(sql, table)
  const lists = columns.map((name, at) => `$${at + 3}::text[]::${types.get(name)!.type}[]`)
  const named = columns.map(name => `t.${quoted(name)} ${types.get(name)!.equals} u.${quoted(name)}`).join(' and ')
  const own = types.has('account') ? ' and t.account = $1' : ' and $1::text is not null'
  const still = types.has('asked_at') ? ' and t.asked_at <= $2' : ' and $2::timestamptz is not null'
  await sql.query(
    `update ${table} t set ${quoted(flag)} = true from unnest(${lists.join(', ')}) as u(${columns.map(quoted).join(', ')})
     where ${named}${own}${still}`,
    [slice.account, asked, ...columns.map(name => subjects.map(subject => subject[name]))],
  )
}

/** Has the rows of an account's table that a view shows be asked about again. */
export async function askAgain(sql: Sql, { account }: Slice, table: string, doubts: Doubts): Promise<void> {
  const columns = ['account', ...doubts.columns]
  const named = columns.map(name => `t.${quoted(name)} = d.${quoted(name)}`).join(' and ')
  await sql.query(
    `update ${table} t set ${quoted(doubts.flag)} = false from ${doubts.view} d where ${named} and d.account = $1`,
    [account],
  )
}

/** A column's type, and how its values are compared: an index serves only where nothing is null. */
type Kind = { type: string; equals: string }

async function typesOf(sql: Sql, table: string): Promise<Map<string, Kind>> {
  const found = await sql.query<{ name: string; type: string; nullable: boolean }>(
    `select attname as name, format_type(atttypid, atttypmod) as type, not attnotnull as nullable from pg_attribute
     where attrelid = to_regclass($1) and attnum > 0 and not attisdropped`,
    [table],
  )
  if (found.length === 0) throw new Misuse('schema-missing', `The table ${table} is not there; run: sluice migrate`)
  return new Map(
    found.map(({ name, type, nullable }) => [name, { type, equals: nullable ? 'is not distinct from' : '=' }]),
  )
}

function missing(table: string, name: string): Misuse {
  return new Misuse('schema-mismatch', `${table} has no column "${name}", about which a stream asks (its "for")`)
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
