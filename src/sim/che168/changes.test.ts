import { expect, it } from 'vitest'
import { changes, day, hour, opening, visit } from './fixtures/visit.ts'

const first = 8_350_524

it('tells dense ids from the one asked for, that one included, to the head of the feed', async () => {
  const market = visit()
  market.clock.now += 2 * day
  const ids = (await changes(market, first)).map(({ id }) => id)
  expect(ids).toEqual(Array.from(ids, (_, nth) => first + nth))
  expect(ids).toHaveLength([...market.vendor.events()].length)
  expect(await market.get(`changes?change_id=${first + 7}`)).toMatchObject({
    result: { 0: { id: first + 7 }, length: 20 },
    meta: { cur_change_id: first + 7, next_change_id: first + 27, limit: 20 },
  })
})

it('says the same of an event whenever it is asked', async () => {
  const market = visit()
  market.clock.now += day / 2
  const before = await changes(market, first)
  market.clock.now += 5 * day
  expect((await changes(market, first)).slice(0, before.length)).toEqual(before)
})

it.each([
  ['null', { next_change_id: null, limit: 20 }, { next_change_id: null, limit: 20 }],
  ['absent', { next_change_id: 'head', limit: 20 }, {}],
  ['same', { next_change_id: 'head', limit: 20 }, { next_change_id: 'head', limit: 20 }],
] as const)('ends with %s as it is told to', async (end, last, empty) => {
  const market = visit({ end })
  market.clock.now += day
  const head = first + [...market.vendor.events()].length
  const meant = (meta: object) => JSON.parse(JSON.stringify(meta).replace('"head"', String(head)))
  const page = await market.get(`changes?change_id=${head - 3}`)
  expect(page.result).toHaveLength(3)
  expect(page.meta).toEqual({ cur_change_id: head - 3, ...meant(last) })
  expect(await market.get(`changes?change_id=${head}`)).toEqual({
    ...{ result: [], meta: { cur_change_id: head, ...meant(empty) } },
  })
})

it('ends in all three ways where it is mixed, so that the end of the feed is another one each time', async () => {
  const market = visit({ end: 'mixed' })
  const forms = new Set<string>()
  for (let id = first; id < first + 40; id++) {
    const { meta } = await market.get(`changes?change_id=${id}`)
    forms.add(!('next_change_id' in meta) ? 'absent' : meta.next_change_id === null ? 'null' : 'same')
  }
  expect([...forms].toSorted()).toEqual(['absent', 'null', 'same'])
})

it('answers from the oldest event that is kept, and does not say so', async () => {
  const market = visit({ kept: 50 })
  market.clock.now += 2 * day
  const count = [...market.vendor.events()].length
  const { result, meta } = await market.get('changes?change_id=0')
  expect(result[0].id).toBe(first + count - 50)
  expect(meta).toEqual({ cur_change_id: 0, next_change_id: first + count - 30, limit: 20 })
  expect(await market.get('change_id?date=2026-11-19')).toEqual({ change_id: first + count - 50 })
})

it('knows the first event of a date by the day of its zone', async () => {
  const ids = []
  for (const zone of ['utc', 'msk'] as const) {
    const market = visit({ zone })
    market.clock.now += 3 * day
    const { change_id } = await market.get('change_id?date=2026-11-20')
    const begins = opening + day - (zone === 'msk' ? 3 * hour : 0)
    const [before, at] = [...market.vendor.events(change_id - 1, change_id)]
    expect(Math.floor(at!.at / 1000)).toBeGreaterThanOrEqual(begins / 1000)
    expect(before!.at).toBeLessThan(begins)
    ids.push(change_id)
  }
  expect(ids[1]).toBeLessThan(ids[0])
})

it('knows no event of a date that is still to come, nor of a day on which nothing has happened yet', async () => {
  const market = visit()
  market.clock.now += day
  expect(await market.get('change_id?date=2026-11-25')).toEqual({ change_id: null })
  expect(await market.get('change_id?date=2026-11-20')).toEqual({ change_id: null })
  expect(await market.get('change_id?date=2020-01-01')).toEqual({ change_id: first })
})

it('brings whole adverts when they are added, new values alone when they change, and nothing when they go', async () => {
  const market = visit()
  market.clock.now += 10 * day
  const events = await changes(market, first)
  const of = (type: string) => events.filter(({ change_type }) => change_type === type)
  for (const { inner_id, data } of of('added')) expect(data).toMatchObject({ inner_id, url: expect.any(String) })
  const names = new Map<string, number>()
  for (const { data } of of('changed')) {
    const name = Object.keys(data).toSorted().join()
    names.set(name, (names.get(name) ?? 0) + 1)
  }
  expect([...names.keys()].toSorted()).toEqual([
    ...['new_description', 'new_km_age', 'new_km_age,new_price', 'new_mileage', 'new_price'],
  ])
  expect(names.get('new_price')! / of('changed').length).toBeGreaterThan(0.85)
  const forms = new Set(of('removed').map(event => ('data' in event ? JSON.stringify(event.data) : 'none')))
  expect([...forms].toSorted()).toEqual(['none', '{}'])
})

it('keeps the size of the market about stable, and adds again what had gone', () => {
  const { vendor, clock } = visit({ adverts: 1_000, eventsPerDay: 600 })
  clock.now += 30 * day
  const counts = { added: 0, changed: 0, removed: 0 }
  const seen = new Set([...vendor.truth(opening)].map(({ innerId }) => innerId))
  let again = 0
  for (const { innerId, change } of vendor.events()) {
    counts[change]++
    if (change === 'added' && seen.has(innerId)) again++
    seen.add(innerId)
  }
  const active = [...vendor.truth()].filter(({ isActive }) => isActive).length
  expect(active - 1_000).toBe(counts.added - counts.removed)
  expect(Math.abs(active - 1_000)).toBeLessThan(80)
  expect(counts.changed / 18_000).toBeCloseTo(0.45, 1)
  expect(again / counts.added).toBeCloseTo(0.2, 1)
})

it('says nothing while it is dead, and then all at once', async () => {
  const market = visit({ quiet: [{ from: opening + day, to: opening + 3 * day }] })
  const count = async () => (await changes(market, first)).length
  market.clock.now += day
  const before = await count()
  market.clock.now += day
  expect([await count(), before]).toEqual([before, 200])
  market.clock.now += day
  expect(await count()).toBe(600)
  expect(await market.get('change_id?date=2026-11-21')).toEqual({ change_id: first + 400 })
})

it('tells times in UTC and in Moscow, with ms and without', async () => {
  const market = visit()
  market.clock.now += 2 * day
  const events = await changes(market, first)
  const forms = new Set(events.map(({ created_at }) => created_at.replace(/\d/g, '0')))
  expect([...forms].toSorted()).toEqual([
    '0000-00-00T00:00:00+00:00',
    '0000-00-00T00:00:00.000+00:00',
    '0000-00-00T00:00:00.000Z',
    '0000-00-00T00:00:00Z',
  ])
  expect(events.map(({ created_at }) => Date.parse(created_at))).toEqual(
    [...market.vendor.events()].map(({ at }) => at),
  )
})

it('repeats events and tells them in reverse where it is untidy, and leaves none out', async () => {
  const [tidy, untidy] = [visit(), visit({ untidy: 1 })]
  tidy.clock.now = untidy.clock.now = opening + 2 * day
  const [plain, mess] = [await changes(tidy, first), await changes(untidy, first)]
  expect(mess.length).toBe(plain.length + Math.ceil(plain.length / 20))
  expect(mess[0].id).toBeGreaterThan(mess[1].id)
  const byId = new Map(mess.map(event => [event.id, event]))
  expect([...byId.values()].toSorted((one, other) => one.id - other.id)).toEqual(plain)
  const late = mess.filter((event, nth) => mess.slice(0, nth - 20).some(({ id }) => id === event.id))
  expect(late.length).toBeGreaterThan(0)
})
