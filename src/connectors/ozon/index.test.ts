import { expect, test } from 'vitest'
import { sixHourly } from '../../core/daily.ts'
import { analytics } from './analytics.ts'
import { turn } from './answer.ts'
import { before } from './daily.ts'
import { fbs } from './fbs.ts'
import { ozon } from './index.ts'
import { warehouses } from './warehouses.ts'

const at = { part: {}, to: new Date(0) }
const answer = (json: unknown) => ({ status: 200, headers: new Headers(), json, at: new Date(0) })

test('has_next alone says whether there is more, although the last page has a cursor', () => {
  expect(turn({ cursor: 'x', has_next: false }, { cursor: '' })).toEqual({ next: { cursor: 'x' }, done: true })
  expect(turn({ cursor: 'x', has_next: true }, { cursor: '' })).toEqual({ next: { cursor: 'x' }, done: false })
})

test.each(['', 'same'])('more, and nowhere new to go (cursor "%s"), is no page', cursor => {
  expect(() => turn({ cursor, has_next: true }, { cursor: 'same' })).toThrow('does not say where')
})

test('has_next as text, as the description has it, is no page', () => {
  const list = warehouses as Extract<typeof warehouses, { mode: 'snapshot' }>
  const options = list.options.parse({})
  const json = { cursor: 'c', has_next: 'true', warehouses: [] }
  expect(() => list.parse(answer(json), { cursor: '' }, { ...at, options, rows: [] })).toThrow('has_next')
})

test('skus are asked about as texts', () => {
  const rows = [{ sku: '1' }, { sku: '9007199254740993' }]
  const skus = rows.map(({ sku }) => sku)
  expect(fbs.request({ cursor: '' }, { ...at, rows, options: fbs.options.parse({}) }).json).toEqual({
    ...{ cursor: '', limit: 1000, sku: skus },
  })
  expect(analytics.request({}, { ...at, rows, options: analytics.options.parse({}) }).json).toEqual({ skus })
})

test('goods that lie in no warehouse are a row of their own', () => {
  const record = { sku: 1, offer_id: 'A', available_stock_count: 0, warehouse_id: null, ads: 0.1 }
  expect(analytics.record.parse(record)).toMatchObject({ warehouse_id: 0, cluster_id: 0, placement_zone: '', ads: 0.1 })
})

test('stock is due every six hours, one of them the account’s own; what it asks about half an hour before', () => {
  const options = { daily_at: '22:15', zone: 'Europe/Moscow' }
  expect(sixHourly(options)).toEqual([
    { daily: '22:15', zone: 'Europe/Moscow', check: '5m' },
    { cron: '15 4,10,16 * * *', zone: 'Europe/Moscow' },
  ])
  expect(before({ ...options, daily_at: '00:10' })).toEqual([{ daily: '23:40', zone: 'Europe/Moscow', check: '5m' }])
})

test('a time of day that there is not is refused', () => {
  for (const daily_at of ['24:00', '3:00', 'noon']) expect(fbs.options.safeParse({ daily_at }).success).toBe(false)
})

test('an account is the number of a client and a key; both become headers, and quotas belong to the client', () => {
  const given = { client_id: ' 4711 ', api_key: 'key' }
  const credentials = ozon.credentials!.parse(given) as Record<string, string>
  const auth = ozon.auth as Extract<typeof ozon.auth, { kind: 'fixed' }>
  expect(auth.headers(credentials, {})).toEqual({ 'client-id': '4711', 'api-key': 'key' })
  expect(ozon.credentials!.safeParse({ client_id: 'key', api_key: '4711' }).success).toBe(false)
  const owners = Object.values(ozon.limits).map(({ owner }) => (owner as (account: object) => string)({ credentials }))
  expect(new Set(owners)).toEqual(new Set(['4711']))
})
