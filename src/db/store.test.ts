import { type AddressInfo, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { setupDatabase } from '../../test/setup/database.ts'
import { Misuse, StoreAway } from '../core/failure.ts'
import { countRows, gaps } from './counts.ts'
import { openStore, type Sql } from './store.ts'

test('a transaction that throws leaves nothing and gives its connection back', async () => {
  const { store, another } = await setupDatabase()
  const narrow = another(1)
  await store.query('create table t (n int)')
  for (let n = 0; n < 3; n++) {
    const failing = narrow.transaction(async tx => {
      await tx.query('insert into t values (1)')
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
  }
  expect(await narrow.query('select * from t')).toEqual([])
})

test('a snapshot sees one moment, whatever others commit meanwhile, and changes nothing', async () => {
  const { store } = await setupDatabase()
  await store.query('create table t (n int)')
  const counts = await store.snapshot(async tx => {
    const count = async () => (await tx.query<{ n: number }>('select count(*)::int as n from t'))[0]!.n
    const before = await count()
    await store.query('insert into t values (1)')
    return [before, await count()]
  })
  expect(counts).toEqual([0, 0])
  await expect(store.snapshot(tx => tx.query('insert into t values (2)'))).rejects.toThrow('read-only')
  expect(await store.query('select n from t')).toEqual([{ n: 1 }])
})

test('times are UTC and numbers keep their digits', async () => {
  const { store } = await setupDatabase()
  const [row] = await store.query(
    `select current_setting('timezone') as zone, 9007199254740993 as big, 0.00000005 as small`,
  )
  expect(row).toEqual({ zone: 'UTC', big: '9007199254740993', small: '0.00000005' })
})

test('statements and idle transactions have their limits', async () => {
  const { store } = await setupDatabase()
  const shown = ['statement_timeout', 'idle_in_transaction_session_timeout', 'synchronous_commit']
  const show = async (on: Sql) =>
    (await on.query<{ s: string }>(`select current_setting(n) as s from unnest($1::text[]) n`, [shown])).map(
      ({ s }) => s,
    )
  expect((await show(store)).slice(0, 2)).toEqual(['30s', '5min'])
  expect(await show(store.lightly)).toEqual(['30s', '5min', 'off'])
  expect(await store.lightly.transaction(show)).toEqual(['30s', '5min', 'off'])
  expect(await store.transaction(show)).toEqual(await show(store))
})

test('a server that is not there is away, and the message says what to do', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise(ready => server.once('listening', ready))
  const { port } = server.address() as AddressInfo
  await new Promise(closed => server.close(closed))
  const store = openStore({ host: '127.0.0.1', port, user: 'u', password: 's3cret', database: 'd' })
  onTestFinished(store.close)
  for (const attempt of [store.query('select 1'), store.transaction(tx => tx.query('select 1'))]) {
    const error = await attempt.catch(error => error)
    expect(error).toBeInstanceOf(StoreAway)
    expect(error.message).toMatch(
      /^The database at 127\.0\.0\.1:\d+\/d does not answer: .*Start it, or correct DATABASE_URL/,
    )
    expect(error.message).not.toContain('s3cret')
  }
})

test('a connection that the server ends is away once, and replaced', async () => {
  const { store, another } = await setupDatabase()
  const narrow = another(1)
  const work = narrow.transaction(async tx => {
    const [me] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid')
    await store.query('select pg_terminate_backend($1)', [me!.pid])
    await tx.query('select 1')
  })
  await expect(work).rejects.toThrow(StoreAway)
  expect(await narrow.query('select 1 as n')).toEqual([{ n: 1 }])
})

test('a database that does not exist is a matter for the user', async () => {
  const { connection } = await setupDatabase()
  const store = openStore({ ...connection, database: 'no_such_database' })
  onTestFinished(store.close)
  await expect(store.query('select 1')).rejects.toThrow(Misuse)
})

test('an error of our own SQL stays what it is', async () => {
  const { store } = await setupDatabase()
  await expect(store.query('select no_such_thing')).rejects.toMatchObject({ code: '42703' })
})

test('rows are counted and gaps found within a part and a stretch, edges included', async () => {
  const { store } = await setupDatabase()
  await store.query('create table ticks (symbol text, at bigint)')
  const rows = [100, 200, 500, 505, 600].map(at => `('A', ${at})`)
  await store.query(`insert into ticks values ${rows.join()}, ('B', 300), ('A', 1000), ('A', 0)`)
  const counted = { table: 'ticks', of: { symbol: 'A' }, time: 'at' }
  const range = (from: number, to: number) => ({ from: new Date(from), to: new Date(to) })
  expect(await countRows(store, counted, range(100, 1000))).toBe(5)
  expect(await gaps(store, counted, range(100, 1000), 100)).toEqual([range(300, 500), range(700, 1000)])
  expect(await gaps(store, counted, range(100, 300), 100)).toEqual([])
  expect(await gaps(store, { ...counted, of: { symbol: 'C' } }, range(100, 300), 100)).toEqual([range(100, 300)])
})
