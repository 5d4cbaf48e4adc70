import { describe, expect, it } from 'vitest'
import { by, day, hour, noon, type Row, type Visit, visit } from './fixtures/visit.ts'

const list = '/api/v1/supplies'
const world = { sellers: [{ name: 'shop', goods: 20, orders: 100, supplyEvery: 3 * hour, since: noon - 20 * day }] }

async function listed({ post }: Visit, body: unknown = {}, query = '') {
  return JSON.parse((await post(`${list}${query}`, body)).text) as Row[]
}

const told = ({ text, status, headers }: { text: string; status: number; headers: Headers }) => ({
  status,
  type: headers.get('content-type'),
  ...JSON.parse(text),
})

describe('the list of supplies', () => {
  it('tells every supply in its present state, the newest first', async () => {
    const there = visit(world)
    const rows = await listed(there)
    const created = rows.map(({ createDate }) => String(createDate))
    expect(rows).toEqual([...there.truth('supplies')].reverse())
    expect(created).toEqual(created.toSorted().reverse())
    expect(new Set(rows.map(({ statusID }) => statusID))).toEqual(new Set([1, 2, 3, 4, 5, 6]))
    expect(rows.every(({ phone }) => /^\+7 9/.test(String(phone)))).toBe(true)
  })

  it('has preorders without a supplyID, which get one later, and virtual supplies without a preorder', async () => {
    const there = visit(world)
    const preorders = (await listed(there)).filter(({ supplyID }) => supplyID === null)
    expect(preorders.length).toBeGreaterThan(3)
    expect(preorders.every(row => row.statusID === 1 && row.updatedDate === null)).toBe(true)
    there.clock.now += 5 * day
    const later = by('preorderID', await listed(there))
    const planned = preorders
      .map(({ preorderID }) => later.get(preorderID)!)
      .filter(({ supplyID }) => supplyID !== null)
    expect(planned.length).toBeGreaterThan(0)
    expect(planned.length).toBeLessThan(preorders.length)
    expect(
      (await listed(there)).some(row => row.preorderID === 0 && row.boxTypeID === 0 && row.supplyID !== null),
    ).toBe(true)
  })

  it('is filtered by days of Moscow and by status, both together', async () => {
    const there = visit(world)
    const all = await listed(there)
    const dates = [{ from: '2026-11-15', till: '2026-11-18', type: 'updatedDate' }]
    const dayOf = ({ updatedDate }: Row) => String(updatedDate).slice(0, 10)
    const wanted = all.filter(row => dayOf(row) >= '2026-11-15' && dayOf(row) <= '2026-11-18')
    expect(wanted.length).toBeGreaterThan(3)
    expect(await listed(there, { dates })).toEqual(wanted)
    expect(await listed(there, { dates, statusIDs: [5] })).toEqual(wanted.filter(({ statusID }) => statusID === 5))
  })

  it('is paged by limit and offset, and without a filter ends after a thousand', async () => {
    const there = visit({ sellers: [{ name: 'shop', goods: 2, supplyEvery: hour / 2, since: noon - 60 * day }] })
    const pages = [await listed(there, {}, '?limit=600'), await listed(there, {}, '?limit=600&offset=600')]
    expect(pages.map(page => page.length)).toEqual([600, 400])
    expect(new Set(pages.flat().map(({ createDate }) => createDate)).size).toBe(1000)
    const all = { dates: [{ from: '2026-01-01', type: 'createDate' }] }
    expect(await listed(there, all, '?offset=2000')).toHaveLength(there.truth('supplies').length - 2000)
  })

  it.each([
    ['?offset=a', {}],
    ['?limit=1001', {}],
    ['', { dates: [{ from: '2026-11-15T00:00:00Z', type: 'createDate' }] }],
    ['', { dates: [{ from: '15.11.2026', type: 'createDate' }] }],
    ['', { dates: [{ type: 'closeDate' }] }],
    ['', { statusIDs: [7] }],
  ])('refuses %s %j', async (query, body) => {
    const answer = told(await visit(world).post(`${list}${query}`, body))
    expect(answer).toMatchObject({ status: 400, title: 'bad request', origin: 'supply-api' })
    expect(answer.detail).toMatch(/^Неверный формат/)
  })
})

describe('one supply', () => {
  it('is told by its supplyID, and a preorder by its own id', async () => {
    const there = visit(world)
    for (const truth of there.truth('supplyDetails')) {
      const { supplyID, preorderID, ...details } = truth
      const path = supplyID === null ? `${list}/${preorderID}?isPreorderID=true` : `${list}/${supplyID}`
      expect(JSON.parse((await there.get(path)).text)).toEqual(details)
    }
  })

  it('has its goods, page by page, which add up to what it says', async () => {
    const there = visit(world)
    const goods = there.truth('supplyGoods')
    for (const { supplyID, quantity, acceptedQuantity } of there.truth('supplyDetails')) {
      if (supplyID === null) continue
      const pages = [0, 7, 14, 21, 28, 35, 42].map(offset => `${list}/${supplyID}/goods?limit=7&offset=${offset}`)
      const rows = (await Promise.all(pages.map(there.rows))).flat()
      expect(rows).toEqual(
        goods.filter(row => row.supplyID === supplyID).map(({ supplyID, preorderID, ...row }) => row),
      )
      expect(rows.reduce((sum, row) => sum + Number(row.quantity), 0)).toBe(quantity)
      expect(rows.reduce((sum, row) => sum + Number(row.acceptedQuantity), 0)).toBe(acceptedQuantity)
    }
  })

  it('is accepted over time, sometimes with a piece missing', () => {
    const { truth } = visit(world)
    const statuses = by('supplyID', truth('supplies'))
    const goods = truth('supplyGoods').filter(({ supplyID }) => supplyID !== null)
    const of = (status: number) => goods.filter(({ supplyID }) => statuses.get(supplyID)!.statusID === status)
    expect([of(2).length, of(4).length]).not.toContain(0)
    expect(of(2).every(row => row.acceptedQuantity === 0 && row.readyForSaleQuantity === 0)).toBe(true)
    expect(of(4).every(row => Number(row.acceptedQuantity) < Number(row.quantity))).toBe(true)
    const missing = of(5).filter(row => row.acceptedQuantity !== row.quantity)
    expect(missing.length).toBeGreaterThan(0)
    expect(missing.length).toBeLessThan(of(5).length / 5)
  })

  it('is 404 where it is unknown, and 400 as plain text where its goods are asked for', async () => {
    const { get } = visit(world)
    const details = told(await get(`${list}/1234`))
    expect(details).toMatchObject({ status: 404, title: 'not found', detail: 'поставка 1234 не найдена' })
    const goods = told(await get(`${list}/1234/goods`))
    expect(goods).toMatchObject({ status: 400, type: 'text/plain; charset=utf-8', detail: 'поставка 1234 не найдена' })
  })

  it('can no longer be asked for by its preorder', async () => {
    const { get, truth } = visit(world)
    const { supplyID, preorderID } = truth('supplies').find(row => row.supplyID !== null && row.preorderID !== 0)!
    const detail = `fail to get supply details: по заказу ${preorderID} найдена поставка ${supplyID}. Используйте поиск по ID поставки`
    for (const tail of ['', '/goods'])
      expect(told(await get(`${list}/${preorderID}${tail}?isPreorderID=true`))).toMatchObject({ status: 400, detail })
    expect((await get(`${list}/${supplyID}?isPreorderID=true`)).status).toBe(404)
  })
})

it('what a supply brings is in the stock from then on', () => {
  const there = visit({
    sellers: [{ name: 'shop', orders: 0.001, supplyEvery: 12 * hour, since: noon - 60 * day }],
    refresh: 0,
  })
  const pieces = () => there.truth('stocks').reduce((sum, { quantity }) => sum + Number(quantity), 0)
  const accepted = () =>
    there.truth('supplyGoods').reduce((sum, { readyForSaleQuantity }) => sum + Number(readyForSaleQuantity), 0)
  const [stock, brought] = [pieces(), accepted()]
  there.clock.now += 10 * day
  expect(accepted()).toBeGreaterThan(brought)
  expect(pieces() - stock).toBe(accepted() - brought)
})

it('orders name the supply that their goods came with', () => {
  const { truth } = visit(world)
  const supplies = by('supplyID', truth('supplies'))
  const named = truth('orders').filter(({ incomeID }) => incomeID !== 0)
  expect(named.length).toBeGreaterThan(100)
  expect(named.every(({ incomeID }) => supplies.has(incomeID))).toBe(true)
})
