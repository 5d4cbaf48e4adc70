import { expect, onTestFinished, test } from 'vitest'
import { serve } from '../../src/sim/serve.ts'
import { imitateWildberries } from '../../src/sim/wildberries/wildberries.ts'
import { setupDatabase } from '../setup/database.ts'
import { jsonOf, run, setupFolder, urlOf } from '../setup/sluice.ts'
import { day } from './bench.ts'

async function setup() {
  const [folder, database] = [await setupFolder(), await setupDatabase()]
  const sellers = [{ name: 'shop', goods: 5, orders: 8, since: Date.now() - 30 * day }]
  const sim = imitateWildberries({ sellers })
  const served = await serve(sim)
  onTestFinished(served.close)
  const hosts = ['BASE', 'ANALYTICS', 'SUPPLIES', 'FINANCE', 'COMMON'].map(host => [
    `WILDBERRIES_${host}_URL`,
    served.url,
  ])
  const env = {
    ...Object.fromEntries(hosts),
    DATABASE_URL: urlOf(database.connection),
    SLUICE_SECRET_KEY: 'a-key-for-tests-of-wildberries-01',
  }
  const sluice = (token: string | undefined, ...args: string[]) =>
    run(args, { folder, env: { ...env, ...(token ? { WILDBERRIES_TOKEN: token } : {}) } })
  return { ...database, sim, sluice }
}

const add = ['accounts', 'add', 'wildberries', 'main', '--from-env', '--json']

test('a seller’s token is looked at, tried out, stored, and what is the seller’s is collected', async () => {
  const { sluice, store, sim } = await setup()
  const none = await sluice('no-token-of-theirs', ...add)
  expect(jsonOf(none)).toMatchObject({
    error: { code: 'bad-credentials', message: expect.stringContaining('is no token of the seller API') },
  })
  expect(sim.calls).toEqual([])

  const old = sim.mint('shop', { expires: Date.now() - day })
  const refused = await sluice(old, ...add)
  expect(refused.code).toBe(1)
  expect(jsonOf(refused)).toMatchObject({
    error: { code: 'credentials-refused', message: expect.stringContaining('token is expired; make a token') },
  })

  const token = sim.mint('shop')
  const added = await sluice(token, ...add)
  expect(jsonOf(added)).toMatchObject({
    account: 'wildberries/main',
    done: 'added',
    test: { outcome: 'accepted', text: expect.stringContaining('Wildberries accepts the credentials') },
  })
  const synced = await sluice(undefined, 'sync', 'wildberries.orders', '--json')
  expect(synced.code, synced.err).toBe(0)
  const all = [none, refused, added, synced].map(({ out, err }) => out + err).join()
  for (const secret of ['no-token-of-theirs', old, token]) expect(all).not.toContain(secret)
  const [row] = await store.query('select account, count(*)::int as n from wildberries.orders group by 1')
  expect(row).toEqual({ account: 'main', n: [...sim.truth('shop', 'orders')].length })
}, 180_000)
