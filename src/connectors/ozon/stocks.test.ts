import { expect, test } from 'vitest'
import { parseExact } from '../../core/json.ts'
import { products } from './products.ts'
import { stocks as stream } from './stocks.ts'

const stocks = stream as Extract<typeof stream, { mode: 'snapshot' }>
const answer = (json: unknown) => ({ status: 200, headers: new Headers(), json, at: new Date(0) })
const options = stocks.options.parse({ page_size: 2 })
const at = { part: {}, to: new Date(0), options, rows: [] }
const first = stocks.start({ from: new Date(0), part: {}, options })
const read = (json: unknown, cursor = first) => stocks.parse(answer(json), cursor, at)

const line = (type: string, present: unknown = 5) => ({
  ...{ type, present, reserved: 1, sku: 147035011, shipment_type: 'SHIPMENT_TYPE_GENERAL', warehouse_ids: [] },
})
const item = (product_id: number, ...stocks: unknown[]) => ({ product_id, offer_id: `A-${product_id}`, stocks })

test('a product is as many records as it has lines, and one without any is none', () => {
  const page = read({ cursor: 'c', items: [item(1, line('fbs'), line('fbo')), item(2)], total: 9 })
  expect(page.records).toEqual([
    { product_id: 1, offer_id: 'A-1', ...line('fbs') },
    { product_id: 1, offer_id: 'A-1', ...line('fbo') },
  ])
  expect(page).toMatchObject({ next: { cursor: 'c', items: 2, records: 2 }, done: false })
})

test('lines of the same scheme and packing are one record with the pieces of all, and one that cannot be added is broken', () => {
  const box = { ...line('fbs', 4), shipment_type: 'SHIPMENT_TYPE_BOX' }
  const { records } = read({
    cursor: 'c',
    items: [item(1, line('fbs'), box, line('fbs', 7), line('fbs', 'n/a'))],
    total: 9,
  })
  expect(records).toMatchObject([
    { ...line('fbs', 12), reserved: 2 },
    { shipment_type: 'SHIPMENT_TYPE_BOX', present: 4, reserved: 1 },
    { present: 'n/a' },
  ])
  expect(records!.map(record => stocks.record.safeParse(record).success)).toEqual([true, true, false])
})

test('what is no product is one broken record, and the others stand', () => {
  const strange = { product_id: 3, offer_id: 'A-3', stocks: 'none' }
  const { records } = read({ cursor: 'c', items: [strange, null, item(4, line('fbs', 'n/a'))], total: 9 })
  expect(records).toHaveLength(3)
  expect(records!.map(record => stocks.record.safeParse(record).success)).toEqual([false, false, false])
})

test.each([
  ['a page without items', { cursor: 'c', items: [], total: 0 }],
  ['a page without a cursor', { cursor: '', items: [item(1), item(2)], total: 2 }],
  ['a page that is not full, once all products have come', { cursor: 'c', items: [item(1)], total: 1 }],
])('%s is the last', (_, json) => expect(read(json)).toMatchObject({ done: true }))

test('a full page is not the last, although as many have come as there are: some may have come twice', () => {
  expect(read({ cursor: 'c', items: [item(1), item(1)], total: 2 })).toMatchObject({ done: false })
})

test('a list that ends before all products came that Ozon counts is not whole', () => {
  const before = { cursor: 'b', items: 4, records: 11 }
  expect(read({ cursor: '', items: [item(5, line('fbs'))], total: 8 }, before)).toMatchObject({ done: true, total: 15 })
  expect(read({ cursor: '', items: [item(5)], total: 5 }, before)).not.toHaveProperty('total')
})

test('a cursor that leads to its own page would never end', () => {
  const before = { cursor: 'b', items: 2, records: 2 }
  expect(() => read({ cursor: 'b', items: [item(1), item(2)], total: 9 }, before)).toThrow('leads to the same page')
})

test.each([null, {}, { items: {} }, { cursor: 5, items: [] }, []])('%j is no page', json => {
  expect(() => read(json)).toThrow('is not as Ozon documents it')
})

test('the question has a filter, which Ozon demands', () => {
  expect(stocks.request({ cursor: 'c', items: 2, records: 2 }, at)).toEqual({
    path: '/v4/product/info/stocks',
    json: { cursor: 'c', limit: 2, filter: { visibility: 'ALL' } },
  })
})

test('kinds of stock that nobody has heard of are taken, and ids of any length are exact', () => {
  const [record] = read({ cursor: '', items: [item(1, { ...line('new_scheme'), extra: 1 })] }).records!
  const long = parseExact(JSON.stringify(record).replace('147035011', '9007199254740993')) as unknown
  expect(stocks.record.parse(long)).toEqual({
    ...{ product_id: 1, offer_id: 'A-1', sku: '9007199254740993', type: 'new_scheme' },
    ...{ shipment_type: 'SHIPMENT_TYPE_GENERAL', present: 5, reserved: 1 },
  })
})

test.each([
  { present: 1.5 },
  { present: '5' },
  { present: null },
  { reserved: undefined },
  { sku: undefined },
  { type: '' },
  { product_id: -1 },
  { offer_id: 7 },
])('a line with %j is broken', change => {
  const record = { product_id: 1, offer_id: 'A-1', ...line('fbs'), ...change }
  expect(stocks.record.safeParse(record).success).toBe(false)
})

test('products that Ozon counts and does not list are not made up for by those of the archive', () => {
  const list = products as Extract<typeof products, { mode: 'snapshot' }>
  const given = { ...at, options: list.options.parse({}) }
  const start = list.start({ from: new Date(0), part: {}, options: given.options })
  const page = (items: unknown[], total: number) => answer({ result: { items, total, last_id: '' } })
  const archive = list.parse(page([{}, {}], 5), start, given)
  expect(archive).toMatchObject({ next: { visibility: 'ARCHIVED', records: 2 }, done: false })
  expect(list.parse(page([{}, {}, {}, {}], 4), archive.next, given)).toMatchObject({ done: true, total: 9 })
  expect(list.parse(page([{}], 3), archive.next, given)).toMatchObject({ done: true, total: 8 })
})

test('products of the archive come after all others, and a product without a sku has none', () => {
  const list = products as Extract<typeof products, { mode: 'snapshot' }>
  const given = { ...at, options: list.options.parse({}) }
  const item = { archived: false, has_fbo_stocks: true, has_fbs_stocks: false, offer_id: '136748', product_id: 7 }
  const start = list.start({ from: new Date(0), part: {}, options: given.options })
  const page = list.parse(answer({ result: { items: [item], total: 1, last_id: 'bnVs' } }), start, given)
  expect(page).toMatchObject({ next: { visibility: 'ARCHIVED', last_id: '', records: 1 }, done: false })
  const last = list.parse(answer({ result: { items: [], total: 0, last_id: '' } }), page.next, given)
  expect(last).toMatchObject({ done: true })
  const row = (sku: unknown) =>
    list.row(list.record.parse({ ...item, sku }), { part: {}, answer: answer(null), rows: [] })
  expect([row(undefined), row(0), row(5)].map(({ sku, has_sku }) => [sku, has_sku])).toEqual([
    [null, false],
    [null, false],
    [5, true],
  ])
})
