import { expect, test } from 'vitest'
import { setupDatabase } from '../../test/setup/database.ts'
import { addCoverage } from './coverage.ts'
import { countPage, type Held } from './held.ts'
import { purge } from './purge.ts'
import type { Store } from './store.ts'

const slice = { connector: 'acme', account: 'main', stream: 'orders', part: {} }
const names = 'connector, account, stream, part, from_at'
const values = `'acme', 'main', 'orders', '{}', sluice.now()`
const [from, to] = [new Date('2026-03-01T00:00:00Z'), new Date('2026-03-02T00:00:00Z')]
const gain = { position: to, records: 1, inserted: 1, changed: 0, quarantined: 0 }

/** An account with a run under way that has found a hole. */
async function setup() {
  const { store } = await setupDatabase()
  const [run] = await store.query<Held>(
    `insert into sluice.runs (${names}, span, cause, state, worker, job, position, planned_at, updated_at)
     values (${values}, 'now', 'sync', 'running', 'w', gen_random_uuid(), sluice.now(), sluice.now(), sluice.now()) returning id, worker, job`,
  )
  await store.query(
    `insert into sluice.holes (${names}, to_at, status, first_seen, last_seen)
     values (${values}, sluice.now() + interval '1 hour', 'absent', sluice.now(), sluice.now())`,
  )
  return { store, run: run! }
}

/** So many statements wait for others. */
async function waiting(store: Store): Promise<number> {
  const text = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  return (await store.query(text)).length
}

test('a page that is committed while its account is purged, at a checkpoint taken after the purge began, leaves nothing', async () => {
  const { store, run } = await setup()
  const all: Promise<unknown>[] = []
  const page = () =>
    store.transaction(async tx => {
      await addCoverage(tx, slice, { from, to, rows: 1 }, run.id)
      if (!(await countPage(tx, run, gain))) throw new Error('overtaken')
    })
  await store.transaction(async tx => {
    await tx.query('select from sluice.holes for update')
    all.push(store.transaction(other => purge(other, { connector: 'acme', slug: 'main' })))
    await expect.poll(() => waiting(store), { timeout: 10_000 }).toBe(1)
    const done = page().catch((error: Error) => error.message)
    all.push(done)
    await Promise.race([done, expect.poll(() => waiting(store), { timeout: 10_000 }).toBe(2)])
  })
  expect(await Promise.all(all)).toEqual([{ 'sluice.runs': 1, 'sluice.holes': 1 }, 'overtaken'])
  expect(await store.query('select from sluice.coverage')).toEqual([])
})

test('rows of a stream that is loaded anew, and those that were replaced, go as well; those of others stay', async () => {
  const { store } = await setupDatabase()
  const tables = [
    'acme.orders',
    'sluice_new.acme_orders',
    'sluice_old."acme_orders_2026-03-01_7"',
    'sluice_old.acme_two_orders',
  ]
  for (const schema of ['acme', 'acme_two', 'sluice_new', 'sluice_old']) await store.query(`create schema ${schema}`)
  for (const table of tables) {
    await store.query(`create table ${table} (account text, id int)`)
    await store.query(`insert into ${table} values ('main', 1), ('main', 2), ('other', 1)`)
  }
  expect(await store.transaction(tx => purge(tx, { connector: 'acme', slug: 'main' }))).toEqual({
    ...{ 'acme.orders': 2, 'sluice_new.acme_orders': 2, 'sluice_old.acme_orders_2026-03-01_7': 2 },
  })
  const left = tables.map(table => `select account from ${table}`).join(' union all ')
  expect(await store.query(`select account, count(*)::int as n from (${left}) l group by 1 order by 1`)).toEqual([
    { account: 'main', n: 2 },
    { account: 'other', n: 4 },
  ])
})
