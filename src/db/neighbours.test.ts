import { expect, test } from 'vitest'
import { setupDatabase } from '../../test/setup/database.ts'
import { unflagBeside } from './neighbours.ts'
import { describeOrigin } from './origins.ts'

test('of a neighbour beside very many rows all are dealt with anew, some at a time, before it counts as seen', async () => {
  const { store } = await setupDatabase()
  await store.query(`create schema mill;
    create table mill.rooms (account text, room int, is_read boolean not null default false, primary key (account, room));
    create table mill.shelves (account text, id int, room int, is_processed boolean not null default true, primary key (account, id));
    insert into mill.rooms values ('main', 1), ('main', 2), ('other', 1);
    insert into mill.shelves select 'main', id, 1 + id % 2 from generate_series(1, 25000) id;
    insert into mill.shelves values ('main', 30000, 3), ('other', 1, 1)`)
  const beside = { table: 'mill.rooms', by: ['account', 'room'], columns: [], flag: 'is_read' }
  const origin = await describeOrigin(store, { table: 'mill.shelves', flag: 'is_processed', beside })
  const statements: number[] = []
  const counted = {
    ...store,
    transaction: (work: Parameters<typeof store.transaction>[0]) => {
      statements.push(1)
      return store.transaction(work)
    },
  } as typeof store
  await unflagBeside(counted, origin, 'main')
  expect(statements).toHaveLength(3)
  const told = `select account, id from mill.shelves where is_processed order by 1, 2`
  expect(await store.query(told)).toEqual([
    { account: 'main', id: 30_000 },
    { account: 'other', id: 1 },
  ])
  const unread = 'select account, room from mill.rooms where not is_read'
  expect(await store.query(unread)).toEqual([{ account: 'other', room: 1 }])
})
