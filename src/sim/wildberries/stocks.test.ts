import { describe, expect, it } from 'vitest'
import { by, day, hour, noon, type Row, visit } from './fixtures/visit.ts'

const wb = '/api/analytics/v1/stocks-report/wb-warehouses'
const own = '/api/analytics/v1/stocks-report/seller-warehouses'

async function items({ post }: ReturnType<typeof visit>, path: string, body: unknown = {}) {
  return JSON.parse((await post(path, body)).text).data.items as Row[]
}

const sum = (rows: readonly Row[], ...fields: string[]) =>
  rows.reduce((total, row) => fields.reduce((part, field) => part + Number(row[field]), total), 0)

/** Supplies and refills come days apart: between two moments without any, stock moves by what is sold alone. */
it('stock moves as the sales do', async () => {
  const there = visit({
    refresh: 0,
    late: 0,
    sellers: [{ name: 'shop', orders: 100, supplyEvery: 1000 * day, own: 0, since: noon - 30 * day }],
  })
  const count = async () => {
    const [stock, orders, sales] = [await items(there, wb), there.truth('orders'), there.truth('sales')]
    const [bought, returned] = ['S', 'R'].map(
      letter => sales.filter(({ saleID }) => String(saleID).startsWith(letter)).length,
    )
    const cancelled = orders.filter(({ isCancel }) => isCancel).length
    return { stock, open: orders.length - cancelled - bought!, bought: bought!, returned: returned! }
  }
  const first = await count()
  expect(sum(first.stock, 'inWayToClient')).toBe(first.open)
  there.clock.now += 3 * day
  const second = await count()
  expect(sum(second.stock, 'inWayToClient')).toBe(second.open)
  const all = ['quantity', 'inWayToClient', 'inWayFromClient']
  const gone = sum(first.stock, ...all) - sum(second.stock, ...all)
  const sold = second.bought - first.bought
  const back = second.returned - first.returned
  expect(sold).toBeGreaterThan(100)
  expect(gone).toBeGreaterThanOrEqual(sold - back)
  expect(gone).toBeLessThanOrEqual(sold)
})

describe('the report of the vendor’s warehouses', () => {
  it('has one masked row a size, and none for what is nowhere', async () => {
    const there = visit()
    const rows = await items(there, wb)
    expect(new Set(rows.map(({ chrtId }) => chrtId)).size).toBe(rows.length)
    expect(rows.every(row => row.warehouseId === -999_999 && row.warehouseName === 'Склад WB')).toBe(true)
    expect(rows.every(row => sum([row], 'quantity', 'inWayToClient', 'inWayFromClient') > 0)).toBe(true)
    expect(new Set(rows.map(({ nmId }) => nmId)).size).toBe(19)
    expect(rows).toEqual(there.truth('stocks'))
  })

  it('named the warehouses before they were masked, with the same sums', async () => {
    const there = visit({ maskedSince: noon + 1 })
    const named = await items(there, wb)
    const masked = await items(visit(), wb)
    expect(named.map(({ warehouseName }) => warehouseName)).toContain('Казань')
    expect(named.length).toBeGreaterThan(masked.length)
    expect(sum(named, 'quantity')).toBe(sum(masked, 'quantity'))
  })

  it('never counts less than nothing', () => {
    const there = visit({ maskedSince: Number.POSITIVE_INFINITY })
    for (let month = 0; month < 12; month++, there.clock.now += 30 * day) {
      const pieces = [...there.truth('stocks'), ...there.truth('sellerStocks')].map(({ quantity }) => Number(quantity))
      expect(Math.min(...pieces)).toBeGreaterThanOrEqual(0)
    }
  })

  it('is paged by limit and offset, and ends with an empty list', async () => {
    const there = visit()
    const whole = await items(there, wb)
    const pages = [await items(there, wb, { limit: 20 }), await items(there, wb, { limit: 1000, offset: 20 })]
    expect(pages.flat()).toEqual(whole)
    expect(await items(there, wb, { offset: 5000 })).toEqual([])
  })

  it('takes goods, and sizes of them', async () => {
    const there = visit()
    const { nmId } = (await items(there, wb)).at(-1)!
    const sizes = await items(there, wb, { nmIds: [nmId] })
    expect(new Set(sizes.map(row => row.nmId))).toEqual(new Set([nmId]))
    const one = await items(there, wb, { nmIds: [nmId], chrtIds: [sizes[0]!.chrtId] })
    expect(one).toEqual([sizes[0]])
    expect((await there.post(wb, { chrtIds: [sizes[0]!.chrtId] })).status).toBe(400)
  })

  it('has no content where there is no stock', async () => {
    expect(await visit().post(wb, { nmIds: [1] })).toMatchObject({ status: 204, text: '' })
  })

  it.each([{ limit: 250_001 }, { offset: -1 }, { nmIds: ['a'] }, { nmIds: Array.from({ length: 1001 }, () => 1) }])(
    'refuses %j',
    async body => {
      const { status, text } = await visit().post(wb, body)
      expect(status).toBe(400)
      expect(Object.keys(JSON.parse(text)).toSorted()).toEqual(['detail', 'origin', 'requestId', 'title'])
    },
  )
})

describe('the seller’s own warehouses', () => {
  it('have a report without what is on the way', async () => {
    const there = visit()
    const rows = await items(there, own)
    expect(rows).toEqual(there.truth('sellerStocks'))
    expect(Object.keys(rows[0]!)).toEqual(['nmId', 'chrtId', 'warehouseId', 'warehouseName', 'regionName', 'quantity'])
    expect(new Set(rows.map(({ warehouseName }) => warehouseName))).toEqual(new Set(['Мой склад', 'Склад у дома']))
  })

  it('are listed, and tell the amounts of sizes asked for, as the report does', async () => {
    const there = visit()
    const warehouses = await there.rows('/api/v3/warehouses')
    const report = await items(there, own)
    for (const { id } of warehouses) {
      const here = report.filter(({ warehouseId }) => warehouseId === id)
      const answer = await there.post(`/api/v3/stocks/${id}`, { chrtIds: [7, ...here.map(({ chrtId }) => chrtId)] })
      const amounts = by('chrtId', JSON.parse(answer.text).stocks)
      expect(amounts.size).toBe(here.length)
      for (const { chrtId, quantity } of here) expect(amounts.get(chrtId)).toEqual({ chrtId, amount: quantity })
    }
  })

  it('are refused in the shape of the marketplace', async () => {
    const { post } = visit()
    const wrong = await post('/api/v3/stocks/660001', { chrtIds: ['x'] })
    expect([wrong.status, JSON.parse(wrong.text)]).toEqual([
      400,
      { code: 'IncorrectParameter', message: 'IncorrectParameter' },
    ])
    expect(await post('/api/v3/stocks/5', { chrtIds: [1] })).toMatchObject({ status: 404 })
  })

  it('change when an order is placed, not when the report is refreshed', async () => {
    const there = visit()
    const ids = there.truth('sellerStocks').map(({ chrtId }) => chrtId)
    const amounts = () => there.post('/api/v3/stocks/660001', { chrtIds: ids })
    const first = (await amounts()).text
    there.clock.now += 29 * 60_000
    const report = there.truth('sellerStocks')
    there.clock.now -= 29 * 60_000
    expect(report).toEqual(there.truth('sellerStocks'))
    there.clock.now += 12 * hour
    expect((await amounts()).text).not.toBe(first)
  })
})
