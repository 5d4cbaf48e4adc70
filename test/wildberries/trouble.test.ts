import { describe, expect, test } from 'vitest'
import { day, hour, minute, noon, setupSeller } from './bench.ts'

const always = Number.POSITIVE_INFINITY
const world = { sellers: [{ name: 'shop', goods: 6, orders: 10, since: noon - 20 * day }] }

const count = (table: string) => `select count(*)::int as n from wildberries.${table}`

describe('limits', () => {
  test('are kept by themselves, page after page, and no question is refused', async () => {
    const bench = await setupSeller({
      world: { ...world, pageRows: 60 },
      metered: true,
      options: { sales: { page_rows: 60 } },
    })
    expect(await bench.sync('sales')).toMatchObject({ state: 'success' })
    expect(bench.sim.calls.length).toBeGreaterThan(2)
    expect(bench.sim.calls.filter(({ status }) => status === 429)).toEqual([])
    for (const [nth, { at }] of bench.sim.calls.slice(1).entries())
      expect(at - bench.sim.calls[nth]!.at).toBeGreaterThanOrEqual(minute)
    const [bucket] = await bench.rows<{ bucket: string }>(
      "select bucket from sluice.limits where bucket like '%sales%'",
    )
    expect(bucket!.bucket).toMatch(/^wildberries\/sales\/[0-9a-f-]{36}$/)
  })

  test('of base tokens are hours apart, by what the token says of itself', async () => {
    const bench = await setupSeller({
      ...{ world: { ...world, pageRows: 60 }, metered: true, token: { type: 'base' } },
      options: { orders: { page_rows: 60 } },
    })
    expect(await bench.sync('orders')).toMatchObject({ state: 'success' })
    expect(bench.sim.calls.length).toBeGreaterThan(2)
    expect(bench.sim.calls.filter(({ status }) => status !== 200)).toEqual([])
    for (const [nth, { at }] of bench.sim.calls.slice(1).entries())
      expect(at - bench.sim.calls[nth]!.at).toBeGreaterThanOrEqual(3 * hour)
  })

  test('are what the vendor says is left: nothing, although it does not say for how long', async () => {
    const bench = await setupSeller({
      world: { ...world, pageRows: 60 },
      metered: true,
      options: { orders: { page_rows: 60 } },
    })
    bench.sim.faults.add({ kind: 'drained' })
    expect(await bench.sync('orders')).toMatchObject({ state: 'success' })
    const [first, second, third] = bench.sim.calls.map(({ at }) => at) as [number, number, number]
    expect(second - first).toBeGreaterThanOrEqual(minute)
    expect(bench.sim.calls.every(({ status }) => status === 200)).toBe(true)
    expect(third).toBeGreaterThan(second)
  })

  test.each([
    [['x-ratelimit-retry', 'x-ratelimit-reset'], 900],
    [['retry-after', 'x-ratelimit-reset'], 1_200],
    [['x-ratelimit-reset'], 1_500],
  ] as const)('a refusal that tells the wait by %s is waited for, and no retry is spent', async (headers, wait) => {
    const bench = await setupSeller({ world })
    bench.sim.faults.add({ kind: 'status', status: 429, wait, headers })
    const began = bench.now()
    expect(await bench.sync('orders')).toMatchObject({ state: 'success', retries: 0 })
    expect(bench.now() - began).toBeGreaterThanOrEqual(wait * 1000)
    expect(bench.sim.calls.map(({ status }) => status)).toEqual([429, 200])
  })
})

describe('the vendor says no', () => {
  test('to a base token about stock: that stream pauses and says what helps, and the report is there in its place', async () => {
    const bench = await setupSeller({ world, token: { type: 'base' } })
    const refused = await bench.sync('stocks')
    expect(refused).toMatchObject({ state: 'failed', errorCode: 'vendor-forbidden' })
    expect(refused.error).toMatch(
      /^wildberries\/shop stocks: forbidden: base token is not allowed; .*the stream remains/,
    )
    expect(await bench.pauses()).toMatchObject([{ stream: 'stocks' }])
    expect(await bench.sync('remains')).toMatchObject({ state: 'success' })
    expect((await bench.rows(count('remains')))[0]).not.toEqual({ n: 0 })
  })

  test('to a token without the category, and to one that is withdrawn: it says which token to make', async () => {
    const bench = await setupSeller({ world, token: { categories: ['statistics'] } })
    const { error } = await bench.sync('supplies')
    expect(error).toMatch(/token scope not allowed; make a token .*with the category of this method/)
    expect(await bench.sync('orders')).toMatchObject({ state: 'success' })
    expect(await bench.pauses()).toMatchObject([{ stream: 'supplies' }])
    bench.sim.revoke(bench.token)
    const { errorCode, error: withdrawn } = await bench.sync('orders')
    expect(errorCode).toBe('vendor-unauthorised')
    expect(withdrawn).toMatch(/token is withdrawn; make a token .*: sluice accounts rotate/)
    expect(withdrawn).not.toContain(bench.token)
  })

  test.each([
    [402, 'vendor-unpaid', /^wildberries\/shop sales: .*; top up the balance of the seller; .* 402 /],
    [404, 'vendor-gone', /^wildberries\/shop sales: .*no such method .*newer version of Sluice; .* 404 /],
  ] as const)('with %i: that stream alone pauses at once, and says what to do', async (status, code, message) => {
    const bench = await setupSeller({ world })
    bench.sim.faults.add({ kind: 'status', status, match: { endpoint: 'sales' } })
    const refused = await bench.sync('sales')
    expect(refused).toMatchObject({ state: 'failed', errorCode: code, error: expect.stringMatching(message) })
    expect(await bench.sync('orders')).toMatchObject({ state: 'success' })
    expect(await bench.pauses()).toMatchObject([{ stream: 'sales', account: 'shop' }])
    expect(bench.sim.calls.filter(({ endpoint }) => endpoint === 'sales')).toHaveLength(1)
  })

  test('for a while: five retries after one, two, four, eight and sixteen minutes', async () => {
    const bench = await setupSeller({ world })
    bench.sim.faults.add({ kind: 'status', status: 503, times: always })
    expect(await bench.sync('orders')).toMatchObject({ state: 'failed', errorCode: 'vendor-error' })
    expect(bench.sim.calls).toHaveLength(6)
    const waits = bench.sim.calls.slice(1).map(({ at }, nth) => Math.floor((at - bench.sim.calls[nth]!.at) / minute))
    expect(waits.map((wait, nth) => wait >= 2 ** nth)).toEqual([true, true, true, true, true])
  })
})

test('an answer in another envelope for ever is told after five retries, where the quota has no room for second looks', async () => {
  const bench = await setupSeller({ world, metered: true })
  bench.sim.faults.add({ kind: 'garbage', times: always })
  const run = await bench.sync('sales')
  expect(run).toMatchObject({ state: 'failed', errorCode: 'bad-page', retries: 5 })
  expect(run.error).toMatch(/^wildberries\/shop sales: the answer has no list at \$; given up after 5 retries$/)
  expect(bench.sim.calls).toHaveLength(6)
  expect(await bench.alerts()).toMatchObject([{ level: 'critical', code: 'bad-page' }])
})

describe('rows that are not as documented', () => {
  test('go to quarantine with their reason, and all others are stored', async () => {
    const bench = await setupSeller({ world })
    bench.sim.faults.add({ kind: 'broken', share: 0.2, field: 'totalPrice', value: '12,5', times: always })
    const run = await bench.sync('orders')
    expect(run.state).toBe('partial')
    expect(run.quarantined).toBeGreaterThan(0)
    expect(run.inserted + run.quarantined).toBe([...bench.sim.truth('shop', 'orders')].length)
    const [bad] = await bench.quarantine()
    expect(bad).toMatchObject({ field: 'totalPrice', value: '"12,5"' })
  })

  test('and without a time of change they neither stop paging nor make it skip anything', async () => {
    const bench = await setupSeller({ world: { ...world, pageRows: 40 }, options: { orders: { page_rows: 40 } } })
    bench.sim.faults.add({ kind: 'broken', share: 0.1, field: 'lastChangeDate', value: 'soon', times: always })
    const run = await bench.sync('orders')
    expect(run.state, run.error ?? '').toBe('partial')
    const [{ n }] = (await bench.rows<{ n: number }>(count('orders'))) as [{ n: number }]
    const keys = new Set((await bench.quarantine()).map(({ record }) => JSON.parse(record).srid))
    expect(n + keys.size).toBe([...bench.sim.truth('shop', 'orders')].length)
  })

  test.each(['doubled', 'reordered'] as const)('%s pages lose nothing', async kind => {
    const bench = await setupSeller({ world: { ...world, pageRows: 40 }, options: { orders: { page_rows: 40 } } })
    bench.sim.faults.add({ kind, times: always })
    expect(await bench.sync('orders')).toMatchObject({ state: 'success' })
    expect(await bench.rows(count('orders'))).toEqual([{ n: [...bench.sim.truth('shop', 'orders')].length }])
  })
})

test('everything that shares one time of change is read by days where it is more than a page', async () => {
  const bench = await setupSeller({
    world: { ...world, pageRows: 50, updates: [noon - 2 * day] },
    options: { orders: { page_rows: 50 } },
  })
  expect(await bench.sync('orders')).toMatchObject({ state: 'success' })
  expect(bench.sim.calls.filter(({ query }) => query.flag === '1').length).toBeGreaterThan(20)
  expect(await bench.rows(count('orders'))).toEqual([{ n: [...bench.sim.truth('shop', 'orders')].length }])
  const before = bench.sim.calls.length
  await bench.pass(10 * minute)
  expect(await bench.sync('orders')).toMatchObject({ state: 'success' })
  expect(bench.sim.calls.slice(before).filter(({ query }) => query.flag === '1')).toEqual([])
})

test('a listing of the order feed that takes so long that its period is too old begins anew with a shorter one', async () => {
  const bench = await setupSeller({
    world: { sellers: [{ name: 'shop', goods: 6, orders: 8, since: noon - 40 * day }] },
    ...{ metered: true, options: { order_feed: { batch_size: 15 } } },
  })
  expect(await bench.sync('order_feed')).toMatchObject({ state: 'success', retries: 0 })
  expect(bench.sim.calls.filter(({ status }) => status === 400)).toHaveLength(1)
  const held = new Set(
    (await bench.rows<{ srid: string }>('select srid from wildberries.order_feed')).map(row => row.srid),
  )
  const placed = [...bench.sim.truth('shop', 'feed', noon)].filter(
    ({ updatedAt }) => Date.parse(String(updatedAt)) > noon - 30 * day + hour,
  )
  expect(placed.length).toBeGreaterThan(180)
  expect(placed.filter(({ srid }) => !held.has(String(srid)))).toEqual([])
  const [log] = await bench.rows<{ notice: string }>('select notice from wildberries.collection_logs')
  expect(log!.notice).toMatch(/not changed since 2026-09-20T/)
})

test('how far back the vendor went is told with the run and in the history', async () => {
  const bench = await setupSeller({ world })
  await bench.sync('orders')
  const [log] = await bench.rows<{ notice: string }>('select notice from wildberries.collection_logs')
  expect(log!.notice).toMatch(/since 2019-01-01; the oldest change the vendor still has is of 2026-09-\d\dT/)
  expect(
    await bench.rows(
      'select account, stream, state, last_success_at is not null as synced from wildberries.sync_states',
    ),
  ).toEqual([{ account: 'shop', stream: 'orders', state: 'success', synced: true }])
})

test('a supply that was a preorder when it was listed is no failure: the next list brings its number', async () => {
  const wish = { sellers: [{ name: 'shop', goods: 6, supplyEvery: 3 * hour, since: noon - 3 * day }] }
  const bench = await setupSeller({ world: wish })
  await bench.sync('supplies')
  await bench.pass(2 * day)
  for (const stream of ['supply_details', 'incomes'])
    expect(await bench.sync(stream)).toMatchObject({ state: 'success' })
  expect(bench.sim.calls.filter(({ status }) => status === 400).length).toBeGreaterThan(2)
  for (const stream of ['supplies', 'supply_details', 'incomes']) await bench.sync(stream)
  const lacking = `select supply_key from wildberries.supplies s where not exists
    (select from wildberries.supply_details d where d.supply_key = s.supply_key and d.supply_id is not distinct from s.supply_id)`
  expect(await bench.rows(lacking)).toEqual([])
  const asked = bench.sim.calls.length
  for (const stream of ['supply_details', 'incomes']) expect(await bench.sync(stream)).toMatchObject({ records: 0 })
  expect(bench.sim.calls).toHaveLength(asked)
})

test.each(['canceled', 'purged'] as const)('a report that is %s is ordered anew', async kind => {
  const bench = await setupSeller({ world })
  bench.sim.faults.add({ kind, match: { endpoint: 'remains' } } as Parameters<typeof bench.sim.faults.add>[0])
  expect(await bench.sync('remains')).toMatchObject({ state: 'success' })
  expect(bench.sim.calls.filter(({ path }) => path.endsWith('/warehouse_remains'))).toHaveLength(2)
})

test('an account without anything has streams without anything', async () => {
  const bench = await setupSeller({
    world: { sellers: [{ name: 'shop', goods: 1, orders: 0, since: noon - minute, supplyEvery: 900 * day }] },
  })
  for (const stream of ['orders', 'sales', 'order_feed', 'finance', 'remains', 'supplies', 'incomes'])
    expect((await bench.sync(stream)).state, stream).toBe('success')
})
