import { expect, test } from 'vitest'
import { setupDatabase } from '../../test/setup/database.ts'
import { addAccount, replaceCredentials } from '../db/accounts.ts'
import { openAlerts } from '../db/alerts.ts'
import { addUses } from '../db/uses.ts'
import { watchAge, watchUse } from './watch.ts'

const sealed = { bytes: Buffer.from('sealed'), key: 'k1' }

async function setup() {
  const { store, clock, at } = await setupDatabase()
  const log: string[] = []
  const watcher = { store, clock, log: (level: string, message: string) => void log.push(`${level}: ${message}`) }
  const alerts = async () => (await openAlerts(store)).map(({ key, times }) => `${key} ${times}`)
  return { store, at, log, watcher, alerts }
}

test('credentials are told of from the ninetieth day on, once, until they are replaced', async () => {
  const { store, at, log, watcher, alerts } = await setup()
  await at('2026-01-01T00:00:00Z')
  await addAccount(store, { connector: 'acme', slug: 'main' }, sealed)
  await at('2026-03-31T23:59:59Z')
  await watchAge(watcher)
  expect(await alerts()).toEqual([])
  await at('2026-04-01T00:00:00Z')
  await watchAge(watcher)
  await watchAge(watcher)
  expect(await alerts()).toEqual(['credentials-old acme/main 1'])
  expect(log).toEqual([
    expect.stringMatching(/^warn: acme\/main: its credentials are 90 days old; .*rotate acme\/main$/),
  ])
  await replaceCredentials(store, { connector: 'acme', slug: 'main' }, sealed)
  await watchAge(watcher)
  expect(await alerts()).toEqual([])
})

test('unusual use is told once, and ends by itself', async () => {
  const { store, at, log, watcher, alerts } = await setup()
  await at('2026-03-01T12:00:00Z')
  const use = { connector: 'acme', account: 'main', calls: 10, refused: 5 }
  await addUses(store, [{ ...use, egress: 'home' }])
  await addUses(store, [{ ...use, egress: 'office' }])
  await watchUse(watcher)
  await at('2026-03-01T12:01:00Z')
  await watchUse(watcher)
  expect((await alerts()).toSorted()).toEqual(['account-refused acme/main 1', 'account-two-egress acme/main 1'])
  expect(log).toHaveLength(2)
  await at('2026-03-01T13:00:00Z')
  await watchUse(watcher)
  expect(await alerts()).toEqual([])
})
