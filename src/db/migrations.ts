import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { Misuse, StoreAway } from '../core/failure.ts'
import { storeFailure } from './failure.ts'
import type { Sql, Store, Transaction } from './store.ts'

/** A part of the product with tables of its own: the engine, a connector. Its name is also its schema. */
export type Component = { name: string; folder: string }

/** One numbered SQL file. */
export type Migration = { component: string; number: number; name: string; sql: string; digest: string }

type Applied = { component: string; number: number; digest: string }

/** The engine's own tables. */
export const engineComponent: Component = { name: 'sluice', folder: join(import.meta.dirname, 'migrations') }

/** One lock for all migrations of a database: two commands that start together migrate one after the other. */
const lock = 7_285_001

/**
 * What `migrate` would do, in order; changes nothing.
 * @throws Misuse when the database is newer than this program, or an applied file was changed afterwards.
 */
export async function pending(sql: Sql, components: readonly Component[]): Promise<Migration[]> {
  const [found] = await sql.query<{ ledger: string | null }>(`select to_regclass('sluice.migrations')::text as ledger`)
  const applied = found?.ledger ? await readApplied(sql) : []
  const known = (await Promise.all(components.map(readFolder))).flat()
  for (const old of applied) check(old, known, components)
  return known.filter(each => !applied.some(old => old.component === each.component && old.number === each.number))
}

/** So often in a row the database may call it off in favour of somebody at work. */
const most = 5

/** Applies what is pending, all of it or nothing, under a lock; returns what was applied. */
export async function migrate(store: Store, components: readonly Component[]): Promise<Migration[]> {
  for (let tries = 1; ; tries++) {
    try {
      return await migrateOnce(store, components)
    } catch (error) {
      if (tries === most || !isDeadlock(error)) throw error
    }
  }
}

/** Whoever ends a run holds it and then wants its checkpoint, and we the other way round: one of us begins again. */
function isDeadlock(error: unknown): boolean {
  return error instanceof StoreAway && error.cause instanceof pg.DatabaseError && error.cause.code === '40P01'
}

function migrateOnce(store: Store, components: readonly Component[]): Promise<Migration[]> {
  return store.transaction(async tx => {
    await tx.query('set local statement_timeout = 0')
    await tx.query('select pg_advisory_xact_lock($1)', [lock])
    const todo = await pending(tx, components)
    if (todo.length > 0) {
      await ledger(tx)
      await holdCommits(tx)
    }
    for (const migration of todo) await apply(tx, migration)
    return todo
  })
}

async function ledger(tx: Transaction): Promise<void> {
  await tx.query('create schema if not exists sluice')
  await tx.query(`create table if not exists sluice.migrations (
    component text not null, number integer not null, name text not null, digest text not null,
    applied_at timestamptz not null default clock_timestamp(), primary key (component, number))`)
}

/**
 * Pages are committed before tables are made over or after it, not meanwhile: a page that had begun could hold a lock that a file
 * needs, and wait for a table that the file has. Each commit moves its checkpoint first of all, so it waits there.
 */
async function holdCommits(tx: Transaction): Promise<void> {
  const [found] = await tx.query<{ known: boolean }>(`select to_regclass('sluice.checkpoints') is not null as known`)
  if (found!.known) await tx.query('lock table sluice.checkpoints in share row exclusive mode')
}

async function apply(tx: Transaction, { component, number, name, sql, digest }: Migration): Promise<void> {
  await tx.query(`create schema if not exists ${tx.client.escapeIdentifier(component)}`)
  await tx.client.query(sql).catch(error => {
    throw refusal(error, `${component}/${name}`, sql)
  })
  await tx.query('insert into sluice.migrations (component, number, name, digest) values ($1, $2, $3, $4)', [
    component,
    number,
    name,
    digest,
  ])
}

/**
 * What the server has against a file's SQL, with its line. That the server is away, or does not let us, is no fault of the
 * file, and passes unchanged.
 */
function refusal(error: unknown, file: string, sql: string): unknown {
  if (!(error instanceof pg.DatabaseError) || storeFailure(error, '') !== error) return error
  const line = error.position ? `, line ${sql.slice(0, Number(error.position)).split('\n').length}` : ''
  const advice = 'Mend the file; nothing of it, or of the migrations before it in this run, was kept.'
  const text = `The migration ${file}.sql was refused by the database${line}: ${error.message}. ${advice}`
  return new Misuse('bad-migration', text, { cause: error })
}

function readApplied(sql: Sql): Promise<Applied[]> {
  return sql.query<Applied>('select component, number, digest from sluice.migrations order by component, number')
}

async function readFolder({ name: component, folder }: Component): Promise<Migration[]> {
  const files = (await readdir(folder)).filter(file => file.endsWith('.sql')).toSorted()
  return Promise.all(
    files.map(async file => {
      const sql = await readFile(join(folder, file), 'utf8')
      const digest = createHash('sha256').update(sql).digest('hex')
      return { component, number: Number.parseInt(file, 10), name: file.replace(/\.sql$/, ''), sql, digest }
    }),
  )
}

function check(old: Applied, known: readonly Migration[], components: readonly Component[]): void {
  if (!components.some(({ name }) => name === old.component)) return
  const file = known.find(each => each.component === old.component && each.number === old.number)
  if (!file) {
    const text = `This database has ${old.component} migration ${old.number}, which this version of Sluice does not know.`
    throw new Misuse('schema-newer', `${text} Use the newer Sluice that made it.`)
  }
  if (file.digest !== old.digest) {
    const text = `Migration ${old.component}/${file.name} is not the one this database was made with.`
    throw new Misuse('schema-changed', `${text} Put the original file back; changes belong in a new migration.`)
  }
}
