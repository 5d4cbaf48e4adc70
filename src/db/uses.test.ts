import { expect, test } from 'vitest'
import { setupDatabase } from '../../test/setup/database.ts'
import { addUses, muchRefused, pruneUses, usedFromTwo } from './uses.ts'

async function setup() {
  const { store, at } = await setupDatabase()
  const use = async (moment: string, calls: number, refused = 0, egress = 'home', account = 'main') => {
    await at(moment)
    await addUses(store, [{ connector: 'acme', account, egress, calls, refused }])
  }
  return { store, at, use }
}

test('uses are added up by ten minutes and by address', async () => {
  const { store, use } = await setup()
  await use('2026-03-01T12:01:00Z', 5)
  await use('2026-03-01T12:09:59Z', 3, 2)
  await use('2026-03-01T12:10:00Z', 1)
  await use('2026-03-01T12:10:00Z', 1, 0, 'office')
  const rows = await store.query(
    'select egress, slot, calls::int, refused::int, refused_at from sluice.account_use order by slot, egress',
  )
  const refused_at = new Date('2026-03-01T12:09:59Z')
  expect(rows).toEqual([
    { egress: 'home', slot: new Date('2026-03-01T12:00:00Z'), calls: 8, refused: 2, refused_at },
    { egress: 'home', slot: new Date('2026-03-01T12:10:00Z'), calls: 1, refused: 0, refused_at: null },
    { egress: 'office', slot: new Date('2026-03-01T12:10:00Z'), calls: 1, refused: 0, refused_at: null },
  ])
})

test('two addresses within an hour are unusual, and no more when the hour is over', async () => {
  const { store, at, use } = await setup()
  await use('2026-03-01T12:00:00Z', 5)
  await use('2026-03-01T12:00:00Z', 5, 0, 'home', 'other')
  await use('2026-03-01T12:30:00Z', 1, 0, 'office')
  expect(await usedFromTwo(store)).toEqual([{ connector: 'acme', account: 'main', seen: 'home, office' }])
  await at('2026-03-01T13:00:00Z')
  expect(await usedFromTwo(store)).toEqual([])
})

test('refusals are unusual when they are at least five, more than a fifth, and far more than the day before', async () => {
  const { store, at, use } = await setup()
  await use('2026-03-01T00:00:00Z', 1000, 10)
  await use('2026-03-01T12:00:00Z', 20, 4)
  expect(await muchRefused(store)).toEqual([])
  await use('2026-03-01T12:01:00Z', 1, 1)
  expect(await muchRefused(store)).toEqual([{ connector: 'acme', account: 'main', seen: '5 of 21' }])
  await at('2026-03-01T12:19:00Z')
  expect(await muchRefused(store)).toHaveLength(1)
  await at('2026-03-01T12:20:00Z')
  expect(await muchRefused(store)).toEqual([])
})

test('an account that was refused as often all day is not unusual now', async () => {
  const { store, use } = await setup()
  await use('2026-03-01T00:00:00Z', 100, 30)
  await use('2026-03-01T12:00:00Z', 20, 10)
  expect(await muchRefused(store)).toEqual([])
})

test('what is older than seven days is forgotten', async () => {
  const { store, at, use } = await setup()
  await use('2026-03-01T12:00:00Z', 1)
  await at('2026-03-08T12:00:00Z')
  await pruneUses(store)
  expect(await store.query('select from sluice.account_use')).toHaveLength(1)
  await at('2026-03-08T12:00:01Z')
  await pruneUses(store)
  expect(await store.query('select from sluice.account_use')).toEqual([])
})
