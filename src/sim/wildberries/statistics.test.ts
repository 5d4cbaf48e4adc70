import { describe, expect, it } from 'vitest'
import { by, day, hour, minute, noon, visit, walk } from './fixtures/visit.ts'
import { local } from './moscow.ts'

describe.each([
  ['orders', 'srid'],
  ['sales', 'saleID'],
] as const)('the report of %s', (report, key) => {
  it('gives everything to a walk by the last change, page by page', async () => {
    const there = visit({ pageRows: 500 })
    const { held, pages } = await walk(there, report)
    expect(pages).toBeGreaterThan(10)
    expect(held).toEqual(by(key, there.truth(report)))
  })

  it('comes in the order of lastChangeDate, the rows of the bound included', async () => {
    const { rows } = visit({ pageRows: 500 })
    const page = await rows(`/api/v1/supplier/${report}?dateFrom=2026-10-01`)
    const changes = page.map(row => row.lastChangeDate as string)
    expect(changes).toEqual(changes.toSorted())
    const again = await rows(`/api/v1/supplier/${report}?dateFrom=${changes.at(-1)}`)
    expect(again[0]!.lastChangeDate).toBe(changes.at(-1))
    expect(again.map(row => row[key])).toContain(page.at(-1)![key])
  })

  it('often ends a page within the rows of one second', async () => {
    const there = visit({ pageRows: 50 })
    const changes = new Map<unknown, number>()
    for (const { lastChangeDate } of there.truth(report))
      changes.set(lastChangeDate, (changes.get(lastChangeDate) ?? 0) + 1)
    expect(Math.max(...changes.values())).toBeGreaterThan(3)
    expect([...changes.values()].filter(count => count > 1).length).toBeGreaterThan(500)
  })

  it('brings what changed in ten days to a collector that asks every few hours', async () => {
    const there = visit()
    const began = there.clock.now
    const { held, cursor } = await walk(there, report)
    const before = new Map(held)
    for (let at = cursor, end = began + 10 * day; there.clock.now < end; there.clock.now += 7 * hour)
      at = (await walk(there, report, at, held)).cursor
    there.clock.now -= 7 * hour
    expect(held).toEqual(by(key, there.truth(report, began)))
    const changed = [...before].filter(([id, row]) => held.get(id)!.lastChangeDate !== row.lastChangeDate)
    expect(changed.length).toBeGreaterThan(20)
  })

  it('knows the world as it was at the last half hour', async () => {
    const { rows, clock } = visit()
    const ask = () => rows(`/api/v1/supplier/${report}?dateFrom=2026-11-20`)
    const first = await ask()
    clock.now += 29 * minute
    expect(await ask()).toEqual(first)
    clock.now += 3 * hour
    expect((await ask()).length).toBeGreaterThan(first.length)
  })

  it('keeps an order 90 days from its date', async () => {
    const there = visit({ sellers: [{ name: 'shop', orders: 20, since: noon - 200 * day }] })
    const { held } = await walk(there, report)
    const oldest = [...held.values()].map(({ gNumber }) => gNumber as string).toSorted()[0]!
    expect(held).toEqual(by(key, there.truth(report)))
    expect(Math.abs(Number(oldest.slice(-10)) - 110 * 20)).toBeLessThan(8)
  })

  it('gives with flag 1 all rows of a day in Moscow, whatever the cap of a page and the time of day', async () => {
    const { rows, truth } = visit({ pageRows: 10 })
    const page = await rows(`/api/v1/supplier/${report}?dateFrom=2026-11-18T13:00:00&flag=1`)
    const all = truth(report).filter(({ date }) => String(date).startsWith('2026-11-18'))
    expect(by(key, page)).toEqual(by(key, all))
    expect(page.length).toBeGreaterThan(60)
  })

  it('stands still where more rows than a page holds changed at one moment', async () => {
    const update = noon - 5 * day
    const there = visit({ pageRows: 500, updates: [update] })
    const at = new Date(update + 3 * hour).toISOString().slice(0, 19)
    const page = await there.rows(`/api/v1/supplier/${report}?dateFrom=${at}`)
    expect(page).toHaveLength(500)
    expect(page.at(-1)!.lastChangeDate).toBe(at)
    const days = Array.from({ length: 91 }, (_, back) => new Date(noon - back * day).toISOString().slice(0, 10))
    const daily = await Promise.all(days.map(date => there.rows(`/api/v1/supplier/${report}?dateFrom=${date}&flag=1`)))
    expect(by(key, daily.flat())).toEqual(by(key, there.truth(report)))
  })
})

it('an order may appear hours after its date, and its last change is not before it appeared', () => {
  const there = visit({ late: 0.5, refresh: 0 })
  const before = by('srid', there.truth('orders'))
  const asked = local(there.clock.now)
  there.clock.now += 20 * hour
  const late = there.truth('orders').filter(({ date, srid }) => String(date) <= asked && !before.has(srid))
  expect(late.length).toBeGreaterThan(10)
  expect(late.every(({ lastChangeDate }) => String(lastChangeDate) > asked)).toBe(true)
})

it('a sale has no money for some hours, and then it has', () => {
  const there = visit({ refresh: 0 })
  const unsettled = there.truth('sales').filter(({ forPay }) => forPay === 0)
  expect(unsettled.length).toBeGreaterThan(5)
  expect(unsettled.every(({ finishedPrice, priceWithDisc }) => finishedPrice === 0 && priceWithDisc === 0)).toBe(true)
  there.clock.now += 24 * hour
  const settled = by('saleID', there.truth('sales'))
  for (const { saleID, lastChangeDate } of unsettled) {
    expect(settled.get(saleID)).toMatchObject({ forPay: expect.toSatisfy(sum => (sum as number) > 0) })
    expect(String(settled.get(saleID)!.lastChangeDate) > String(lastChangeDate)).toBe(true)
  }
})

it('a cancelled order comes again with its day, and a returned sale as a second row of the same order', () => {
  const { truth } = visit()
  const orders = by('srid', truth('orders'))
  const cancelled = [...orders.values()].filter(({ isCancel }) => isCancel)
  expect(cancelled.length).toBeGreaterThan(500)
  expect(cancelled.every(({ cancelDate, date }) => String(cancelDate) > String(date))).toBe(true)
  const sales = truth('sales')
  const sold = new Set(sales.filter(({ saleID }) => String(saleID).startsWith('S')).map(({ srid }) => srid))
  const returned = sales.filter(({ saleID }) => String(saleID).startsWith('R'))
  expect(returned.length).toBeGreaterThan(100)
  expect(returned.every(({ srid }) => sold.has(srid))).toBe(true)
  expect(cancelled.some(({ srid }) => sold.has(srid))).toBe(false)
})

describe('the question', () => {
  it.each([
    ['', { errors: ['dateFrom: field required'] }],
    ['dateFrom=', { errors: 'dateFrom: Value not validated' }],
    ['dateFrom=yesterday', { errors: 'dateFrom: Value not validated' }],
    ['dateFrom=2026-02-30', { errors: 'dateFrom: Value not validated' }],
    ['dateFrom=2026-11-20&flag=2', { errors: 'flag: Value not validated' }],
  ])('?%s is refused', async (query, body) => {
    const { status, text } = await visit().get(`/api/v1/supplier/orders?${query}`)
    expect({ status, body: JSON.parse(text) }).toEqual({ status: 400, body })
  })

  it.each([
    '2026-11-20',
    '2026-11-20T00:00:00',
    '2026-11-20T00:00:00.12345',
    '2026-11-19T21:00:00Z',
    '2026-11-20T00:00:00%2B03:00',
  ])('takes %s for a time in Moscow', async dateFrom => {
    const { rows } = visit()
    const page = await rows(`/api/v1/supplier/orders?dateFrom=${dateFrom}`)
    expect(String(page[0]!.lastChangeDate)).toMatch(/^2026-11-20T00:/)
  })

  it('ends with an empty list where nothing changed since, and at the last row only when asked to', async () => {
    const last = visit()
      .truth('orders')
      .map(({ lastChangeDate }) => String(lastChangeDate))
      .toSorted()
      .at(-1)
    const path = `/api/v1/supplier/orders?dateFrom=${last}`
    expect(await visit().rows('/api/v1/supplier/orders?dateFrom=2099-01-01')).toEqual([])
    expect((await visit().rows(path)).length).toBeGreaterThan(0)
    expect(await visit({ ends: 'empty' }).rows(path)).toEqual([])
  })

  it.each(['incomes', 'stocks'])('finds the method %s gone', async name => {
    const { status, text } = await visit().get(`/api/v1/supplier/${name}?dateFrom=2026-01-01`)
    expect(status).toBe(404)
    expect(JSON.parse(text)).toMatchObject({ title: 'Not Found', detail: 'not found', origin: 'api-statistics' })
  })
})
