import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openStore } from '../src/db/store.ts'
import { counted, minutes, setup } from './cli/world.ts'
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

it('a role with the documented rights can collect, import and tell', async () => {
  const { folder, env, database } = await setupRole()
  const up = start(['up', '--json'], { folder, env })
  await until('the past is loaded', async () => (await counted(database)).candles === minutes)
  up.signal('SIGTERM')
  const ended = await up.ended
  expect(ended).toMatchObject({ code: 0 })
  expect(ended.out + ended.err).not.toContain('permission denied')
  writeFileSync(join(folder, 'stock.csv'), 'product_id,sku,quantity_present\nP1,S1,5\nP2,S2,x\n')
  expect(await run(['inventory', 'import', 'stock.csv'], { folder, env })).toMatchObject({ code: 3 })
  expect(await rightsSeen({ folder, env })).toMatch(/^few, as sluice_test_\w+$/)
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

it('doctor tells of a role that may do more than is needed', async () => {
  const { folder, env, database } = await setup()
  expect(await rightsSeen({ folder, env })).toContain(`${database.connection.user} has superuser`)
})

/** What doctor says of the rights of the role that DATABASE_URL names. */
async function rightsSeen(where: Parameters<typeof run>[1]): Promise<string | undefined> {
  const findings = jsonOf<{ check: string; seen: string }[]>(await run(['doctor', '--json'], where))
  return findings.find(({ check }) => check === 'rights')?.seen
}
