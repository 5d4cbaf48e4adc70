import { expect, it } from 'vitest'
import { changes, day, hour, type Loose, offers, opening, type Visit, visit } from './fixtures/visit.ts'

type Row = { data: Loose; isActive: boolean; lastId: number | null; change: string; at: number }

const aliases: Record<string, string> = { mileage: 'km_age' }

/** What the vendor's documents ask of a collector: rows of the list, then events in the order of their ids. */
function collect(rows: Loose[], events: Loose[]): Map<string, Row> {
  const held = new Map<string, Row>()
  for (const { inner_id, created_at, data } of rows)
    held.set(inner_id, { data, isActive: true, lastId: null, change: 'added', at: Date.parse(created_at) })
  for (const { id, inner_id, change_type, created_at, data } of events) {
    const old = held.get(inner_id)?.data ?? {}
    const merged = change_type === 'added' ? data : change_type === 'changed' ? { ...old, ...renamed(data) } : old
    const row = { lastId: id, change: change_type, at: Date.parse(created_at) }
    held.set(inner_id, { ...row, data: merged, isActive: change_type !== 'removed' })
  }
  return held
}

function renamed(data: Loose) {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => {
      const bare = name.replace(/^new_/, '')
      return [aliases[bare] ?? bare, value]
    }),
  )
}

/** The types that are meant, read from the ones that came. */
function strict(field: string, value: Loose, meant: unknown): unknown {
  if (value === undefined || value === null || value === '') return null
  if (typeof meant === 'number') return Number(value)
  if (typeof meant === 'boolean') return value === true || value === 'true'
  return field === 'images' && typeof value === 'string' ? JSON.parse(value) : value
}

function compare(market: Visit, held: Map<string, Row>, since: number) {
  const truth = [...market.vendor.truth(market.clock.now, since)]
  expect([...held.keys()].toSorted()).toEqual(truth.map(({ innerId }) => innerId).toSorted())
  for (const { innerId, data, broken: _, car: __, ...meant } of truth) {
    const { data: sent, ...state } = held.get(innerId)!
    expect(state, innerId).toEqual(meant)
    expect(sent).toEqual(market.vendor.sent(innerId))
    for (const [field, value] of Object.entries(data)) expect(strict(field, sent[field], value), field).toEqual(value)
  }
  return truth
}

it('holds what a collector holds that loads while the market stands still and then reads the feed', async () => {
  const market = visit({ adverts: 500, eventsPerDay: 150 })
  market.clock.now += day
  const { change_id } = await market.get('change_id?date=2026-11-19')
  const [since, before] = [market.clock.now, [...market.vendor.events()].length]
  const rows = await offers(market)
  market.clock.now += 5 * day
  const events = (await changes(market, change_id)).filter(({ id }) => id >= 8_350_524 + before)
  const truth = compare(market, collect(rows, events), since)
  expect(truth.filter(({ isActive }) => !isActive).length).toBeGreaterThan(100)
  expect(truth.filter(({ lastId }) => lastId === null).length).toBeGreaterThan(100)
})

it('holds what the feed alone tells of a market from its opening, when pages are read beforehand', async () => {
  const market = visit({ untidy: 0.5, end: 'mixed' })
  const rows = await offers(market)
  market.clock.now += 4 * day
  const events = new Map((await changes(market, 8_350_524)).map(event => [event.id, event]))
  compare(
    market,
    collect(
      rows,
      [...events.values()].toSorted((one, other) => one.id - other.id),
    ),
    opening,
  )
})

it('agrees with a load during which adverts came and went, but for those that slipped by', async () => {
  const market = visit({ adverts: 400, eventsPerDay: 2_400 })
  const rows = await offers(market, '', () => {
    market.clock.now += hour / 10
  })
  const held = collect(rows, await changes(market, 8_350_524))
  let slipped = 0
  for (const { innerId, isActive, lastId } of market.vendor.truth(market.clock.now, opening)) {
    const row = held.get(innerId)
    if (row === undefined) slipped++
    else expect({ isActive: row.isActive, lastId: row.lastId }).toEqual({ isActive, lastId })
    if (row && lastId === null) expect(row.data).toEqual(market.vendor.sent(innerId))
  }
  expect(slipped).toBeGreaterThan(0)
  expect(slipped).toBeLessThan(30)
})

it('tells which field of which advert cannot be read, one in as many as were asked for', async () => {
  const market = visit({ adverts: 2_000, broken: 50 })
  const truth = [...market.vendor.truth()]
  const broken = truth.filter(row => row.broken !== null)
  expect(broken.length / 2_000).toBeCloseTo(1 / 50, 2)
  for (const { innerId, broken: spoiled, data } of broken) {
    const sent = await market.get(`offer?inner_id=${innerId}`)
    expect(sent[spoiled!.field]).toEqual(spoiled!.value)
    expect((data as Loose)[spoiled!.field]).toBeNull()
  }
  expect(new Set(broken.map(row => row.broken!.field)).size).toBeGreaterThan(5)
})

it('tells events by the ids asked for', () => {
  const { vendor, clock } = visit()
  clock.now += day
  const ids = [...vendor.events(8_350_530, 8_350_533)].map(({ id }) => id)
  expect(ids).toEqual([8_350_530, 8_350_531, 8_350_532, 8_350_533])
  expect([...vendor.events(8_360_000)]).toEqual([])
})

it('says null of what is sent about an advert that there never was', () => {
  expect(visit().vendor.sent('43500000')).toBeNull()
})
