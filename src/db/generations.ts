import pg from 'pg'
import type { Slice } from '../core/run.ts'
import { nursery } from '../core/source.ts'
import type { Counted } from './counts.ts'
import { isSlice, lockSlice, sliceValues } from './slices.ts'
import type { Sql } from './store.ts'

/** Where rows are kept that a new generation has taken the place of. */
export const archive = 'sluice_old'

/** A table, and what its rows of one part have in common. */
export type Stock = Counted & { columns: readonly string[]; key: readonly string[] }

/** What is known of a slice beside its rows, and of no use without them. */
const proofs = ['checkpoints', 'coverage', 'holes', 'skipped']

/** The same, and the records that could not become rows. */
const ledgers = [...proofs, 'quarantine']

/**
 * Makes the table of a new generation, like the one in use; one that was made for an older form of that is made anew. False when
 * it was there: what was loaded into it by an earlier attempt is there still.
 */
export async function makeNursery(sql: Sql, live: string, table: string): Promise<boolean> {
  await sql.query(`create schema if not exists ${nursery}`)
  await sql.query(`select pg_advisory_xact_lock(hashtextextended($1, 7287))`, [table])
  const [found] = await sql.query<{ differs: boolean | null }>(
    `select case when to_regclass($2) is null then null else exists (
       (${columnsText('$1')} except ${columnsText('$2')}) union all (${columnsText('$2')} except ${columnsText('$1')})) end as differs`,
    [live, table],
  )
  if (found!.differs === false) return false
  await sql.query(`drop table if exists ${table}`)
  await sql.query(`create table ${table} (like ${live} including all)`)
  return true
}

/**
 * Forgets what is known of the new generations of a stream whose table is gone, of all its accounts and parts: a load that went on
 * from there would never bring what was in it.
 */
export async function forgetNewborns(
  sql: Sql,
  { connector, stream }: Pick<Slice, 'connector' | 'stream'>,
): Promise<void> {
  for (const ledger of ledgers)
    await sql.query(`delete from sluice.${ledger} where connector = $1 and stream = $2`, [connector, stream])
  await sql.query(
    `update sluice.runs set state = 'waiting', due_at = sluice.now(), reason = 'its table was made anew', worker = null, job = null,
       updated_at = sluice.now()
     where connector = $1 and stream = $2 and state = 'running'`,
    [connector, stream],
  )
}

function columnsText(table: string): string {
  return `select attname, format_type(atttypid, atttypmod), attnotnull from pg_attribute
    where attrelid = to_regclass(${table}) and attnum > 0 and not attisdropped`
}

/** Keeps everybody away from both generations until the end of the transaction, which may take long. */
export async function holdBoth(sql: Sql, slice: Slice, newborn: Slice): Promise<void> {
  await sql.query('set local statement_timeout = 0')
  await lockSlice(sql, slice)
  await lockSlice(sql, newborn)
}

/** Forgets what was loaded of a new generation. */
export async function dropNewborn(sql: Sql, slice: Slice, { table, of }: Stock): Promise<void> {
  await sql.query(`delete from ${table} where ${ofPart(of)}`, Object.values(of))
  for (const ledger of ledgers) await sql.query(`delete from sluice.${ledger} where ${isSlice}`, sliceValues(slice))
}

/** How many rows of a part there are, and how many of them the other table lacks. Rows that are gone are none. */
export async function countAgainst(sql: Sql, { table, of, key }: Stock, other: string, canBeGone: boolean) {
  const here = canBeGone ? ' and t.gone_at is null' : ''
  const [row] = await sql.query<{ rows: string; lacking: string }>(
    `select count(*) as rows, count(*) filter (where o.${quoted(key[0]!)} is null) as lacking
     from ${table} t left join ${other} o on ${sameKey('t', 'o', key)} where ${ofPart(of, 't.')}${here}`,
    Object.values(of),
  )
  return { rows: Number(row!.rows), lacking: Number(row!.lacking) }
}

/** How many new rows the runs of a slice have brought that were at work after a moment. */
export async function countBrought(sql: Sql, slice: Slice, since: Date): Promise<number> {
  const [row] = await sql.query<{ n: string }>(
    `select coalesce(sum(inserted), 0) as n from sluice.runs where ${isSlice} and updated_at > $5`,
    [...sliceValues(slice), since],
  )
  return Number(row!.n)
}

/**
 * Puts the new generation in the place of the one in use, as far as its part goes; the rows that were there before are kept in a
 * table of their own, whose name is returned.
 */
export async function replaceRows(sql: Sql, live: Stock, fresh: string, name: string): Promise<string> {
  const kept = `${archive}.${quoted(name)}`
  const values = Object.values(live.of)
  const columns = live.columns.map(quoted).join(', ')
  await sql.query(`create schema if not exists ${archive}`)
  await sql.query(`create table ${kept} as select * from ${live.table} with no data`)
  await sql.query(`insert into ${kept} select * from ${live.table} where ${ofPart(live.of)}`, values)
  await sql.query(`delete from ${live.table} where ${ofPart(live.of)}`, values)
  await sql.query(
    `insert into ${live.table} (${columns}) select ${columns} from ${fresh} where ${ofPart(live.of)}`,
    values,
  )
  return kept
}

/**
 * The same for a list of what there is now: rows that the new generation lacks stay, and are marked as gone.
 */
export async function replaceList(sql: Sql, live: Stock, fresh: string, name: string): Promise<string> {
  const undone = (live.flags ?? []).map(flag => `, ${quoted(flag)} = false`).join('')
  const kept = await keepChanged(sql, live, fresh, name)
  const values = Object.values(live.of)
  const columns = live.columns.map(quoted).join(', ')
  const isThere = `exists (select from ${fresh} f where ${sameKey('f', 't', live.key)})`
  await sql.query(
    `update ${live.table} t set gone_at = sluice.now()${undone} where ${ofPart(live.of, 't.')} and gone_at is null and not ${isThere}`,
    values,
  )
  await sql.query(`delete from ${live.table} t where ${ofPart(live.of, 't.')} and ${isThere}`, values)
  await sql.query(
    `insert into ${live.table} (${columns}) select ${columns} from ${fresh} where ${ofPart(live.of)}`,
    values,
  )
  return kept
}

async function keepChanged(sql: Sql, live: Stock, fresh: string, name: string): Promise<string> {
  const kept = `${archive}.${quoted(name)}`
  await sql.query(`create schema if not exists ${archive}`)
  await sql.query(`create table ${kept} as select * from ${live.table} with no data`)
  await sql.query(
    `insert into ${kept} select t.* from ${live.table} t where ${ofPart(live.of, 't.')}
     and exists (select from ${fresh} f where ${sameKey('f', 't', live.key)})`,
    Object.values(live.of),
  )
  return kept
}

/**
 * What is known of the new generation is known of the stream from now on. Records in quarantine stay, those of the stream as well: the
 * vendor may no longer have them.
 */
export async function takeLedgers(sql: Sql, slice: Slice, newborn: Slice): Promise<void> {
  for (const ledger of proofs) await sql.query(`delete from sluice.${ledger} where ${isSlice}`, sliceValues(slice))
  await sql.query(
    `delete from sluice.quarantine where ${isSlice} and digest in (
       select digest from sluice.quarantine where connector = $1 and account = $2 and stream = $5 and part = $4)`,
    [...sliceValues(slice), newborn.stream],
  )
  for (const ledger of [...ledgers, 'runs'])
    await sql.query(`update sluice.${ledger} set stream = $5 where ${isSlice}`, [...sliceValues(newborn), slice.stream])
}

function sameKey(one: string, other: string, key: readonly string[]): string {
  return key.map(name => `${one}.${quoted(name)} = ${other}.${quoted(name)}`).join(' and ')
}

function ofPart(of: Counted['of'], side = ''): string {
  const columns = Object.keys(of).map((name, place) => `${side}${quoted(name)} = $${place + 1}`)
  return columns.length > 0 ? columns.join(' and ') : 'true'
}

function quoted(name: string): string {
  return pg.escapeIdentifier(name)
}
