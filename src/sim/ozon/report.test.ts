import { parse } from 'csv-parse/sync'
import { expect, it } from 'vitest'
import type { Layout } from './layout.ts'
import { imitateOzon } from './ozon.ts'
import type { Row } from './rows.ts'

const start = Date.UTC(2026, 9, 5, 12)
const cdnUrl = 'http://files.example'

function setup(layout?: Layout) {
  const clock = { now: start }
  const ozon = imitateOzon({
    sellers: [{ clientId: '7', apiKey: 'key', products: 200, archived: 10, ...(layout && { layout }) }],
    ...{ now: () => clock.now, perMethod: 1000, cdnUrl, reportTakes: 12_000 },
  })
  const ask = async (path: string, body: unknown = {}) => {
    const headers = { 'client-id': '7', 'api-key': 'key' }
    const answer = await ozon.fetch(
      new Request(`http://sim${path}`, { method: 'POST', headers, body: JSON.stringify(body) }),
    )
    // biome-ignore lint/suspicious/noExplicitAny: bodies are looked at field by field.
    return answer.json() as Promise<any>
  }
  const download = (url: string, headers: Record<string, string> = {}) => ozon.fetch(new Request(url, { headers }))
  const create = async (body: unknown = {}) => (await ask('/v1/report/products/create', body)).result.code as string
  const info = async (code: string) => (await ask('/v1/report/info', { code })).result
  const finished = async (body: unknown = {}) => {
    const code = await create(body)
    clock.now += 12_000
    return info(code)
  }
  const bytes = async (body: unknown = {}) =>
    Buffer.from(await (await download((await finished(body)).file)).arrayBuffer())
  return { ozon, clock, ask, download, create, info, finished, bytes }
}

const read = (file: Buffer): Row[] => parse(file, { columns: true, bom: true, delimiter: ';' })

it('waits, is made, and is there after its time; then its file lies on another host', async () => {
  const { clock, create, info } = setup()
  const code = await create()
  expect(code).toMatch(/^REPORT_seller_products_7_\d+_[0-9a-f]+$/)
  const seen: unknown[] = []
  for (const after of [0, 4000, 8000, 12_000]) {
    clock.now = start + after
    const { status, file } = await info(code)
    seen.push([status, file.startsWith(`${cdnUrl}/s3/`)])
  }
  expect(seen).toEqual([
    ['waiting', false],
    ['processing', false],
    ['processing', false],
    ['success', true],
  ])
})

it('fails with its reason when a fault says so', async () => {
  const { ozon, finished } = setup()
  ozon.faults.add({ kind: 'report', report: { error: 'internal' } })
  expect(await finished()).toMatchObject({ status: 'failed', error: 'internal', file: '' })
})

it('is forgotten after three days, and its file with it', async () => {
  const { clock, ask, download, finished } = setup()
  const { code, file, expires_at } = await finished()
  clock.now = start + 3 * 86_400_000
  expect(expires_at).toBe(new Date(clock.now).toISOString())
  expect(await ask('/v1/report/info', { code })).toMatchObject({ code: 5 })
  expect((await download(file)).status).toBe(404)
})

it('is found again in the list when its code was lost, the newest first', async () => {
  const { ask, create } = setup()
  const [first, second] = [await create(), await create()]
  const { result } = await ask('/v1/report/list', { page: 1, page_size: 1000, report_type: 'SELLER_PRODUCTS' })
  expect(result.reports.map(({ code }: Row) => code)).toEqual([second, first])
  expect(first).not.toBe(second)
})

it('takes no key on the host of its files, and tells who sent one', async () => {
  const { ozon, download, finished } = setup()
  const { file } = await finished()
  for (const headers of [{ 'Client-Id': '7' }, { 'Api-Key': 'key' }, { Authorization: 'Bearer key' }]) {
    expect((await download(file, headers)).status).toBe(400)
    expect(ozon.calls.at(-1)).toMatchObject({ leaked: true, method: 'GET' })
  }
  expect((await download(file)).status).toBe(200)
  expect(ozon.calls.at(-1)).toMatchObject({ leaked: false, seller: '7', rows: 200 })
})

it('is a CSV with a byte order mark, semicolons, doubled quotes and an apostrophe before each article', async () => {
  const { ozon, bytes } = setup()
  const file = await bytes()
  expect(file.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]))
  expect(file.toString()).toContain('set;""L""-')
  const rows = read(file)
  expect(rows).toEqual([...ozon.truth('7', 'report', start)])
  expect(rows.every(row => (row.Артикул as string).startsWith("'"))).toBe(true)
  expect(rows.some(row => row.Рейтинг === '')).toBe(true)
})

it('holds the stock of the moment it was asked for', async () => {
  const { ozon, clock, finished, download } = setup()
  const { file } = await finished()
  clock.now = start + 86_400_000
  const rows = read(Buffer.from(await (await download(file)).arrayBuffer()))
  expect(rows).toEqual([...ozon.truth('7', 'report', start)])
  expect(rows).not.toEqual([...ozon.truth('7', 'report')])
})

it('holds the archive only when asked for it', async () => {
  const { ozon, bytes } = setup()
  expect(read(await bytes({ visibility: 'ARCHIVED' }))).toEqual([...ozon.truth('7', 'archive', start)])
})

it('has other headers in English', async () => {
  const { bytes } = setup()
  expect((await bytes({ language: 'EN' })).toString()).not.toContain('Доступно')
})

it('holds named products only when it names some', async () => {
  const { ozon, bytes } = setup()
  const [, second] = [...ozon.truth('7', 'products')]
  expect(read(await bytes({ sku: [second!.sku] }))).toMatchObject([{ SKU: String(second!.sku) }])
})

it.each<[Layout, string[], string[]]>([
  [{ moved: true }, ['Доступно к продаже по схеме FBO, шт.'], []],
  [{ missing: ['fbs'] }, ['Доступно к продаже по схеме FBO, шт.'], ['Доступно к продаже по схеме FBS, шт.']],
  [{ renamed: true }, ['Название товара'], ['Наименование товара']],
  [{ nbsp: true }, ['Зарезервировано,\u00a0шт'], ['Зарезервировано, шт']],
  [{ yo: true }, ['Объём товара, л'], ['Объем товара, л']],
  [{ quant: false }, ['SKU'], ['Количество товара в кванте']],
  [{ oldSku: true }, ['FBO OZON SKU ID', 'FBS OZON SKU ID'], ['SKU']],
  [{ tags: true }, ['Метки', 'Теги'], []],
])('departs from its header as %j says', async (layout, there, missing) => {
  const header = Object.keys(read(await setup(layout).bytes())[0]!)
  expect(header).toEqual(expect.arrayContaining(there))
  expect(header.filter(name => missing.includes(name))).toEqual([])
  if (layout.moved) expect(header[0]).toBe(there[0])
})

it('leaves numbers empty where they are unknown', async () => {
  const rows = read(await setup({ empty: 0.2 }).bytes())
  const empty = rows.filter(row => row['Доступно к продаже по схеме FBO, шт.'] === '')
  expect(empty.length).toBeGreaterThan(20)
  expect(empty.length).toBeLessThan(60)
})

it('is a workbook when a fault says so', async () => {
  const { ozon, bytes } = setup()
  ozon.faults.add({ kind: 'report', report: { xlsx: true } })
  expect((await bytes()).subarray(0, 2).toString()).toBe('PK')
})

it('holds text in place of a number in a share of its rows when a fault says so, and the fault tells which', async () => {
  const { ozon, bytes } = setup()
  const planted = ozon.faults.add({ kind: 'broken', share: 0.1, match: { path: '/s3/reports' } })
  const rows = read(await bytes())
  const broken = rows.filter(row => row['Доступно к продаже по схеме FBO, шт.'] === 'n/a')
  expect(rows).toHaveLength(200)
  expect(broken.length).toBeGreaterThan(5)
  expect(planted.spoiled.map(({ id }) => id)).toEqual(broken.map(row => row['Ozon Product ID']))
})

it('tells FBS stock by warehouse as a file too, its code with or without a result around it', async () => {
  const { ozon, ask, clock, info, download } = setup()
  const [first] = [...ozon.truth('7', 'fbs')]
  const { result } = await ask('/v1/report/warehouse/stock', { warehouseId: String(first!.warehouse_id) })
  clock.now += 12_000
  const rows = read(Buffer.from(await (await download((await info(result.code)).file)).arrayBuffer()))
  const held = [...ozon.truth('7', 'fbs', start)].filter(row => row.warehouse_id === first!.warehouse_id)
  expect(rows.map(row => row.SKU)).toEqual(held.map(row => String(row.sku)))

  const bare = imitateOzon({ sellers: [{ clientId: '7', apiKey: 'key', products: 1 }], bareCode: true })
  const answer = await bare.fetch(
    new Request('http://sim/v1/report/warehouse/stock', {
      method: 'POST',
      headers: { 'client-id': '7', 'api-key': 'key' },
      body: JSON.stringify({ warehouseId: ['1'] }),
    }),
  )
  expect(await answer.json()).toEqual({ code: expect.stringMatching(/^REPORT_seller_stock_/) })
})
