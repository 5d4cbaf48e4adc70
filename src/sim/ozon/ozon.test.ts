import { expect, it } from 'vitest'
import { imitateOzon, type Options } from './ozon.ts'
import type { Row } from './rows.ts'
import type { Seller } from './world.ts'

const day = 86_400_000
const start = Date.UTC(2026, 9, 5, 12)

function setup(seller: Partial<Seller> = {}, options: Partial<Options> = {}) {
  const clock = { now: start }
  const ozon = imitateOzon({
    sellers: [{ clientId: '7', apiKey: 'key', products: 250, archived: 10, ...seller }],
    now: () => clock.now,
    perMethod: 1000,
    perClient: 1000,
    ...options,
  })
  const send = (path: string, body: unknown = {}, headers: Record<string, string> = {}) =>
    ozon.fetch(
      new Request(`http://sim${path}`, {
        method: 'POST',
        headers: { 'client-id': '7', 'api-key': 'key', ...headers },
        body: JSON.stringify(body),
      }),
    )
  // biome-ignore lint/suspicious/noExplicitAny: bodies are looked at field by field.
  const ask = async (path: string, body: unknown = {}) => (await send(path, body)).json() as Promise<any>
  const truth = (what: Parameters<typeof ozon.truth>[1]) => [...ozon.truth('7', what)]
  return { ozon, clock, send, ask, truth }
}

const byKey = (rows: Row[]) => rows.map(row => JSON.stringify(row)).sort()

it('pages through all stocks by cursor, whose last page has one too, and ends with no items and no cursor', async () => {
  const { ask, truth } = setup()
  const items: Row[] = []
  const sizes: number[] = []
  for (let cursor = ''; ; ) {
    const page = await ask('/v4/product/info/stocks', { filter: {}, limit: 100, cursor })
    expect(page.total).toBe(250)
    sizes.push(page.items.length)
    items.push(...page.items)
    if (page.cursor === '') break
    cursor = page.cursor
  }
  expect(sizes).toEqual([100, 100, 50, 0])
  expect(items).toEqual(truth('stocks'))
})

it('tells FBS stock of named products in pages that end between two rows of a product', async () => {
  const { ask, truth } = setup()
  const sku = truth('products').map(row => String(row.sku))
  const rows: Row[] = []
  for (let [cursor, more] = ['', true]; more; ) {
    const page = await ask('/v2/product/info/stocks-by-warehouse/fbs', { sku, limit: 33, cursor })
    rows.push(...page.products)
    expect(page.cursor).not.toBe('')
    ;[cursor, more] = [page.cursor, page.has_next]
  }
  expect(rows).toEqual(truth('fbs'))
})

it('tells the stock of each own warehouse, with a cursor on the last page as well', async () => {
  const { ask, truth } = setup()
  const { warehouses } = await ask('/v2/warehouse/list', { limit: 200 })
  expect(warehouses.map((one: Row) => one.is_rfbs)).toEqual([false, false, true])
  const rows: Row[] = []
  for (const { warehouse_id } of warehouses) {
    expect(warehouse_id).toBeGreaterThan(2 ** 50)
    for (let [cursor, more] = ['', true]; more; ) {
      const page = await ask('/v1/product/info/warehouse/stocks', { warehouse_id, limit: 60, cursor })
      rows.push(...page.stocks)
      expect(page.cursor).not.toBe('')
      ;[cursor, more] = [page.cursor, page.has_next]
    }
  }
  expect(byKey(rows)).toEqual(byKey(truth('held')))
})

it('tells FBO stock by warehouse without a name, the name elsewhere, and its last page has no cursor', async () => {
  const { ask, truth } = setup()
  const rows: Row[] = []
  for (let [cursor, more] = ['', true]; more; ) {
    const page = await ask('/v1/product/info/stocks-by-warehouse/fbo', { offer_ids: [], skus: [], limit: 200, cursor })
    rows.push(...page.products)
    ;[cursor, more] = [page.cursor, page.has_next]
    expect(cursor === '').toBe(!more)
  }
  expect(rows).toEqual(truth('fbo'))
  const { warehouses } = await ask('/v1/warehouse/ozon/list')
  const named = new Set(warehouses.map((one: Row) => one.warehouse_id))
  expect(rows.filter(row => !named.has(row.warehouse_id))).toEqual([])
})

it('has no FBO stock by warehouse for an account without the beta method', async () => {
  const { send } = setup({ fboByWarehouse: false })
  const answer = await send('/v1/product/info/stocks-by-warehouse/fbo', { limit: 10 })
  expect([answer.status, await answer.json()]).toEqual([
    403,
    { code: 7, message: 'method is not allowed', details: [] },
  ])
})

it('lists products by last_id, those of the archive only when asked for them', async () => {
  const { ask, truth } = setup()
  const items: Row[] = []
  for (const visibility of ['ALL', 'ARCHIVED']) {
    for (let last_id = ''; ; ) {
      const { result } = await ask('/v3/product/list', { filter: { visibility }, last_id, limit: 90 })
      items.push(...result.items)
      if (result.items.length === 0) break
      last_id = result.last_id
    }
  }
  expect(items).toEqual(truth('products'))
  expect(items.filter(item => item.archived)).toHaveLength(10)
})

it('finds products by article and by id, whatever letters the article has', async () => {
  const { ask, truth } = setup({ offers: ['левша 007', '0001'] })
  const all = truth('stocks')
  const offers = all.map(item => item.offer_id as string)
  expect(offers.slice(0, 2)).toEqual(['левша 007', '0001'])
  for (const letters of [/^0\d+$/, /;/, /"/, /^'/, /[а-я]/, /[\u4e00-\u9fff]/]) {
    expect(offers.filter(offer => letters.test(offer)).length, String(letters)).toBeGreaterThan(0)
  }
  const byOffer = await ask('/v4/product/info/stocks', { filter: { offer_id: offers }, limit: 1000 })
  expect(byOffer.items).toEqual(all)
  const byId = await ask('/v4/product/info/stocks', { filter: { product_id: [String(all[9]!.product_id)] }, limit: 1 })
  expect(byId).toMatchObject({ items: [all[9]], total: 1 })
  expect(await ask('/v4/product/info/stocks', { filter: { offer_id: ['nobody-1'] }, limit: 1 })).toMatchObject({
    items: [],
  })
})

it('tells the same stock in all its answers', async () => {
  const { truth } = setup()
  const sum = (rows: Row[], field: string) => rows.reduce((total, row) => total + Number(row[field]), 0)
  const stocks = truth('stocks').flatMap(item => item.stocks as Row[])
  const ofType = (...types: string[]) => stocks.filter(({ type }) => types.includes(type as string))
  expect(sum(ofType('fbs', 'rfbs'), 'present')).toBe(sum(truth('fbs'), 'present'))
  expect(sum(ofType('fbs', 'rfbs'), 'reserved')).toBe(sum(truth('report'), 'Зарезервировано на моих складах, шт'))
  expect(sum(ofType('fbo'), 'present')).toBe(sum(truth('fbo'), 'present'))
  expect(sum(truth('report'), 'Доступно к продаже по схеме FBO, шт.')).toBe(
    sum(truth('analytics'), 'available_stock_count'),
  )
  expect(new Set(stocks.map(({ type }) => type))).toEqual(new Set(['fbo', 'fbs', 'rfbs', 'fbp']))
  expect(ofType('fbo').some(row => row.shipment_type === 'SHIPMENT_TYPE_BOX')).toBe(true)
})

it('sells and supplies as time goes by, and tells the same again at the same time', () => {
  const { clock, truth } = setup()
  const before = truth('stocks')
  clock.now += day
  const after = truth('stocks')
  clock.now -= day
  expect(truth('stocks')).toEqual(before)
  const present = (rows: Row[]) => rows.map(item => (item.stocks as Row[])[0]?.present as number | undefined)
  const changes = present(after).map((count, at) => (count ?? 0) - (present(before)[at] ?? 0))
  expect(changes.filter(change => change < 0).length).toBeGreaterThan(50)
  expect(changes.filter(change => change > 0).length).toBeGreaterThan(10)
})

it('analyses up to 100 named products at a time, and by one kind of cluster only', async () => {
  const { ask, send, truth, clock } = setup()
  const skus = truth('products').map(row => String(row.sku))
  const rows: Row[] = []
  for (let from = 0; from < 250; from += 100) {
    rows.push(...(await ask('/v1/analytics/stocks', { skus: skus.slice(from, from + 100) })).items)
    clock.now += 4000
  }
  expect(rows.map(row => row.sku)).toEqual(truth('analytics').map(row => row.sku))
  const refusals = [
    { skus },
    {},
    { skus: [1] },
    { skus: skus.slice(0, 1), cluster_ids: ['1'], macrolocal_cluster_ids: ['4001'] },
  ]
  for (const body of refusals) {
    clock.now += 4000
    expect((await send('/v1/analytics/stocks', body)).status, JSON.stringify(body)).toBe(400)
  }
})

it('pages the dying list of FBO stock by offset, without a total', async () => {
  const { ask, truth } = setup()
  const rows: Row[] = []
  for (let offset = 0, got = 100; got === 100; offset += 100) {
    const { result } = await ask('/v2/analytics/stock_on_warehouses', { limit: 100, offset, warehouse_type: 'ALL' })
    got = result.rows.length
    rows.push(...result.rows)
  }
  expect(rows).toHaveLength(truth('fbo').length)
  expect(rows[0]).not.toHaveProperty('warehouse_id')
})

it.each([
  ['/v4/product/info/stocks', { limit: 10 }],
  ['/v4/product/info/stocks', { limit: 1001, filter: {} }],
  ['/v4/product/info/stocks', { limit: 10, filter: {}, cursor: 'x' }],
  ['/v4/product/info/stocks', { limit: 10, filter: { product_id: [5] } }],
  ['/v4/product/info/stocks', { limit: 10, filter: { visibility: 'SEEN' } }],
  ['/v2/product/info/stocks-by-warehouse/fbs', { limit: 10 }],
  ['/v2/product/info/stocks-by-warehouse/fbs', { sku: ['1'] }],
  ['/v2/warehouse/list', { limit: 201 }],
  ['/v1/report/products/create', { sku: ['147035011'] }],
  ['/v1/report/products/create', { language: 'DE' }],
  ['/v1/report/warehouse/stock', {}],
  ['/v1/report/info', {}],
])('refuses on %s the body %j', async (path, body) => {
  const { send } = setup()
  const answer = await send(path, body)
  expect([answer.status, await answer.json()]).toMatchObject([400, { code: 3, details: [] }])
})

it.each(['/v1/product/info/stocks-by-warehouse/fbs', '/v1/warehouse/list', '/v1/analytics/manage/stocks'])(
  '%s was switched off in 2026',
  async path => {
    const { send } = setup()
    const answer = await send(path)
    expect([answer.status, await answer.json()]).toMatchObject([404, { code: 5 }])
  },
)

it('answers like the same world of another imitation, in pages of a shop of any size', async () => {
  const big = { products: 100_000 }
  const question = { filter: {}, limit: 1000, cursor: Buffer.from('[99500,0]').toString('base64') }
  const [one, other] = [setup(big), setup(big)]
  const answer = await one.ask('/v4/product/info/stocks', question)
  expect(answer.items).toHaveLength(500)
  expect(await other.ask('/v4/product/info/stocks', question)).toEqual(answer)
})
