import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { che168 } from '../../src/connectors/che168/index.ts'
import { migrate } from '../../src/db/migrations.ts'
import type { Store } from '../../src/db/store.ts'
import { setupDatabase } from '../setup/database.ts'

/** A database as it was before a migration of the connector. */
async function setupBefore(number: string) {
  const { store, another } = await setupDatabase()
  await store.query('drop schema che168 cascade')
  await store.query(`delete from sluice.migrations where component = 'che168'`)
  const folder = mkdtempSync(join(tmpdir(), 'che168-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  cpSync(che168.migrations, folder, { recursive: true })
  for (const file of readdirSync(folder)) if (file >= number) rmSync(join(folder, file))
  await migrate(store, [{ name: che168.name, folder }])
  return { store, another, upgrade: () => migrate(store, [{ name: che168.name, folder: che168.migrations }]) }
}

test('adverts that the list lacks are asked about after an upgrade, and those that are gone are not', async () => {
  const { store, upgrade } = await setupBefore('005')
  await store.query(
    `insert into che168.raw_data (account, inner_id, change_type, data, first_loaded_at, last_updated_at, source, active_status,
       is_processed, last_change_id, is_whole, is_asked)
     select 'lot', says, 'added', '{}', sluice.now(), sluice.now(), 'initial_load', gone, true, last, whole, whole
     from (values ('gone', 1, 50, false), ('lacking', 0, 50, true), ('listed', 0, 99, true), ('partial', 0, 120, false))
       as row (says, gone, last, whole)`,
  )
  await store.query(
    `insert into sluice.checkpoints (connector, account, stream, part, span, from_at, position, updated_at, cursor)
     values ('che168', 'lot', 'offers', '{"source": "initial_load"}', 'now', sluice.now(), sluice.now(), sluice.now(),
       '{"page": 3, "anchor": 100, "ended": true, "began": "2026-11-05T12:00:00Z"}')`,
  )
  await upgrade()
  expect(await store.query('select inner_id, is_asked from che168.raw_data order by inner_id')).toEqual([
    { inner_id: 'gone', is_asked: true },
    { inner_id: 'lacking', is_asked: false },
    { inner_id: 'listed', is_asked: true },
    { inner_id: 'partial', is_asked: false },
  ])
})

/** Resolves when so many sessions of this database wait for locks. */
async function waiting(store: Store, sessions: number): Promise<void> {
  const text = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  while ((await store.query(text)).length < sessions);
}

test('an upgrade and a page of events that is committed meanwhile wait for each other, and both are done', async () => {
  const { store, another, upgrade } = await setupBefore('003')
  await store.query(
    `insert into sluice.checkpoints (connector, account, stream, part, span, from_at, position, updated_at)
     values ('che168', 'lot', 'changes', '{}', 'now', sluice.now(), sluice.now(), sluice.now())`,
  )
  const commit = () =>
    another(1).transaction(async tx => {
      await tx.query('update sluice.checkpoints set version = version + 1')
      await tx.query(`insert into che168.events values ('lot', 7, '1', 'removed', sluice.now(), '{}')`)
    })
  const both = await another(1).transaction(async reader => {
    await reader.query('select from che168.processed_data')
    const upgraded = upgrade()
    await waiting(store, 1)
    const committed = commit()
    await waiting(store, 2)
    return [upgraded, committed] as const
  })
  await Promise.all(both)
  expect(await store.query('select removed_at is not null as told from che168.raw_data')).toEqual([{ told: true }])
})
