import { describe, expect, inject, it, test } from 'vitest'
import { connector as tea } from '../examples/tea-house/index.ts'
import { imitate as imitateTea } from '../examples/tea-house/vendor.ts'
import { binance } from '../src/connectors/binance/index.ts'
import { che168 } from '../src/connectors/che168/index.ts'
import { ozon } from '../src/connectors/ozon/index.ts'
import { wildberries } from '../src/connectors/wildberries/index.ts'
import { imitateBinance } from '../src/sim/binance/exchange.ts'
import { imitateChe168 } from '../src/sim/che168/che168.ts'
import { imitateOzon } from '../src/sim/ozon/ozon.ts'
import type { Vendor } from '../src/sim/serve.ts'
import { imitateWildberries } from '../src/sim/wildberries/wildberries.ts'
import { conformance } from '../src/testing/index.ts'
import { connector as depot } from './pull/connector.ts'
import { imitateDepot, move } from './pull/depot.ts'
import { urlOf } from './setup/sluice.ts'

const database = urlOf(inject('server'))

describe('the connector binance', () => {
  const tests = conformance(binance, {
    database,
    records: 50_000,
    now: '2026-03-02T20:00:30Z',
    options: {
      candles: { symbols: ['BTCUSDT', 'ETHUSDT'], interval: ['1h'], start_date: '2026-03-01', batch_size: 10 },
    },
    vendor: ({ now }) => {
      const listed = Date.parse('2025-01-01T00:00:00Z')
      return imitateBinance({ symbols: ['BTCUSDT', 'ETHUSDT'].map(symbol => ({ symbol, listed })), now })
    },
  })
  for (const { name, run } of tests) it(name, run)
})

describe('the connector ozon', () => {
  const renewed = 'ozon.report: collected a second time, it brings nothing new'
  const tests = conformance(ozon, {
    database,
    records: 20_000,
    now: '2026-11-22T03:00:00Z',
    account: { client_id: '4711', api_key: 'key-of-4711' },
    options: { products: { page_size: 40 }, stocks: { page_size: 40 }, fbs_stocks: { page_size: 40 } },
    warn: () => undefined,
    vendor: () =>
      imitateOzon({
        ...{ now: () => Date.parse('2026-11-22T03:00:00Z'), reportTakes: 0, analyticsGap: 0 },
        ...{ perMethod: Number.POSITIVE_INFINITY, perClient: Number.POSITIVE_INFINITY },
        sellers: [{ clientId: '4711', apiKey: 'key-of-4711', products: 110, archived: 7 }],
      }),
  })
  for (const { name, run } of tests.filter(({ name }) => name !== renewed)) it(name, run)

  it('has one stream whose rows are others each time: each bears the code and the time of its report', () => {
    expect(tests.filter(({ name }) => name === renewed)).toHaveLength(1)
  })
})

describe('a connector with every mode of a pull stream', () => {
  const warnings: string[] = []
  const tests = conformance(depot, {
    database,
    records: 50_000,
    warn: line => void warnings.push(line),
    vendor: () => {
      const vendor = imitateDepot()
      vendor.moves = Array.from({ length: 45 }, (_, nth) => move(nth + 1))
      vendor.moves.push(move(3, { version: 2, amount: '9.99' }), move(7, { version: 3, amount: '0.01' }))
      for (let id = 1; id <= 35; id++) vendor.stock.set(id, id * 10)
      for (const id of [1, 2, 4, 10, 11]) vendor.crates.set(id, { open: id !== 2, goods: [`tea ${id}`, `salt ${id}`] })
      const body = new TextEncoder().encode('id;price\r\n"A;1";1.50\r\nB;20\r\n')
      vendor.report = { polls: 2, body, type: 'text/csv' }
      return vendor
    },
  })
  for (const { name, run } of tests) it(name, run)
})

describe('the connector wildberries', () => {
  const now = '2026-10-20T09:00:00Z'
  const day = 86_400_000
  const imitate = (time: () => number) =>
    imitateWildberries({
      sellers: [{ name: 'shop', goods: 4, orders: 3, since: Date.parse(now) - 40 * day, supplyEvery: 8 * day }],
      ...{ now: time, pageRows: 40, sleep: async () => undefined },
    })
  const tests = conformance(wildberries, {
    database,
    now,
    records: 20_000,
    account: { token: imitate(() => Date.parse(now)).mint('shop') },
    options: {
      ...{ orders: { page_rows: 40 }, sales: { page_rows: 40 }, order_feed: { batch_size: 30 } },
      ...{ stocks: { batch_size: 5 }, seller_stocks: { batch_size: 5 }, finance: { batch_size: 40 } },
    },
    vendor: ({ now }) => imitate(now),
  })
  for (const { name, run } of tests) it(name, run)
})

/** Every third advert slips by between two pages of the list: events tell of some that are known in part only. */
function slipping(vendor: Vendor): Vendor {
  const isMissed = ({ inner_id }: { inner_id: string }) => Number(inner_id) % 3 === 0
  return {
    fetch: async request => {
      const answer = await vendor.fetch(request)
      if (!new URL(request.url).pathname.endsWith('/offers') || answer.status !== 200) return answer
      const page = (await answer.json()) as { result: { inner_id: string }[]; meta: object }
      const rest = { ...page, result: page.result.filter(each => !isMissed(each)) }
      return Response.json(rest, { headers: answer.headers })
    },
  }
}

describe('the connector che168', () => {
  const now = '2026-11-22T09:00:00Z'
  const [key, day] = ['key-of-the-lot', 86_400_000]
  const tests = conformance(che168, {
    database,
    now,
    records: 5_000,
    account: { api_key: key },
    options: Object.fromEntries(
      ['offers', 'changes', 'offer'].map(name => [name, { retries: 3, retry_interval: '1m' }]),
    ),
    warn: () => undefined,
    vendor: () => {
      const [since, fixed] = [Date.parse(now) - 2 * day, Date.parse(now)]
      const world = { adverts: 110, eventsPerDay: 50, since, key, end: 'null' } as const
      return slipping(imitateChe168({ ...world, now: () => fixed, sleep: async () => undefined }))
    },
  })
  for (const { name, run } of tests) it(name, run)
})

describe('the connector of the tea house, whose vendor wants a key', () => {
  const tests = conformance(tea, {
    database,
    records: 50_000,
    account: { key: 'leaf-and-bud-2026' },
    vendor: imitateTea,
  })
  for (const { name, run } of tests) it(name, run)
})

test('every check has a name of its own, which is a sentence about a stream or the connector', () => {
  const names = conformance(binance, { database, vendor: () => ({ fetch: async () => new Response() }) }).map(
    each => each.name,
  )
  expect(new Set(names).size).toBe(names.length)
  expect(names.length).toBeGreaterThan(15)
})
