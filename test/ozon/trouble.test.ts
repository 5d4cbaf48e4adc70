import { expect, test } from 'vitest'
import { examineSchedules } from '../../src/engine/examine.ts'
import { names, setupOzon } from './bench.ts'

const always = Number.POSITIVE_INFINITY

test('an account without FBO stock by warehouse is told so once, and its other streams go on', async () => {
  const bench = await setupOzon({ products: 20, fboByWarehouse: false })
  const runs = await bench.collect('products', 'fbo_stocks', 'stocks')
  expect(runs.fbo_stocks).toMatchObject({ state: 'failed', retries: 0 })
  expect(runs.fbo_stocks.error).toMatch(
    /^ozon\/main fbo_stocks: this account does not have FBO stock by warehouse.*ozon\.stocks.*sluice sync ozon\.fbo_stocks/,
  )
  expect(runs.stocks.state).toBe('success')
  expect(await bench.paused()).toEqual(['fbo_stocks'])
  expect((await bench.alerts()).length).toBe(1)
  const [fbo] = await bench.rows<{ n: number }>(`select count(*)::int as n from ozon.stocks where type = 'fbo'`)
  expect(fbo!.n).toBeGreaterThan(5)
  bench.change({ fboByWarehouse: true })
  expect((await bench.collect('fbo_stocks')).fbo_stocks.state).toBe('success')
  expect(await bench.paused()).toEqual([])
})

test('a key that was switched off pauses the stream with what to do, and is not tried again', async () => {
  const bench = await setupOzon({ products: 3, key: 'deactivated' })
  const { stocks } = await bench.collect('stocks')
  expect(stocks.error).toMatch(/^ozon\/main stocks: the API key was switched off.*sluice accounts rotate/)
  expect(stocks.error).not.toContain('key-of-4711-secret')
  expect(bench.sim.calls).toHaveLength(1)
  expect(await bench.paused()).toEqual(['stocks'])
})

test('an outage of a method that may be asked once a minute is an outage, and not a wait for its quota for ever', async () => {
  const bench = await setupOzon({ products: 3 })
  bench.sim.faults.add({ kind: 'status', status: 503, times: 40 })
  const { warehouses } = await bench.collect('warehouses')
  expect(warehouses).toMatchObject({ state: 'failed', errorCode: 'vendor-error' })
  expect(warehouses.error).toMatch(/given up after 3 retries$/)
  expect(bench.sim.calls).toHaveLength(4)
})

test('an open breaker closes its method for five minutes, and no other', async () => {
  const bench = await setupOzon({ products: 20 })
  const [path, ms] = ['/v4/product/info/stocks', 200_000]
  bench.sim.faults.add({ kind: 'circuit', ms, plain: true, match: { path } })
  const [id] = await bench.want('stocks')
  const began = (await bench.clock.now()).getTime()
  const waits = async () => {
    const [closed] = await bench.rows<{ bucket: string; seconds: number }>(
      `select bucket, extract(epoch from closed_until - sluice.now())::int as seconds from sluice.limits
       where closed_until > sluice.now()`,
    )
    return closed
  }
  let closed: Awaited<ReturnType<typeof waits>>
  while (!closed) closed = await waits()
  expect(closed.bucket).toBe('ozon/product_stocks/4711')
  expect(closed.seconds).toBeGreaterThan(290)
  await bench.pass(ms)
  const products = await bench.finish(await bench.want('products'))
  expect(products).toMatchObject([{ state: 'success' }])
  expect(await bench.finish([id!])).toMatchObject([{ state: 'success', retries: 0 }])
  expect((await bench.clock.now()).getTime() - began).toBeGreaterThanOrEqual(300_000)
})

test('a line that cannot be read is one record in quarantine; the rest is stored, and nothing is taken for gone', async () => {
  const bench = await setupOzon({ products: 100 })
  await bench.collect('stocks')
  await bench.pass(86_400_000)
  bench.change({ products: 95 })
  const broken = bench.sim.faults.add({ kind: 'broken', share: 0.1, times: always })
  const { stocks } = await bench.collect('stocks')
  expect(broken.spoiled.length).toBeGreaterThan(3)
  expect(stocks).toMatchObject({ state: 'partial', quarantined: broken.spoiled.length })
  const kept = await bench.quarantine()
  expect(kept.map(({ field, value }) => [field, value])).toEqual(broken.spoiled.map(() => ['present', '"n/a"']))
  const [gone] = await bench.rows<{ n: number }>('select count(*)::int as n from ozon.stocks where gone_at is not null')
  expect(gone!.n).toBe(0)
})

test.each(['doubled', 'reordered'] as const)('rows that come %s come to the same', async kind => {
  const bench = await setupOzon({ products: 130 })
  bench.sim.faults.add({ kind, times: always })
  const runs = await bench.collect('products', 'stocks', 'fbs_stocks', 'fbo_stocks')
  for (const run of Object.values(runs)) expect(run.state).toBe('success')
  const [stored] = await bench.rows(
    `select (select count(*)::int from ozon.products) as products, (select count(*)::int from ozon.stocks) as stocks,
       (select count(*)::int from ozon.fbs_stocks) as fbs, (select count(*)::int from ozon.fbo_stocks) as fbo`,
  )
  const lines = bench.truth('stocks').flatMap(({ stocks }) => stocks as unknown[])
  const [fbs, fbo] = [bench.truth('fbs').length, bench.truth('fbo').length]
  expect(stored).toEqual({ products: 139, stocks: lines.length, fbs, fbo })
})

test('a report without a column of stock brings nothing, and says which one lacks and which there are', async () => {
  const bench = await setupOzon({ products: 20, layout: { missing: ['fbo'] } })
  const { report } = await bench.collect('report')
  expect(report).toMatchObject({ state: 'failed', errorCode: 'bad-page' })
  expect(report.error).toMatch(
    /^ozon\/main report: the product report has no column «доступно к продаже по схеме fbo».*Артикул; Ozon Product ID/,
  )
  expect(await bench.rows('select 1 from ozon.report_products')).toEqual([])
})

test('columns that have moved, are spelt otherwise or came with others are found all the same', async () => {
  const bench = await setupOzon({
    products: 40,
    layout: { moved: true, renamed: true, nbsp: true, yo: true, quant: false, oldSku: true, tags: true, empty: 0.3 },
  })
  const { report } = await bench.collect('report')
  expect(report.state).toBe('success')
  const truth = [...bench.truth('report'), ...bench.truth('archive')].map(row => {
    const plain = Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name.replaceAll('\u00a0', ' '), value]),
    )
    const fbo = plain['Доступно к продаже по схеме FBO, шт.']
    return { id: plain['Ozon Product ID'], name: plain['Название товара'], fbo: fbo === '' ? null : fbo }
  })
  const stored = await bench.rows(
    'select product_id::text as id, name, fbo_present::text as fbo from ozon.report_products order by product_id',
  )
  expect(stored).toEqual(truth)
  expect(truth.filter(({ fbo }) => fbo === null).length).toBeGreaterThan(3)
})

test('a workbook in place of a CSV brings nothing, and says what it is', async () => {
  const bench = await setupOzon({ products: 3 })
  bench.sim.faults.add({ kind: 'report', report: { xlsx: true } })
  const { report } = await bench.collect('report')
  expect(report).toMatchObject({ state: 'failed', errorCode: 'bad-csv' })
  expect(report.error).toMatch(/begins with PK, as a ZIP archive or an XLSX workbook does/)
})

test('a report that could not be made is ordered anew', async () => {
  const bench = await setupOzon({ products: 5 })
  bench.sim.faults.add({ kind: 'report', report: { error: 'internal' } })
  expect((await bench.collect('report')).report).toMatchObject({ state: 'success', records: 14 })
  expect(bench.sim.calls.filter(({ path }) => path === '/v1/report/products/create')).toHaveLength(3)
})

test('a report that fails again and again is given up, and the run waits for better times before it fails', async () => {
  const bench = await setupOzon({ products: 5 })
  bench.sim.faults.add({ kind: 'report', report: { error: 'internal' }, times: always })
  const began = (await bench.clock.now()).getTime()
  const { report } = await bench.collect('report')
  expect(report).toMatchObject({ state: 'failed', errorCode: 'vendor-error' })
  expect(report.error).toMatch(/^ozon\/main report: .*could not be made: internal, like 2 before it.*after 3 retries$/)
  expect((await bench.clock.now()).getTime() - began).toBeGreaterThanOrEqual(7 * 60_000)
  const calls = (path: string) => bench.sim.calls.filter(call => call.path === path).length
  expect([calls('/v1/report/products/create'), calls('/v1/report/info')]).toEqual([3, 3 + 3])
})

test('a record of a report that is replayed from quarantine is a row, without what only its page knew', async () => {
  const bench = await setupOzon({ products: 60, archived: 0 })
  bench.sim.faults.add({ kind: 'broken', share: 0.1, match: { path: '/s3/reports' } })
  const { report } = await bench.collect('report')
  expect(report.state).toBe('partial')
  await bench.rows(`update sluice.quarantine set record = replace(record::text, 'n/a', '7')`)
  const { tried, inserted } = await bench.replay()
  expect([tried, inserted]).toEqual([report.quarantined, report.quarantined])
  const replayed = await bench.rows<{ fbo: string; visibility: string | null }>(
    `select fbo_present as fbo, visibility from ozon.report_products where report_code is null`,
  )
  expect(new Set(replayed.map(row => JSON.stringify(row)))).toEqual(new Set(['{"fbo":"7","visibility":null}']))
})

test('a refusal that our pace did not foresee is waited for as told, without a retry, and makes that method slower', async () => {
  const bench = await setupOzon({ products: 20 })
  bench.sim.faults.add({ kind: 'status', status: 429, retryAfter: 30 })
  const began = (await bench.clock.now()).getTime()
  const { stocks } = await bench.collect('stocks')
  expect(stocks).toMatchObject({ state: 'success', retries: 0 })
  expect((await bench.clock.now()).getTime() - began).toBeGreaterThanOrEqual(30_000)
  expect(
    bench.log.filter(line => /ozon\/product_stocks\/4711: refused although our share was kept/.test(line)),
  ).toEqual([expect.stringContaining('we go slower for 10m')])
})

test('a zone that there is not is told with the stream whose setting it is', async () => {
  const bench = await setupOzon({ products: 3 })
  const sources = names.map(name => bench.source(name))
  expect(() => examineSchedules(sources)).not.toThrow()
  const lost = sources.map(source => ({ ...source, options: { ...source.options, zone: 'Mars/Phobos' } }))
  expect(() => examineSchedules(lost)).toThrow(/ozon\.products \(account main\).*no time zone "Mars\/Phobos"/)
})
