import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { setupDatabase } from '../../test/setup/database.ts'
import { engineComponent, migrate, pending } from './migrations.ts'

const first = 'create table acme.orders (id int); insert into acme.orders values (1)'

/** An empty database and a component of these numbered files. */
async function setup(files: Record<string, string> = { '001_orders.sql': first }) {
  const database = await setupDatabase({ empty: true })
  const folder = await mkdtemp(join(tmpdir(), 'sluice-migrations-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const write = (name: string, sql: string) => writeFile(join(folder, name), sql)
  for (const [name, sql] of Object.entries(files)) await write(name, sql)
  const schemas = async () => {
    const rows = await database.store.query<{ name: string }>(
      `select nspname as name from pg_namespace where nspname in ('acme', 'sluice') order by 1`,
    )
    return rows.map(({ name }) => name)
  }
  const count = async () =>
    (await database.store.query<{ n: number }>('select count(*)::int as n from acme.orders'))[0]?.n
  return { ...database, components: [{ name: 'acme', folder }], folder, write, schemas, count }
}

test('what is pending is named in order and changes nothing', async () => {
  const { store, components, schemas } = await setup({ '002_more.sql': 'select 2', '001_orders.sql': first })
  const todo = await pending(store, components)
  expect(todo.map(({ component, number, name }) => ({ component, number, name }))).toEqual([
    { component: 'acme', number: 1, name: '001_orders' },
    { component: 'acme', number: 2, name: '002_more' },
  ])
  expect(await schemas()).toEqual([])
})

test('each file is applied once, later ones when they come', async () => {
  const { store, components, write, count } = await setup()
  expect((await migrate(store, components)).map(({ name }) => name)).toEqual(['001_orders'])
  expect(await migrate(store, components)).toEqual([])
  await write('002_more.sql', 'insert into acme.orders values (2)')
  expect((await migrate(store, components)).map(({ name }) => name)).toEqual(['002_more'])
  expect([await count(), await pending(store, components)]).toEqual([2, []])
})

test('all is applied or nothing', async () => {
  const { store, components, write, schemas, count } = await setup({
    '001_orders.sql': first,
    '002_broken.sql': 'insert into acme.orders values (2); select no_such_thing',
  })
  await expect(migrate(store, components)).rejects.toThrow('no_such_thing')
  expect(await schemas()).toEqual([])
  await write('002_broken.sql', 'insert into acme.orders values (2)')
  await migrate(store, components)
  expect(await count()).toBe(2)
})

test('two that migrate at once do it one after the other', async () => {
  const { store, another, components, count } = await setup({ '001_orders.sql': `select pg_sleep(0.2); ${first}` })
  const applied = await Promise.all([store, another(), another()].map(each => migrate(each, components)))
  expect(applied.map(each => each.length).toSorted()).toEqual([0, 0, 1])
  expect(await count()).toBe(1)
})

test('where somebody holds a run and wants its checkpoint next, tables are made over when that is done', async () => {
  const { store, components, write, count } = await setup()
  const [blocked, all] = [
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    [engineComponent, ...components],
  ]
  await migrate(store, all)
  await write('002_more.sql', 'alter table sluice.runs add column more text; insert into acme.orders values (2)')
  const migrated = store.transaction(async tx => {
    await tx.query('select from sluice.runs for update')
    const migrating = migrate(store, all)
    migrating.catch(() => undefined)
    await expect.poll(async () => (await store.query(blocked)).length).toBe(1)
    await tx.query('lock table sluice.checkpoints in row exclusive mode')
    return () => migrating
  })
  expect((await (await migrated)()).map(({ name }) => name)).toEqual(['002_more'])
  expect(await count()).toBe(2)
})

test('a file that was changed after it was applied is refused by name', async () => {
  const { store, components, write } = await setup()
  await migrate(store, components)
  await write('001_orders.sql', `${first} -- changed`)
  for (const attempt of [pending, migrate]) {
    await expect(attempt(store, components)).rejects.toMatchObject({
      name: 'Misuse',
      code: 'schema-changed',
      message: expect.stringContaining('Migration acme/001_orders is not the one this database was made with'),
    })
  }
})

test('an older program refuses a newer schema', async () => {
  const { store, components, write, folder } = await setup()
  await write('002_more.sql', 'insert into acme.orders values (2)')
  await migrate(store, components)
  await rm(join(folder, '002_more.sql'))
  await expect(migrate(store, components)).rejects.toMatchObject({ name: 'Misuse', code: 'schema-newer' })
})

test('a component this program does not bring is left alone', async () => {
  const { store, components } = await setup()
  await migrate(store, components)
  expect(await migrate(store, [engineComponent])).not.toEqual([])
  expect(await pending(store, [engineComponent])).toEqual([])
})
