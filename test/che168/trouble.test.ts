import { describe, expect, test } from 'vitest'
import { anchored, books, hour, key, minute, noon, setupLot, stored } from './bench.ts'

const always = Number.POSITIVE_INFINITY
const still = { eventsPerDay: 0 }

describe('a page that does not come', () => {
  test('is asked for 20 times more, 12 minutes apart, then left out and told, and had by a later run', async () => {
    const lot = await setupLot({ world: still })
    const fault = lot.sim.faults.add({ kind: 'status', status: 503, match: { path: 'offers', page: 3 }, times: always })
    const run = await lot.sync('offers')
    expect(run).toMatchObject({ state: 'partial', warning: expect.stringContaining('1 page that never came') })
    const asked = lot.sim.calls.filter(({ query }) => query.page === '3').map(({ at }) => at)
    const waits = asked.slice(1).map((at, nth) => at - asked[nth]!)
    expect(waits.filter(wait => wait >= 11 * minute)).toHaveLength(20)
    expect(asked.at(-1)! - asked[0]!).toBeGreaterThanOrEqual(4 * hour)
    expect(asked.length).toBeLessThanOrEqual(21 * 4)
    expect(await lot.verify('offers')).toMatchObject({ wrong: [], rows: 210, counted: 210, skipped: 1 })
    const log = () => lot.rows('select status, errors::int from che168.operations_log order by id')
    expect(await log()).toEqual([{ status: 'ERROR', errors: 1 }])

    fault.remove()
    await lot.pass(hour)
    const runs = await lot.finish(await lot.want('offers'))
    expect(runs).toMatchObject([{ state: 'success' }, { state: 'success', inserted: 20 }])
    expect(await log()).toEqual([{ status: 'ERROR', errors: 1 }, ...Array(2).fill({ status: 'OK', errors: 0 })])
    expect(await stored(lot)).toEqual(await books(lot, noon))
    expect(await lot.verify('offers')).toMatchObject({ wrong: [], rows: 230, counted: 230, skipped: 0 })
  }, 120_000)

  test('whole is tried as often as one that does not come, and left out, too', async () => {
    const lot = await setupLot({ world: still, options: { offers: { retries: 2, retry_interval: '12m' } } })
    lot.sim.faults.add({ kind: 'cut', match: { path: 'offers', page: 3 }, times: always })
    expect(await lot.sync('offers')).toMatchObject({ state: 'partial', records: 210 })
    const asked = lot.sim.calls.filter(({ query }) => query.page === '3').map(({ at }) => at)
    expect(asked.at(-1)! - asked[0]!).toBeGreaterThanOrEqual(24 * minute)
    expect(await lot.verify('offers')).toMatchObject({ wrong: [], skipped: 1 })
  })

  test('though it is the last one of the list is had by a later run, and not asked for ever', async () => {
    const lot = await setupLot({ world: still, options: { offers: { retries: 1, retry_interval: '1m' } } })
    const fault = lot.sim.faults.add({
      ...{ kind: 'status', status: 503, match: { path: 'offers', page: 12 }, times: always },
    })
    expect(await lot.sync('offers')).toMatchObject({ state: 'partial' })
    fault.remove()
    await lot.pass(hour)
    expect(await lot.finish(await lot.want('offers'))).toMatchObject([{ state: 'success' }, { inserted: 10 }])
    expect(await lot.verify('offers')).toMatchObject({ wrong: [], rows: 230, counted: 230, skipped: 0 })
    await lot.pass(hour)
    expect(await lot.want('offers')).toHaveLength(1)
  })

  test('and is one of changes is never left out: the run fails, and the next one begins there', async () => {
    const lot = await setupLot({ options: { changes: { retries: 1, retry_interval: '1m' } } })
    await lot.sync('offers')
    const fault = lot.sim.faults.add({ kind: 'reset', match: { path: 'changes', nth: 2 }, times: always })
    expect(await lot.sync('changes')).toMatchObject({ state: 'failed', errorCode: 'vendor-cut', pages: 1 })
    expect(await lot.rows('select status from che168.operations_log where stream = $1', ['changes'])).toEqual([
      { status: 'ERROR' },
    ])
    fault.remove()
    expect(await lot.sync('changes')).toMatchObject({ state: 'success' })
    expect(await stored(lot)).toEqual(await books(lot, anchored))
  })

  test('though it is the question where the list begins ends the run, and nothing is left out', async () => {
    const lot = await setupLot({ world: still, options: { offers: { retries: 1, retry_interval: '1m' } } })
    lot.sim.faults.add({ kind: 'status', status: 500, match: { path: 'change_id' }, times: always })
    expect(await lot.sync('offers')).toMatchObject({ state: 'failed', errorCode: 'vendor-error' })
    expect((await lot.verify('offers')).skipped).toBe(0)
  })
})

describe('an answer that is not what it should be', () => {
  test.each(['cut', 'short', 'html', 'garbage', 'stuck', 'astray', 'empty'] as const)(
    '(%s) is asked for again, and nothing of it is stored',
    async kind => {
      const lot = await setupLot()
      for (const path of kind === 'empty' ? ['offers'] : ['offers', 'changes'])
        lot.sim.faults.add({ kind, match: { path, nth: 2 } })
      expect(await lot.sync('offers')).toMatchObject({ state: 'success', quarantined: 0 })
      expect(await lot.sync('changes')).toMatchObject({ state: 'success', quarantined: 0 })
      expect(lot.sim.calls.filter(({ fault }) => fault === kind)).toHaveLength(kind === 'empty' ? 1 : 2)
      expect(await stored(lot)).toEqual(await books(lot, anchored))
    },
  )

  test('because it has no changes and leads on ends the run with an alert, and loses none', async () => {
    const lot = await setupLot()
    await lot.sync('offers')
    lot.sim.faults.add({ kind: 'empty', match: { path: 'changes', nth: 2 } })
    const run = await lot.sync('changes')
    expect(run).toMatchObject({ state: 'success', pages: 2, warning: expect.stringContaining('names'), notice: null })
    const message = run.warning && expect.stringContaining(run.warning)
    expect(await lot.alerts()).toMatchObject([{ code: 'empty', level: 'warning', message }])
    const [row] = await lot.rows<{ date: string }>('select last_successful_date::text as date from che168.sync_state')
    expect(row!.date < '2026-11-05').toBe(true)
    expect(await lot.sync('changes')).toMatchObject({ state: 'success', warning: null })
    expect(await lot.alerts()).toEqual([])
    expect(await stored(lot)).toEqual(await books(lot, anchored))
  })

  test('because it has no changes and leads on, again and again, is told by one alert until the feed goes on', async () => {
    const lot = await setupLot()
    await lot.sync('offers')
    const fault = lot.sim.faults.add({ kind: 'empty', match: { path: 'changes' }, times: always })
    for (let nth = 0; nth < 3; nth++) expect(await lot.sync('changes')).toMatchObject({ state: 'success', records: 0 })
    expect(await lot.alerts()).toMatchObject([{ code: 'empty', times: 3 }])
    await lot.sync('offers')
    expect(await lot.alerts()).toHaveLength(1)
    fault.remove()
    await lot.sync('changes')
    expect(await lot.alerts()).toEqual([])
    expect(await stored(lot)).toEqual(await books(lot, anchored))
  })

  test('and stays so ends the run with what is wrong, and the rest is had later', async () => {
    const lot = await setupLot()
    await lot.sync('offers')
    const fault = lot.sim.faults.add({ kind: 'stuck', match: { path: 'changes' }, times: always })
    expect(await lot.sync('changes')).toMatchObject({
      ...{ state: 'failed', errorCode: 'bad-page', error: expect.stringContaining('leads to itself') },
    })
    fault.remove()
    expect(await lot.sync('changes')).toMatchObject({ state: 'success' })
    expect(await stored(lot)).toEqual(await books(lot, anchored))
  })

  test('and holds doubled and reordered rows is the same as without', async () => {
    const lot = await setupLot()
    for (const kind of ['doubled', 'reordered'] as const) lot.sim.faults.add({ kind, times: always })
    await lot.sync('offers')
    await lot.sync('changes')
    expect(await stored(lot)).toEqual(await books(lot, anchored))
    expect(await lot.verify('offers')).toMatchObject({ wrong: [] })
  })

  test('in one record leaves that one out, with its field and value, and the others are stored', async () => {
    const lot = await setupLot({ world: still })
    const broken = { kind: 'broken', share: 0.05, field: 'created_at', value: 'yesterday' } as const
    lot.sim.faults.add({ ...broken, times: always })
    const run = await lot.sync('offers')
    const left = await lot.quarantine()
    expect(run).toMatchObject({ state: 'partial', quarantined: left.length })
    expect(left.length).toBeGreaterThan(0)
    for (const each of left) expect(each).toMatchObject({ field: 'created_at', value: '"yesterday"' })
    expect(await lot.rows('select 1 from che168.raw_data')).toHaveLength(230 - left.length)
  })
})

describe('a vendor that refuses', () => {
  test.each([
    [401, 'vendor-unauthorised', 'CHE168_API_KEY'],
    [403, 'vendor-forbidden', 'blocked this key'],
    [404, 'vendor-rejected', 'access_name'],
    [422, 'vendor-rejected', 'Error'],
    [400, 'vendor-rejected', 'Error'],
  ])('with %i is asked once, and what to do is told', async (status, errorCode, advice) => {
    const lot = await setupLot({ world: still })
    lot.sim.faults.add({ kind: 'status', status, match: { path: 'changes' }, times: always })
    await lot.sync('changes')
    const run = await lot.sync('changes')
    expect(run).toMatchObject({ state: 'failed', error: expect.stringContaining(advice), retries: 0 })
    expect(run.errorCode).toBe(errorCode)
    expect(lot.sim.calls.filter(call => call.status === status)).toHaveLength(2)
  })

  test.each(['seconds', 'date', 'nothing'] as const)(
    'because it is asked too often is left alone as long as it says (%s), and no retry is spent',
    async tell => {
      const lot = await setupLot({ world: still })
      lot.sim.faults.add({ kind: 'status', status: 429, wait: 900, tell, match: { path: 'offers', page: 2 } })
      expect(await lot.sync('offers')).toMatchObject({ state: 'success', retries: 0 })
      const asked = lot.sim.calls.filter(({ query }) => query.page === '2').map(({ at }) => at)
      expect(asked).toHaveLength(2)
      expect(asked[1]! - asked[0]!).toBeGreaterThanOrEqual(tell === 'nothing' ? 29_000 : 899_000)
    },
  )

  test('asks at its pace, and is not asked faster', async () => {
    const lot = await setupLot({ world: still, metered: true })
    await lot.sync('offers')
    const pages = lot.sim.calls.filter(({ path }) => path.endsWith('/offers'))
    expect(pages).toHaveLength(12)
    expect(pages.at(-1)!.at - pages[0]!.at).toBeGreaterThanOrEqual(11 * 700 - 1_000)
  })
})

describe('the key', () => {
  const places = async (lot: Awaited<ReturnType<typeof setupLot>>) => {
    const tables = await lot.rows<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('sluice', 'che168')`,
    )
    const texts = await Promise.all(
      tables.map(({ name }) => lot.rows<{ text: string }>(`select to_jsonb(t)::text as text from ${name} t`)),
    )
    return [...lot.log(), ...texts.flat().map(({ text }) => text)].join()
  }

  test.each(['header', 'query'] as const)('goes by the %s, and stands in no message, log or table', async auth => {
    const lot = await setupLot({ settings: { auth }, options: { changes: { retries: 1 }, filters: { retries: 0 } } })
    await lot.sync('offers')
    expect(new Set(lot.sim.calls.map(({ keyIn }) => keyIn))).toEqual(new Set([auth]))
    for (const status of [500, 401, 422])
      lot.sim.faults.add({ kind: 'status', status, match: { path: 'changes' }, times: status === 500 ? 4 : 1 })
    for (let nth = 0; nth < 3; nth++) await lot.sync('changes')
    lot.sim.faults.add({ kind: 'reset', times: always })
    await lot.sync('filters')
    const told = await places(lot)
    expect(told).toContain('/api/v2/che168')
    expect(told).not.toContain(key)
  })

  test('that the vendor does not take in a header is told, and what to set', async () => {
    const lot = await setupLot({ world: { ...still, headerAccepted: false } })
    expect(await lot.sync('offers')).toMatchObject({ error: expect.stringContaining('auth: query') })
    expect(await lot.pauses()).toHaveLength(1)
  })
})
