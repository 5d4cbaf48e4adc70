import { expect, test } from 'vitest'
import { setupDatabase } from '../../test/setup/database.ts'
import { describeOrigin, keysOf, peekRaw, takeRaw } from './origins.ts'

test('of rows that were peeked at, those that have changed are told, and those that others hold or have dealt with are left', async () => {
  const { store, another } = await setupDatabase()
  await store.query(`
    create schema mill;
    create table mill.grain (id bigint primary key, weight int not null, is_ground boolean not null default false);
    insert into mill.grain (id, weight) select n, n * 10 from generate_series(1, 5) n`)
  const origin = await describeOrigin(store, { table: 'mill.grain', flag: 'is_ground' })
  const peeked = await peekRaw(store, origin, { account: 'main', after: ['1'], most: 10 })
  expect(peeked.map(({ key }) => key)).toEqual([['2'], ['3'], ['4'], ['5']])
  await store.query('update mill.grain set weight = 31 where id = 3')
  await store.query('update mill.grain set is_ground = true where id = 4')
  await another(1).transaction(async other => {
    await other.query('select from mill.grain where id = 5 for update')
    await store.transaction(async tx => {
      const { same, changed } = await takeRaw(tx, origin, peeked)
      expect([...same].map(({ key }) => key)).toEqual([['2']])
      expect(changed).toEqual([['3']])
    })
    expect(await store.query('select id::int from mill.grain where is_ground order by id')).toEqual([
      { id: 2 },
      { id: 3 },
      { id: 4 },
    ])
  })
})

test('rows come in the order of their key, also where a column of it has a name that the question uses itself', async () => {
  const { store } = await setupDatabase()
  await store.query(`
    create schema mill;
    create table mill.sacks (key bigint, text text, is_ground boolean not null default false, primary key (key, text));
    insert into mill.sacks (key, text) select n, 'rye' from generate_series(1, 12) n`)
  const origin = await describeOrigin(store, { table: 'mill.sacks', flag: 'is_ground' })
  const peek = (after?: readonly string[]) => peekRaw(store, origin, { account: 'main', after, most: 6 })
  const first = keysOf(await peek())
  expect(first).toEqual(['1', '2', '3', '4', '5', '6'].map(key => [key, 'rye']))
  expect(keysOf(await peek(first.at(-1)))).toEqual(['7', '8', '9', '10', '11', '12'].map(key => [key, 'rye']))
})
