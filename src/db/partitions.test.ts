import { beforeEach, expect, test } from 'vitest'
import { setupFileDatabase } from '../../test/setup/database.ts'
import { makePartitions } from './partitions.ts'

const { store, another } = await setupFileDatabase({ empty: true })

beforeEach(async () => {
  await store.query('drop schema if exists acme cascade')
  await store.query('create schema acme')
  await store.query(
    'create table acme.ticks (at bigint not null, n int default 7, primary key (at)) partition by range (at)',
  )
})

const range = (from: string, to: string) => ({ from: new Date(from), to: new Date(to) })
const make = (from: string, to: string, on = store) => makePartitions(on, 'acme.ticks', 'at', range(from, to))
const names = async () => {
  const rows = await store.query<{ name: string }>(
    `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'acme.ticks'::regclass order by 1`,
  )
  return rows.map(({ name }) => name)
}

test('every month a range touches gets its partition, in UTC, the end not included', async () => {
  await make('2025-11-30T23:59:59.999Z', '2026-02-01T00:00:00Z')
  expect(await names()).toEqual(['acme.ticks_2025_11', 'acme.ticks_2025_12', 'acme.ticks_2026_01'])
})

test('rows of the first and the last millisecond of a month find their place', async () => {
  await make('2024-02-01', '2024-03-02')
  for (const at of [
    '2024-02-01T00:00:00Z',
    '2024-02-29T23:59:59.999Z',
    '2024-03-01T00:00:00Z',
    '2024-03-31T23:59:59.999Z',
  ]) {
    await store.query('insert into acme.ticks (at) values ($1)', [Date.parse(at)])
  }
  const rows = await store.query('select tableoid::regclass::text as place, n from acme.ticks order by at')
  const of = (place: string) => ({ place: `acme.ticks_${place}`, n: 7 })
  expect(rows).toEqual([of('2024_02'), of('2024_02'), of('2024_03'), of('2024_03')])
})

test('what is there already is left alone', async () => {
  await make('2025-01-01', '2025-02-01')
  await store.query('insert into acme.ticks (at) values ($1)', [Date.UTC(2025, 0, 5)])
  await make('2024-12-01', '2025-03-01')
  expect(await names()).toHaveLength(3)
  expect(await store.query('select n from acme.ticks')).toEqual([{ n: 7 }])
})

test('many processes that need the same months at once all get them', async () => {
  const stores = Array.from({ length: 6 }, () => another(2))
  await Promise.all(stores.map((each, n) => make(`201${n}-01-01`, '2026-01-01', each)))
  expect(await names()).toHaveLength(16 * 12)
})

test('readers and writers go on meanwhile', async () => {
  await make('2025-01-01', '2025-02-01')
  await store.transaction(async tx => {
    await tx.query('insert into acme.ticks (at) values ($1)', [Date.UTC(2025, 0, 5)])
    await make('2025-02-01', '2025-04-01', another(2))
  })
  expect(await names()).toHaveLength(3)
})
