import { expect, it } from 'vitest'
import { day, hour, offers, opening, visit } from './fixtures/visit.ts'

it('gives all active adverts in pages of twenty and tells no total', async () => {
  const market = visit({ adverts: 107 })
  const rows = await offers(market)
  expect(new Set(rows.map(({ inner_id }) => inner_id)).size).toBe(107)
  expect(await market.get('offers?page=1')).toMatchObject({ meta: { page: 1, next_page: 2, limit: 20 } })
  expect((await market.get('offers?page=6')).meta).toEqual({ page: 6, next_page: null, limit: 20 })
  expect(await market.get('offers?page=7')).toEqual({ result: [], meta: { page: 7, next_page: null, limit: 20 } })
})

it('ends with a full page where the adverts are a multiple of twenty', async () => {
  const { get } = visit()
  const { result, meta } = await get('offers?page=5')
  expect(result).toHaveLength(20)
  expect(meta.next_page).toBeNull()
})

it('is the same market for the same seed and time, and another one for another seed', async () => {
  const [one, same, other] = [visit(), visit(), visit({ seed: 2 })]
  one.clock.now = same.clock.now = opening + 5 * day
  await other.get('offers?page=1')
  await one.get('changes?change_id=8350524')
  expect((await one.ask('offers?page=2')).text).toBe((await same.ask('offers?page=2')).text)
  expect((await one.ask('offers?page=2')).text).not.toBe((await other.ask('offers?page=2')).text)
})

it('is what it was when the clock goes back', async () => {
  const market = visit()
  const before = (await market.ask('offers?page=1')).text
  market.clock.now += 3 * day
  expect((await market.ask('offers?page=1')).text).not.toBe(before)
  market.clock.now = opening
  expect((await market.ask('offers?page=1')).text).toBe(before)
})

it('drifts while it is read: removed adverts let others slip by, and new ones push some into the next page', async () => {
  const market = visit({ adverts: 400, eventsPerDay: 2_400 })
  const rows = await offers(market, '', () => {
    market.clock.now += hour / 10
  })
  const seen = new Set(rows.map(({ inner_id }) => inner_id))
  expect(seen.size).toBeLessThan(rows.length)
  const [start, end] = [market.vendor.truth(opening, opening), market.vendor.truth(market.clock.now, market.clock.now)]
  const throughout = new Set([...end].map(({ innerId }) => innerId)).intersection(
    new Set([...start].map(({ innerId }) => innerId)),
  )
  expect([...throughout].filter(id => !seen.has(id)).length).toBeGreaterThan(0)
})

it.each(['first', 'last'] as const)('puts new adverts %s', async newest => {
  const market = visit({ newest })
  market.clock.now += hour * 6
  const added = [...market.vendor.events()].filter(({ change }) => change === 'added').map(({ innerId }) => innerId)
  const active = new Set([...market.vendor.truth()].filter(({ isActive }) => isActive).map(({ innerId }) => innerId))
  const still = added.filter(id => active.has(id))
  const ids = (await offers(market)).map(({ inner_id }) => inner_id)
  const ends = newest === 'first' ? ids.slice(0, still.length).toReversed() : ids.slice(-still.length)
  expect(still.length).toBeGreaterThan(5)
  expect(ends).toEqual(still)
})

it('calls adverts by keys of digits and shows as id a number that is no event', async () => {
  const rows = await offers(visit())
  for (const { id, inner_id, data } of rows) {
    expect(Number(inner_id)).toBeGreaterThanOrEqual(43_500_000)
    expect(Number(inner_id)).toBeLessThan(60_000_000)
    expect(data).toMatchObject({ id, inner_id })
  }
  const ids = rows.map(({ id }) => id)
  expect(ids).not.toEqual(ids.toSorted((one, other) => one - other))
  expect(new Set(ids).size).toBe(100)
  expect(Math.min(...ids)).toBeLessThan(8_350_524)
  expect(Math.max(...ids)).toBeGreaterThan(8_350_524)
})

it('filters by mark whatever the case, by year and by price, and takes no notice of names that it does not know', async () => {
  const market = visit({ adverts: 300 })
  const truth = [...market.vendor.truth()]
  const ids = async (filter: string) => (await offers(market, filter)).map(({ inner_id }) => inner_id).toSorted()
  const those = (test: (row: (typeof truth)[number]) => boolean) =>
    truth
      .filter(test)
      .map(({ innerId }) => innerId)
      .toSorted()
  const marked = await ids('&mark=mercedes-BENZ')
  expect(marked).toEqual(those(({ car }) => car.mark === 'Mercedes-Benz'))
  expect(marked.length).toBeGreaterThan(40)
  expect(await ids('&year_from=2015&year_to=2018&price_to=200000')).toEqual(
    those(({ car, data }) => car.year >= 2015 && car.year <= 2018 && data.price <= 200_000),
  )
  expect(await ids('&brand=BMW&mileage_from=1')).toHaveLength(300)
})

it('does not know an advert in /offer that was removed or never was', async () => {
  const market = visit()
  const [row] = (await market.get('offers?page=1')).result
  expect(await market.get(`offer?inner_id=${row.inner_id}`)).toEqual(row.data)
  expect((await market.ask('offer?inner_id=43500000')).status).toBe(404)
  expect((await market.ask('offer?inner_id=99999999')).status).toBe(404)
  market.clock.now += day
  const gone = [...market.vendor.truth()].find(({ isActive }) => !isActive)!
  expect(await market.ask(`offer?inner_id=${gone.innerId}`)).toMatchObject({
    status: 404,
    text: '{"message":"Not found"}',
  })
})

it('wraps the advert of /offer, and keeps the vin for it, where that is its manner', async () => {
  const { get } = visit({ wrapped: true, vinListed: false })
  const [row] = (await get('offers?page=1')).result
  const { data } = await get(`offer?inner_id=${row.inner_id}`)
  expect(row.data).not.toHaveProperty('vin')
  expect(data).toMatchObject({ ...row.data, vin: expect.any(String) })
})

it.each(['offers', 'offers?page=0', 'offers?page=x', 'changes', 'change_id?date=2026-02-30', 'offer?inner_id=x'])(
  'finds fault with %s',
  async path => {
    const { status, text } = await visit().ask(path)
    expect(status).toBe(422)
    expect(JSON.parse(text)).toMatchObject({ message: 'Validation failed', errors: [expect.any(String)] })
  },
)

it('lists marks with their models, and values in the language of the account', async () => {
  const [ru, en] = [await visit({ language: 'ru' }).get('filters'), await visit({ language: 'en' }).get('filters')]
  expect(ru.mark.BMW.model).toContain('X3')
  expect(ru.color).toContain('Белый')
  expect(ru).not.toHaveProperty('drive_type')
  expect(en.color).toContain('White')
  expect(en.drive_type).toContain('AWD (dual-motor)')
})
