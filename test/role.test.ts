import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openStore } from '../src/db/store.ts'
import { setup } from './cli/world.ts'
import { jsonOf, run, start, until, urlOf } from './setup/sluice.ts'

/** The SQL of the page on the inventory that makes a role with few rights, with another name and a password for the role. */
function rightsOf(role: string): string {
  const page = readFileSync(join(import.meta.dirname, '../docs/inventory.md'), 'utf8')
  const [, text] = /^## A role with few rights\n[\s\S]*?^```sql\n([\s\S]*?)^```/m.exec(page)!
  return `${text!.replaceAll('sluice_sync', role)}; alter role ${role} password 'few'`
}

/** A world whose commands are run with such a role. */
async function setupRole() {
  const world = await setup()
  const { store, connection } = world.database
  const role = `${connection.database}_role`
  for (let times = 0; times < 2; times++) await store.query(rightsOf(role))
  onTestFinished(async () => {
    await store.query(`reassign owned by ${role} to current_user; drop owned by ${role}; drop role ${role}`)
  })
  const few = { ...connection, user: role, password: 'few' }
  const env = { ...world.env, DATABASE_URL: urlOf(few) }
  return { ...world, env, few }
}

it('a role with the documented rights can collect, schedule, import and tell', async () => {
  const { folder, env, database } = await setupRole()
  const synced = await run(['sync', 'binance.candles', '--json'], { folder, env })
  expect(synced).toMatchObject({ code: 0 })
  const up = start(['up', '--json'], { folder, env })
  await until('a schedule has planned a run', async () => {
    const [row] = await database.store.query<{ n: number }>(
      `select count(*)::int as n from sluice.runs where cause = 'schedule' and state = 'success'`,
    )
    return row!.n > 0
  })
  up.signal('SIGTERM')
  expect(await up.ended).toMatchObject({ code: 0 })
  expect(up.err()).not.toContain('permission denied')
  const status = await run(['status', '--json'], { folder, env })
  expect(status.code).toBe(0)
  expect(jsonOf(status)).toBeTruthy()
})

it('it can do nothing more', async () => {
  const { few } = await setupRole()
  const store = openStore(few, { max: 1 })
  onTestFinished(() => store.close())
  for (const text of [
    'create database more',
    'create role more',
    'create schema more',
    'create table inventory.more (id int)',
    'drop table inventory.inventory_data',
    'alter table inventory.inventory_data add column more int',
    'truncate sluice.runs',
    'delete from sluice.migrations',
    'select * from pg_authid',
    `copy inventory.inventory_data to program 'cat'`,
    'create trigger more after insert on inventory.sku_map execute function inventory.keep_history()',
  ]) {
    await expect(store.query(text), text).rejects.toThrow(/permission denied|must be owner/)
  }
})
