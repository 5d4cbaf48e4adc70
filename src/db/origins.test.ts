import { expect, test } from 'vitest'
import { setupDatabase } from '../../test/setup/database.ts'
import { describeOrigin, keysOf, peekRaw, takeRaw, unflagAll } from './origins.ts'

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

test('rows are to be dealt with anew when those who write them in turn, in another order, are done', async () => {
  const { store, another } = await setupDatabase()
  await store.query(`
    create schema mill;
    create table mill.grain (id bigint primary key, is_ground boolean not null default true);
    insert into mill.grain select n from generate_series(1, 3) n;
    create function mill.in_turn() returns trigger language plpgsql as $$
      begin perform pg_advisory_xact_lock(7); return null; end $$;
    create trigger in_turn before insert on mill.grain for each statement execute function mill.in_turn()`)
  const origin = await describeOrigin(store, { table: 'mill.grain', flag: 'is_ground' })
  const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  const undone = await another(1).transaction(async writer => {
    await writer.query('insert into mill.grain values (4)')
    await writer.query('update mill.grain set is_ground = true where id = 3')
    const undone = unflagAll(store, origin, 'main')
    while ((await writer.query(waiting)).length === 0);
    await writer.query('update mill.grain set is_ground = true where id = 1')
    return [undone]
  })
  expect(await undone[0]).toBe(4)
})
