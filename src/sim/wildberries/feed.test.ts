import { describe, expect, it } from 'vitest'
import { by, day, hour, minute, noon, type Row, type Visit, visit } from './fixtures/visit.ts'

const path = '/api/analytics/v1/order-feed'
const start = new Date(noon - 31 * day).toISOString()

type Page = { snapshotTime: string; currency: string; orders: Row[] }

async function page({ post }: Visit, body: unknown) {
  return JSON.parse((await post(path, body)).text).data as Page
}

/** Asks as the vendor wants it: the first page without a snapshot, all others with that of the first. */
async function read(there: Visit, limit: number, between = () => {}, filters = {}, since = start) {
  const selectedPeriod = { start: since }
  const first = await page(there, { selectedPeriod, ...filters, pagination: { limit } })
  const orders = [...first.orders]
  for (let last = first.orders; last.length === limit; orders.push(...last)) {
    between()
    const pagination = { limit, offset: orders.length, snapshotTime: first.snapshotTime }
    last = (await page(there, { selectedPeriod, ...filters, pagination })).orders
  }
  return orders
}

describe('the order feed', () => {
  it('has every order with its latest status, the newest status first', async () => {
    const there = visit()
    const orders = await read(there, 10_000)
    expect(by('srid', orders)).toEqual(by('srid', there.truth('feed')))
    expect(orders).toHaveLength(there.truth('feed').length)
    const times = orders.map(({ updatedAt }) => Date.parse(String(updatedAt)))
    expect(times).toEqual(times.toSorted((one, other) => other - one))
    const statuses = new Set(orders.map(({ status }) => status))
    expect(statuses).toEqual(new Set(['created', 'buyout', 'cancel', 'return', 'returnDefective']))
    const types = new Set(orders.filter(({ status }) => status === 'cancel').map(({ cancelType }) => cancelType))
    expect(types).toEqual(new Set(['app', 'receipt', 'expire', 'other']))
    expect(orders.some(row => row.status !== 'cancel' && 'cancelType' in row)).toBe(false)
  })

  it('stands still in a snapshot while the world goes on', async () => {
    const there = visit()
    const since = new Date(noon - 29 * day).toISOString()
    const still = await read(visit(), 10_000, undefined, {}, since)
    const hourLater = () => {
      there.clock.now += hour
    }
    const pages = await read(there, 400, hourLater, {}, since)
    expect(pages).toEqual(still)
    expect(pages).not.toEqual(there.truth('feed', noon))
  })

  it('has the orders that the report of orders does not show yet', () => {
    const { truth } = visit({ late: 0.3 })
    const shown = by('srid', truth('orders'))
    const hidden = truth('feed').filter(({ srid }) => !shown.has(srid))
    expect(hidden.length).toBeGreaterThan(5)
    expect(hidden.every(({ createdAt }) => Date.parse(String(createdAt)) > noon - 21 * hour)).toBe(true)
  })

  it('agrees with the reports of orders and sales', () => {
    const { truth } = visit({ refresh: 0, late: 0 })
    const cancelled = by(
      'srid',
      truth('orders').filter(({ isCancel }) => isCancel),
    )
    const returned = by(
      'srid',
      truth('sales').filter(({ saleID }) => String(saleID).startsWith('R')),
    )
    for (const { srid, status } of truth('feed')) {
      expect(cancelled.has(srid)).toBe(status === 'cancel')
      expect(returned.has(srid)).toBe(status === 'return' || status === 'returnDefective')
    }
  })

  it('hides the vendor’s warehouses once they are masked, and not the seller’s', () => {
    const names = (maskedSince: number) =>
      new Set(
        visit({ maskedSince })
          .truth('feed')
          .map(row => `${row.isMp} ${row.warehouseName}`),
      )
    expect(names(0)).toEqual(new Set(['false Склад WB', 'true Мой склад', 'true Склад у дома']))
    expect(names(Number.POSITIVE_INFINITY)).toContain('false Минск')
  })

  it('takes only goods and brands that are asked for', async () => {
    const there = visit()
    const all = await read(there, 10_000)
    const nmIds = [all[0]!.nmId]
    expect(await read(there, 20, undefined, { nmIds })).toEqual(all.filter(({ nmId }) => nmId === nmIds[0]))
    expect(await read(there, 10_000, undefined, { brandNames: ['none'] })).toEqual([])
    expect(await read(there, 10_000, undefined, { subjectIds: [] })).toEqual(all)
  })

  it('has the statuses of the period alone', async () => {
    const there = visit()
    const [from, to] = [noon - 3 * day, noon - 2 * day]
    const selectedPeriod = { start: new Date(from).toISOString(), end: new Date(to).toISOString() }
    const { orders } = await page(there, { selectedPeriod, pagination: { limit: 10_000 } })
    const wanted = there.truth('feed').filter(({ updatedAt }) => {
      const time = Date.parse(String(updatedAt))
      return time >= from && time <= to
    })
    expect(by('srid', orders)).toEqual(by('srid', wanted))
  })

  it('answers 50 orders unless told otherwise', async () => {
    expect((await page(visit(), { selectedPeriod: { start } })).orders).toHaveLength(50)
  })
})

describe('a later page', () => {
  const selectedPeriod = { start }

  it('needs the snapshot of the first one', async () => {
    const there = visit()
    const { snapshotTime } = await page(there, { selectedPeriod })
    expect(snapshotTime).toBe('2026-11-22T09:00:00Z')
    const later = (body: unknown) => there.post(path, body)
    expect((await later({ selectedPeriod, pagination: { offset: 50 } })).status).toBe(400)
    expect((await later({ selectedPeriod, pagination: { offset: 50, snapshotTime } })).status).toBe(200)
    const other = '2026-11-22T08:59:00Z'
    expect((await later({ selectedPeriod, pagination: { offset: 50, snapshotTime: other } })).status).toBe(400)
  })

  it('is refused when its period has become too old meanwhile', async () => {
    const there = visit()
    const { snapshotTime } = await page(there, { selectedPeriod })
    there.clock.now += minute
    const { status, text } = await there.post(path, { selectedPeriod, pagination: { offset: 50, snapshotTime } })
    expect([status, JSON.parse(text).detail]).toEqual([400, 'selectedPeriod.start: not earlier than 31 days ago'])
  })

  it('is refused with another period or other filters', async () => {
    const there = visit()
    const { snapshotTime } = await page(there, { selectedPeriod })
    const pagination = { offset: 50, snapshotTime }
    const shorter = { start: new Date(noon - 30 * day).toISOString() }
    for (const body of [{ selectedPeriod: shorter }, { selectedPeriod, nmIds: [1] }]) {
      const { status, text } = await there.post(path, { ...body, pagination })
      expect([status, JSON.parse(text).title]).toEqual([400, 'Bad Request'])
    }
  })
})

it.each([
  {},
  { selectedPeriod: {} },
  { selectedPeriod: { start: '2026-11-20' } },
  { selectedPeriod: { start: '2026-11-20T00:00:00' } },
  { selectedPeriod: { start: new Date(noon - 31 * day - minute).toISOString() } },
  { selectedPeriod: { start, end: new Date(noon - 40 * day).toISOString() } },
  { selectedPeriod: { start }, pagination: { limit: 10_001 } },
  { selectedPeriod: { start }, nmIds: Array.from({ length: 1001 }, () => 1) },
])('%j is refused', async body => {
  const { status, text } = await visit().post(path, body)
  expect(status).toBe(400)
  expect(Object.keys(JSON.parse(text)).toSorted()).toEqual(['detail', 'origin', 'requestId', 'title'])
})
