import { expect, test } from 'vitest'
import { setupDatabase } from '../../test/setup/database.ts'
import { addAccount, pauseAccount, replaceCredentials } from './accounts.ts'
import { endLease, grantTokens, pauseLost, readTokens, saveTokens, takeLease } from './tokens.ts'

const key = { connector: 'acme', slug: 'main' }
const sealed = { bytes: Buffer.from('sealed'), key: 'k1' }
const until = new Date('2026-03-02T00:00:00Z')

async function setup() {
  const { store, at } = await setupDatabase()
  await at('2026-03-01T12:00:00Z')
  await addAccount(store, key, sealed)
  await grantTokens(store, key, { ...sealed, until })
  const { version } = (await readTokens(store, key))!
  const claim = (by: string, gone: string[] = []) => takeLease(store, key, { by, version, length: 30_000, gone })
  return { store, at, version, claim }
}

test('of many who want to renew the same tokens one may', async () => {
  const { claim } = await setup()
  const leases = await Promise.all(Array.from({ length: 8 }, (_, nth) => claim(`worker ${nth}`)))
  expect(leases.filter(lease => lease !== undefined)).toEqual([{ ...key, attempt: '2', unfinished: null }])
})

test('what an attempt brought is stored once, and ends its lease; the version before is renewed no more', async () => {
  const { store, claim } = await setup()
  const lease = (await claim('one'))!
  expect(await saveTokens(store, lease, { ...sealed, key: 'k2', until })).toBe('2')
  expect(await readTokens(store, key)).toMatchObject({ version: '2', leaseBy: null, tokens: { key: 'k2' }, until })
  expect(await claim('two')).toBeUndefined()
})

test('the lease of a process that is gone is taken at once, any other when its time is over; its attempt is told of', async () => {
  const { store, at, claim } = await setup()
  const lost = (await claim('one'))!
  expect(await claim('two')).toBeUndefined()
  const next = (await claim('two', ['one']))!
  expect(next).toMatchObject({ attempt: '3', unfinished: new Date('2026-03-01T12:00:00Z') })
  expect(await saveTokens(store, lost, { ...sealed, until })).toBeUndefined()
  await endLease(store, lost)
  expect(await pauseLost(store, lost, 'late')).toBe(false)
  expect(await readTokens(store, key)).toMatchObject({ version: '1', leaseBy: 'two', pausedReason: null })

  await at('2026-03-01T12:00:29Z')
  expect(await claim('three')).toBeUndefined()
  await at('2026-03-01T12:00:30Z')
  expect(await claim('three')).toMatchObject({ attempt: '4' })
})

test('tokens of an account that is paused are not renewed, and credentials that are replaced end an attempt with the old ones', async () => {
  const { store, claim } = await setup()
  const lease = (await claim('one'))!
  await replaceCredentials(store, key, { ...sealed, key: 'k3' })
  expect(await saveTokens(store, lease, { ...sealed, until })).toBeUndefined()
  await pauseAccount(store, key, 'on holiday')
  expect(await claim('two')).toBeUndefined()
})
