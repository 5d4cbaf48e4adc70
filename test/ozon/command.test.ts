import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { imitateOzon } from '../../src/sim/ozon/ozon.ts'
import { serve } from '../../src/sim/serve.ts'
import { setupDatabase } from '../setup/database.ts'
import { jsonOf, run, setupFolder, urlOf } from '../setup/sluice.ts'

const apiKey = 'a1b2c3d4-key-of-4711'

async function setup() {
  const [folder, database] = [await setupFolder(), await setupDatabase()]
  const files = await serve({ fetch: request => sim.fetch(request) })
  const sim = imitateOzon({ sellers: [{ clientId: '4711', apiKey, products: 12 }], cdnUrl: files.url, reportTakes: 0 })
  const served = await serve(sim)
  onTestFinished(() => Promise.all([served.close(), files.close()]).then(() => undefined))
  await writeFile(join(folder, 'sluice.yaml'), 'ozon: {limits: {warehouse_list: {max: 10, every: 1s}}}\n')
  const env = {
    DATABASE_URL: urlOf(database.connection),
    SLUICE_SECRET_KEY: 'a-key-for-tests-of-ozon-01',
    OZON_BASE_URL: served.url,
  }
  const sluice = (more: object, ...args: string[]) => run(args, { folder, env: { ...env, ...more } })
  return { ...database, sim, sluice }
}

test('an account of Ozon is tried out, stored, and collected by its name', async () => {
  const { sluice, store, sim } = await setup()
  const wrong = { OZON_CLIENT_ID: '4711', OZON_API_KEY: 'not-the-key' }
  const refused = await sluice(wrong, 'accounts', 'add', 'ozon', 'main', '--from-env', '--json')
  expect(refused.code).toBe(1)
  expect(jsonOf<{ error: { code: string; message: string } }>(refused).error).toMatchObject({
    code: 'credentials-refused',
    message: expect.stringContaining('Ozon does not take this client id and API key'),
  })
  const right = { OZON_CLIENT_ID: '4711', OZON_API_KEY: apiKey }
  const added = await sluice(right, 'accounts', 'add', 'ozon', 'main', '--from-env', '--json')
  expect(jsonOf(added)).toMatchObject({ account: 'ozon/main', done: 'added', test: { outcome: 'accepted' } })
  expect(sim.calls.map(({ path }) => path)).toEqual(['/v1/roles', '/v1/roles'])
  for (const stream of ['products', 'fbs_stocks']) {
    const synced = await sluice({}, 'sync', `ozon.${stream}`, '--json')
    expect(synced.code, synced.err).toBe(0)
    expect(added.out + added.err + refused.err + synced.out + synced.err).not.toContain(apiKey)
  }
  const [row] = await store.query('select account, count(*)::int as n from ozon.products group by 1')
  expect(row).toEqual({ account: 'main', n: 12 })
  const [stock] = await store.query<{ n: number }>('select count(*)::int as n from ozon.fbs_stocks')
  expect(stock!.n).toBe([...sim.truth('4711', 'fbs')].length)
  const anew = await sluice({}, 'sync', 'ozon', '--resync', '--json')
  const { runs, swaps } = jsonOf<{ runs: { stream: string }[]; swaps: { slice: { stream: string } }[] }>(anew)
  const streams = ['products', 'stocks', 'fbs_stocks', 'fbo_stocks', 'warehouses', 'report']
  expect(swaps.map(({ slice }) => slice.stream)).toEqual(expect.arrayContaining(streams))
  expect([...runs, ...swaps.map(({ slice }) => slice)].some(({ stream }) => stream.includes('inventory'))).toBe(false)
}, 180_000)

test('a key that Ozon refuses with 403 is as good as any: streams that are paused for it go on with the new one', async () => {
  const { sluice, store } = await setup()
  const wrong = { OZON_CLIENT_ID: '4711', OZON_API_KEY: 'not-the-key' }
  const right = { OZON_CLIENT_ID: '4711', OZON_API_KEY: apiKey }
  expect((await sluice(wrong, 'accounts', 'add', 'ozon', 'main', '--from-env', '--no-test')).code).toBe(0)
  for (const stream of ['products', 'stocks']) expect((await sluice({}, 'sync', `ozon.${stream}`)).code).toBe(1)
  const paused = () => store.query('select stream from sluice.pauses order by 1')
  expect(await paused()).toEqual([{ stream: 'products' }, { stream: 'stocks' }])
  const rotated = await sluice(right, 'accounts', 'rotate', 'ozon/main', '--from-env')
  expect(rotated.code, rotated.err).toBe(0)
  expect(await paused()).toEqual([])
}, 180_000)
