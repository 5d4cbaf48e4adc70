import { expect, test } from 'vitest'
import { anchored, type Bench, books, day, minute, noon, opening, setupLot, stored } from './bench.ts'
import { scripted } from './script.ts'

/** Every event that the feed has told between two moments was kept once. */
async function expectEvents(lot: Bench, since: number): Promise<void> {
  const told = [...lot.sim.events()].filter(({ at }) => at >= since - 1000)
  const kept = await lot.rows<{ id: string }>('select change_id::text as id from che168.events order by change_id')
  const from = Number(kept[0]!.id)
  expect(from).toBeLessThanOrEqual(told.find(({ at }) => at >= since)!.id)
  expect(kept.map(({ id }) => Number(id))).toEqual(told.map(({ id }) => id).filter(id => id >= from))
}

const state = (lot: Bench) =>
  lot.rows('select last_successful_date::text as date, last_change_id::int as id from che168.sync_state')

test('the list, then what has happened since the day before, make every advert as the vendor has it', async () => {
  const lot = await setupLot()
  expect(await lot.sync('offers')).toMatchObject({ state: 'success', quarantined: 0 })
  expect(await lot.sync('changes')).toMatchObject({ state: 'success', quarantined: 0 })
  await lot.at(noon + day)
  expect(await lot.sync('changes')).toMatchObject({ state: 'success' })
  expect(await stored(lot)).toEqual(await books(lot, anchored))
  await expectEvents(lot, anchored)
  for (const name of ['offers', 'changes'])
    expect(await lot.verify(name), name).toMatchObject({ wrong: [], skipped: 0 })
  expect((await lot.verify('offers')).counted).toBeGreaterThan(200)
})

test('a list whose worker dies at a page is gone on with at that page, and comes to the same', async () => {
  const lot = await setupLot({ world: { eventsPerDay: 0 } })
  const held = [1, 5, 12].map(page => lot.sim.faults.add({ kind: 'hold', match: { path: 'offers', page } }))
  const ids = await lot.want('offers')
  for (const each of held) {
    await each.reached
    const killed = await lot.kill()
    each.remove()
    await killed.stop()
  }
  expect(await lot.finish(ids)).toMatchObject([{ state: 'success', records: 230 }])
  const pages = lot.sim.calls.filter(({ path }) => path.endsWith('/offers')).map(({ query }) => Number(query.page))
  expect(new Set(pages).size).toBe(12)
  expect(pages.length).toBeLessThan(12 + 3 * 2 + 1)
  expect(await stored(lot)).toEqual(await books(lot, noon))
  expect(await lot.verify('offers')).toMatchObject({ wrong: [], rows: 230, counted: 230 })
})

test('pages that move while they are turned lose adverts; what happened is made up, and the next list has the rest', async () => {
  const lot = await setupLot({ world: { eventsPerDay: 400, newest: 'last' }, pace: 20 * minute })
  await lot.sync('offers')
  lot.step.ms = 0
  await lot.sync('changes')
  await lot.sync('offer')
  const lacking = (await books(lot, anchored)).length - (await stored(lot)).length
  expect(lacking).toBeGreaterThan(0)
  await lot.pass(1)
  lot.change('offers', { list_since: new Date(lot.now()).toISOString() })
  expect(await lot.sync('offers')).toMatchObject({ state: 'success', inserted: lacking })
  await lot.sync('changes')
  expect(await stored(lot)).toEqual(await books(lot, anchored))
  expect(await lot.verify('offers')).toMatchObject({ wrong: [] })
})

test('a list is taken anew after some days, and until then only the change id is asked for', async () => {
  const lot = await setupLot({ options: { offers: { relist_days: 7 } } })
  const listed = async () => (await lot.sync('offers')).records
  expect(await listed()).toBeGreaterThan(200)
  await lot.pass(6 * day)
  expect(await listed()).toBe(0)
  await lot.pass(day)
  expect(await listed()).toBeGreaterThan(200)
})

test('a run of some pages ends after them, and the next one goes on', async () => {
  const lot = await setupLot({ options: { offers: { max_pages: 5 } }, world: { eventsPerDay: 0 } })
  const runs = []
  for (let nth = 0; nth < 4; nth++) runs.push(await lot.sync('offers'))
  expect(runs.map(({ state, records, inserted }) => [state, records, inserted])).toEqual([
    ...[
      ['success', 100, 100],
      ['success', 100, 100],
      ['success', 30, 30],
      ['success', 0, 0],
    ],
  ])
  expect(runs.map(({ total }) => total)).toEqual([100, 100, 30, null])
  expect(await lot.verify('offers')).toMatchObject({ wrong: [], rows: 230 })
})

test('days that were missed are made up at once, each event once, and the state says how far', async () => {
  const lot = await setupLot({ world: { untidy: 0.5 } })
  await lot.sync('offers')
  await lot.sync('changes')
  expect(await state(lot)).toEqual([{ date: '2026-11-05', id: expect.any(Number) }])
  await lot.at(noon + 4 * day)
  const before = lot.sim.calls.length
  expect(await lot.sync('changes')).toMatchObject({ state: 'success' })
  const asked = lot.sim.calls.slice(before).map(({ path, query }) => [path.split('/').at(-1), query.change_id])
  expect(asked.every(([method]) => method === 'changes')).toBe(true)
  expect(new Set(asked.map(([, id]) => id)).size).toBe(asked.length)
  expect(await state(lot)).toEqual([{ date: '2026-11-09', id: [...lot.sim.events()].at(-1)!.id }])
  expect(await stored(lot)).toEqual(await books(lot, anchored))
  await expectEvents(lot, anchored)
})

test('a run of two days ends with the last event of the second one', async () => {
  const lot = await setupLot({ options: { changes: { max_dates: 2 } } })
  await lot.sync('offers')
  await lot.at(noon + 3 * day)
  const dates = []
  for (let nth = 0; nth < 3; nth++) {
    await lot.sync('changes')
    const [newest] = await lot.rows<{ date: string }>(
      `select max((created_at at time zone 'UTC')::date)::text as date from che168.events`,
    )
    dates.push([newest!.date, (await state(lot))[0]])
  }
  const id = expect.any(Number)
  expect(dates).toEqual([
    ['2026-11-05', { date: '2026-11-05', id }],
    ['2026-11-07', { date: '2026-11-07', id }],
    ['2026-11-08', { date: '2026-11-08', id }],
  ])
  expect(await stored(lot)).toEqual(await books(lot, anchored))
  await expectEvents(lot, anchored)
})

test('the feed ends in each of the forms that are known, and goes on where it ended', async () => {
  for (const end of ['null', 'absent', 'same', 'mixed'] as const) {
    const lot = await setupLot({ world: { end, eventsPerDay: 40 } })
    await lot.sync('offers')
    for (const days of [0, 1, 1.5]) {
      await lot.at(noon + days * day)
      expect(await lot.sync('changes'), end).toMatchObject({ state: 'success' })
    }
    expect(await stored(lot), end).toEqual(await books(lot, anchored))
    await expectEvents(lot, anchored)
  }
})

test('without a list, changes begin with today; on a day without any, with the day before', async () => {
  const lot = await setupLot()
  await lot.sync('changes')
  const first = lot.sim.calls.map(({ path, query }) => [path.split('/').at(-1), query.date ?? query.change_id])[0]
  expect(first).toEqual(['change_id', '2026-11-05'])
  const [oldest] = await lot.rows<{ at: Date }>('select min(created_at) as at from che168.events')
  expect(oldest!.at.toISOString().slice(0, 10)).toBe('2026-11-05')

  const still = await setupLot({ world: { eventsPerDay: 1 } })
  await still.at(opening + 2 * day + 1)
  await still.sync('changes')
  expect(still.sim.calls.slice(0, 2).map(({ query }) => query.date)).toEqual(['2026-11-04', '2026-11-03'])
  expect(await still.rows('select 1 from che168.events')).toHaveLength(1)
})

test('changes begin where the list began, though its last page has not come yet', async () => {
  const lot = await setupLot({ options: { offers: { max_pages: 2 } } })
  await lot.sync('offers')
  await lot.sync('changes')
  const begun = lot.sim.calls.filter(({ path }) => path.endsWith('/changes'))[0]!
  const [row] = await lot.rows<{ last: number }>(
    `select min(last_change_id)::int as last from che168.raw_data where source = 'initial_load'`,
  )
  expect(Number(begun.query.change_id)).toBe(row!.last + 1)
})

test('the list, changes and single adverts side by side come to the same adverts in the market', async () => {
  const lot = await setupLot({ world: { eventsPerDay: 400 } })
  await lot.finish([...(await lot.want('offers')), ...(await lot.want('changes'))])
  await lot.finish([...(await lot.want('changes')), ...(await lot.want('offer'))])
  const isActive = ({ active_status }: { active_status: number }) => active_status === 0
  expect((await stored(lot)).filter(isActive)).toEqual((await books(lot, anchored)).filter(isActive))
  expect(await lot.verify('changes')).toMatchObject({ wrong: [] })
  expect(await lot.rows(`select count(*)::int as n from sluice.runs where error_code = 'bug'`)).toEqual([{ n: 0 }])
})

test('history that the vendor has forgotten is told, and the alert ends with a new list', async () => {
  const lot = await setupLot({ world: { kept: 30 } })
  await lot.sync('offers')
  await lot.sync('changes')
  expect(await lot.alerts()).toEqual([])
  await lot.at(noon + 3 * day)
  const run = await lot.sync('changes')
  expect(run).toMatchObject({ state: 'success', notice: expect.stringContaining('--list-since 2026-11-09') })
  expect(await lot.alerts()).toMatchObject([
    { code: 'history-lost', level: 'critical', message: run.notice && expect.stringContaining(run.notice) },
  ])
  await lot.sync('offers')
  expect(await lot.alerts()).toHaveLength(1)
  lot.change('offers', { list_since: '2026-11-09' })
  await lot.sync('offers')
  expect(await lot.alerts()).toEqual([])
  expect(await lot.rows('select inner_id from che168.unlisted')).not.toEqual([])
})

test('history that was forgotten while nothing ran is no loss where the list was taken anew first', async () => {
  const lot = await setupLot({ world: { kept: 100 }, options: { offers: { relist_days: 30 } } })
  await lot.sync('offers')
  await lot.sync('changes')
  await lot.at(noon + 40 * day)
  expect((await lot.sync('offers')).records).toBeGreaterThan(0)
  expect(await lot.sync('changes')).toMatchObject({ state: 'success', notice: expect.stringContaining('in the list') })
  expect(await lot.alerts()).toEqual([])
  await lot.sync('offer')
  const isActive = ({ active_status }: { active_status: number }) => active_status === 0
  expect((await stored(lot)).filter(isActive)).toEqual((await books(lot, lot.now())).filter(isActive))
})

test('the alert about lost history does not end with some pages of a list, nor with one that was begun before', async () => {
  const lot = await setupLot({ world: { kept: 30 }, options: { offers: { max_pages: 4 } } })
  await lot.sync('offers')
  await lot.sync('changes')
  await lot.at(noon + 3 * day)
  await lot.sync('changes')
  for (let nth = 0; nth < 2; nth++) expect((await lot.sync('offers')).records).toBeGreaterThan(0)
  expect(await lot.alerts()).toMatchObject([{ code: 'history-lost' }])
  lot.change('offers', { list_since: '2026-11-09' })
  expect((await lot.sync('offers')).records).toBe(80)
  expect(await lot.alerts()).toMatchObject([{ code: 'history-lost' }])
  while ((await lot.sync('offers')).records === 80);
  expect(await lot.alerts()).toEqual([])
})

test('the words of the vendor are a list, and one that it has no more is marked', async () => {
  const lot = await setupLot()
  expect(await lot.sync('filters')).toMatchObject({ state: 'success', quarantined: 0 })
  const kinds = await lot.rows<{ kind: string; words: number }>(
    `select kind, count(*)::int as words from che168.filters where gone_at is null group by kind order by kind`,
  )
  expect(kinds.map(({ kind }) => kind)).toEqual([
    'body_type',
    'color',
    'engine_type',
    'mark',
    'model',
    'transmission_type',
  ])
  expect(await lot.rows(`select value from che168.filters where kind = 'model' and mark = ''`)).toEqual([])
  expect(await lot.verify('filters')).toMatchObject({ wrong: [] })
})

test('operations are told in words of the old log, with their counts', async () => {
  const lot = await setupLot()
  await lot.sync('offers')
  lot.sim.block(true)
  await lot.sync('changes')
  const log = await lot.rows(
    'select stream, operation_type, status, duration, loaded::int, errors::int, details from che168.operations_log order by id',
  )
  expect(log).toMatchObject([
    { stream: 'offers', operation_type: 'data_fetch', status: 'OK', errors: 0, details: 'success' },
    { stream: 'changes', operation_type: 'data_fetch', status: 'ERROR', errors: 1, loaded: 0 },
  ])
})

test('an operation that waits for its next try has no outcome, and is OK when it came to a good end', async () => {
  const lot = await setupLot({ options: { changes: { retries: 2, retry_interval: '12m' } } })
  await lot.sync('offers')
  const fault = lot.sim.faults.add({ kind: 'status', status: 503, match: { path: 'changes' }, times: 1000 })
  const log = () => lot.rows(`select status, errors::int from che168.operations_log where stream = 'changes'`)
  const runs = await lot.want('changes')
  while ((await lot.rows('select 1 from sluice.runs where retries > 0')).length === 0) await lot.pass(1_000)
  expect(await log()).toEqual([{ status: null, errors: 0 }])
  fault.remove()
  expect(await lot.finish(runs)).toMatchObject([{ state: 'success' }])
  expect(await log()).toEqual([{ status: 'OK', errors: 0 }])
})

test('a day on which the feed was nearly dead is shown beside what is usual', async () => {
  const of = (day: number, many: number) => Array.from({ length: many }, (_, nth) => `2026-11-0${day}T0${nth}:00:00Z`)
  const times = [1, 2, 3, 4].flatMap(nth => of(nth, nth === 4 ? 1 : 6))
  const events = times.map((created_at, nth) => ({ id: 100 + nth, inner_id: '1', change_type: 'removed', created_at }))
  const lot = await setupLot({ before: () => scripted({ events, asked: [] }) })
  await lot.sync('changes')
  const days = await lot.rows('select day::text, events, usual, is_quiet from che168.feed_volume order by day')
  expect(days).toEqual([
    { day: '2026-11-01', events: 6, usual: null, is_quiet: null },
    { day: '2026-11-02', events: 6, usual: 6, is_quiet: false },
    { day: '2026-11-03', events: 6, usual: 6, is_quiet: false },
    { day: '2026-11-04', events: 1, usual: 6, is_quiet: true },
    { day: '2026-11-05', events: 0, usual: 6, is_quiet: false },
  ])
})
