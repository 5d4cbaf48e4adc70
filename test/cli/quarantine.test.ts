import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { serve } from '../../src/sim/serve.ts'
import { setupDatabase } from '../setup/database.ts'
import { type Env, jsonOf, run, setupFolder, urlOf } from '../setup/sluice.ts'

/** A connector of a user's own, who thought that amounts have a point. */
const shop = (amount: string) => `
import { vendor, z } from 'sluice'

const shop = vendor('shop', { calls: { kind: 'bucket', max: 100, every: '1s', owner: 'egress' } })
const amount = ${amount}

const orders = shop.pull({
  name: 'orders',
  table: 'shop.orders',
  limit: { calls: 1 },
  cursor: z.strictObject({ after: z.int() }),
  record: z.object({ id: z.int(), version: z.int(), amount }),
  forget: ['phone'],
})({
  key: ['id'],
  newer: ['version'],
  schedule: [{ every: '1h' }],
  start: () => ({ after: 0 }),
  request: ({ after }) => ({ path: '/orders', query: { after } }),
  parse: ({ json }, { after }) => {
    const records = z.array(z.unknown()).parse(json)
    return { records, next: { after: after + records.length }, done: true }
  },
  row: record => record,
})

export const connector = shop.connector({
  url: 'http://127.0.0.1:9',
  streams: [orders],
  migrations: './migrations',
})
`
const strict = `z.string().regex(/^\\d+\\.\\d+$/, 'is no amount')`
const mended = `z.string().regex(/^\\d+[.,]\\d+$/, 'is no amount').transform(text => text.replace(',', '.'))`
const table = `create table shop.orders (id bigint primary key, version integer not null, amount numeric(12,2) not null, raw jsonb)`

async function setup() {
  const [folder, { store, connection }] = [await setupFolder(), await setupDatabase()]
  const orders = [
    { id: 1, version: 1, amount: '1.50', phone: '+7 999 123-45-67' },
    { id: 2, version: 1, amount: '2,50', phone: '+7 999 123-45-67' },
    { id: 3, version: 1, amount: '3,50', phone: '+7 999 123-45-67' },
    { id: 4, version: 1, amount: 'free', phone: '+7 999 123-45-67' },
  ]
  let calls = 0
  const served = await serve({
    fetch: async ({ url }) => {
      calls++
      return Response.json(orders.slice(Number(new URL(url).searchParams.get('after'))))
    },
  })
  onTestFinished(served.close)
  const write = (amount: string) => writeFile(join(folder, 'shop/index.ts'), shop(amount))
  await mkdir(join(folder, 'shop/migrations'), { recursive: true })
  await write(strict)
  await writeFile(join(folder, 'shop/migrations/001_orders.sql'), table)
  await writeFile(join(folder, 'sluice.yaml'), 'connectors: [./shop]\n')
  const env: Env = { DATABASE_URL: urlOf(connection), SHOP_BASE_URL: served.url }
  const sluice = (...args: string[]) => run(args, { folder, env })
  expect((await sluice('migrate')).err).toBe('')
  return { store, orders, sluice, write, calls: () => calls }
}

it('keeps broken records with field, value and reason, and makes rows of them once they can be read', async () => {
  const { store, orders, sluice, write, calls } = await setup()
  const synced = await sluice('sync', 'shop')
  expect(synced.code).toBe(3)
  expect(synced.out).toMatch(/shop\.orders +partial +4 +1 +0 +3 records are in quarantine/)

  const { kinds, records } = jsonOf<{ kinds: object[]; records: { id: string }[] }>(
    await sluice('quarantine', '--json'),
  )
  expect(kinds).toMatchObject([{ stream: 'orders', field: 'amount', reason: 'is no amount', times: 3 }])
  expect(records).toMatchObject([{ value: '"2,50"' }, { value: '"3,50"' }, { value: '"free"' }])
  const shown = await sluice('quarantine', 'show', records[0]!.id)
  expect(shown.out).toMatch(/shop\/public orders\n +field +amount\n +value +"2,50"\n +reason +is no amount\n/)
  expect(shown.out).toContain('record   {"id":2,"version":1,"amount":"2,50"}\n')
  const [{ run_id: id }] = (await store.query<{ run_id: string }>('select run_id from sluice.quarantine limit 1')) as [
    { run_id: string },
  ]
  expect((await sluice('runs', id)).out).toContain(
    'records  4, not valid: 3 of 4 are in quarantine; 1 new rows, 0 changed\n    3 × amount: is no amount\n',
  )

  orders.push({ id: 3, version: 2, amount: '33.00', phone: '' })
  expect((await sluice('sync', 'shop')).code).toBe(0)
  const asked = calls()
  await write(mended)
  const replayed = await sluice('quarantine', 'replay')
  expect(replayed).toMatchObject({ code: 3, err: '' })
  expect(replayed.out).toBe('3 records: 1 new rows, 0 changed, 1 already there or older, 1 still broken.\n')
  expect(calls()).toBe(asked)
  expect(await store.query('select id::int, amount::text, raw from shop.orders order by id')).toEqual([
    { id: 1, amount: '1.50', raw: { id: 1, version: 1, amount: '1.50' } },
    { id: 2, amount: '2.50', raw: { id: 2, version: 1, amount: '2,50' } },
    { id: 3, amount: '33.00', raw: { id: 3, version: 2, amount: '33.00' } },
  ])
  expect((await sluice('verify')).out).toBe(
    'shop/public orders: complete, 3 rows counted, 3 proven\n  1 records in quarantine\n',
  )

  expect((await sluice('quarantine', 'dismiss', '--stream', 'shop')).out).toMatch(/^1 records are dismissed/)
  expect((await sluice('quarantine')).out).toBe('Nothing is in quarantine.\n')
  expect((await sluice('status')).out).not.toContain('quarantine')
})

it('says what cannot be done, and does nothing', async () => {
  const { sluice } = await setup()
  expect(await sluice('quarantine', 'burn')).toMatchObject({
    code: 2,
    err: expect.stringContaining('list, show, replay'),
  })
  expect(await sluice('quarantine', 'show')).toMatchObject({ code: 2 })
  expect(await sluice('quarantine', 'show', '77')).toMatchObject({
    code: 2,
    err: '[ERROR] There is no record 77; sluice quarantine lists them\n',
  })
  expect(await sluice('quarantine', 'dismiss')).toMatchObject({ code: 2, err: expect.stringContaining('--stream') })
  expect(await sluice('quarantine', 'replay', 'x')).toMatchObject({ code: 2 })
  expect((await sluice('quarantine', 'replay')).out).toBe('Nothing of this is in quarantine.\n')
})
