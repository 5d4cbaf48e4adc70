import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { imitateOzon } from '../src/sim/ozon/ozon.ts'
import { type Contract, contractOf } from './setup/contract.ts'
import { type Erratum, errataOf } from './setup/errata.ts'
import { watched } from './setup/watch.ts'

/** The folder of the vendors' descriptions: named by SLUICE_VENDOR_SPECS, or beside the repository. */
const specs = [process.env.SLUICE_VENDOR_SPECS, join(import.meta.dirname, '../../shared/data')].find(
  folder => folder && existsSync(join(folder, 'ozon')),
)
const why = specs ? '' : ' (not run: SLUICE_VENDOR_SPECS names no folder of descriptions)'

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'))

describe.skipIf(!specs)(`the imitated Ozon and its description agree${why}`, () => {
  const folder = join(specs ?? '', 'ozon')

  /** Where the description is behind what is known of the vendor. */
  const errata: readonly Erratum[] = [
    { violation: /429 is not described$/, why: 'the description has no limits; a 429 was recorded on 2026-09-25' },
    { violation: /401 is not described$/, why: 'missing headers are answered with 401, as clients test it' },
    { violation: /is not described: additional_data$/, why: 'newer: reports have it since 2026-07-28' },
    { violation: /product\/list: 200 .* is not described: sku$/, why: 'newer: the list tells it since 2026-07-09' },
    { violation: /is not described: (waiting_docs_to_export_stock_count|placement_zone)$/, why: 'newer: 2026-08-13' },
    { violation: /is not described: (inbound_|outbound_|stock_not_being_sold)/, why: 'newer: 2026-09-11' },
    { violation: /stocks-by-warehouse\/fbo: is not described$/, why: 'newer: a beta since 2026-07-02' },
    { violation: /(ozon\/list|v1\/roles): is not described$/, why: 'left out where the description was cut' },
    {
      violation: /report\/warehouse\/stock: 200 \/ is not described: code$/,
      why: 'the example has no result around it',
    },
    {
      violation: /report\/warehouse\/stock: request body \/warehouseId must be string$/,
      why: 'the text has a list of up to 50, the schema a string of up to 50 letters',
    },
  ]

  /** Described, and answered by nobody here. */
  const absent: Readonly<Record<string, string>> = {
    'POST /v1/product/info/stocks-by-warehouse/fbs': 'off since 2026-04-07',
    'POST /v1/warehouse/list': 'off since 2026-04-07',
    'POST /v1/analytics/turnover/stocks': 'nothing of it is collected',
    'POST /v3/product/info/list': 'the sku comes with /v3/product/list',
  }

  /** A vendor that is watched; its clock moves on far enough for a call that keeps the limits. */
  function setup(bareCode = false) {
    const contract = contractOf(folder)
    const clock = { now: Date.UTC(2026, 9, 5, 12) }
    const sellers = [{ clientId: '7', apiKey: 'key', products: 60, archived: 3 }]
    const ozon = imitateOzon({ sellers, now: () => clock.now, reportTakes: 3000, bareCode })
    const { fetch, exchanges } = watched(ozon, contract)
    const ask = async (path: string, body: unknown, headers = { 'client-id': '7', 'api-key': 'key' }) => {
      clock.now += 4000
      const json = { 'content-type': 'application/json', ...headers }
      const answer = await fetch(
        new Request(`http://sim${path}`, { method: 'POST', headers: json, body: JSON.stringify(body) }),
      )
      // biome-ignore lint/suspicious/noExplicitAny: bodies are looked at field by field.
      return answer.json() as Promise<any>
    }
    return { contract, ozon, clock, ask, exchanges }
  }

  /** Every living method, with all that it can be asked for. */
  async function walk({ ozon, ask }: ReturnType<typeof setup>) {
    const [first, second] = [...ozon.truth('7', 'products')]
    const [offer, sku, id] = [first!.offer_id, String(first!.sku), String(second!.product_id)]
    const { warehouses } = await ask('/v2/warehouse/list', { limit: 200, cursor: '' })
    const warehouse_id = warehouses[0].warehouse_id
    await ask('/v2/warehouse/list', { limit: 1, warehouse_ids: [String(warehouse_id)] })
    await ask('/v1/warehouse/ozon/list', { warehouse_types: ['FULL_FILLMENT'] })
    await ask('/v4/product/info/stocks', { filter: {}, limit: 1000, cursor: '' })
    const wanted = {
      offer_id: [offer],
      product_id: [id],
      visibility: 'ALL',
      with_quant: { created: false, exists: false },
    }
    await ask('/v4/product/info/stocks', { filter: wanted, limit: 1 })
    await ask('/v2/product/info/stocks-by-warehouse/fbs', { sku: [sku], limit: 1000, cursor: '' })
    await ask('/v2/product/info/stocks-by-warehouse/fbs', { offer_id: [offer], limit: 1 })
    await ask('/v1/product/info/warehouse/stocks', { warehouse_id, limit: 10, cursor: '' })
    await ask('/v1/product/info/stocks-by-warehouse/fbo', { skus: [sku], limit: 1000, cursor: '' })
    await ask('/v1/analytics/stocks', { skus: [sku, String(second!.sku)], warehouse_ids: [], cluster_ids: ['1'] })
    await ask('/v2/analytics/stock_on_warehouses', { limit: 100, offset: 0, warehouse_type: 'ALL' })
    await ask('/v3/product/list', { filter: { visibility: 'ARCHIVED' }, last_id: '', limit: 1000 })
    await ask('/v3/product/list', { filter: { visibility: 'ALL', offer_id: [offer] } })
    await ask('/v1/roles', {})
    const { result } = await ask('/v1/report/products/create', { language: 'RU', visibility: 'ALL', sku: [first!.sku] })
    await ask('/v1/report/info', { code: result.code })
    await ask('/v1/report/list', { page: 1, page_size: 1000, report_type: 'SELLER_PRODUCTS' })
    await ask('/v1/report/warehouse/stock', { warehouseId: String(warehouse_id), language: 'DEFAULT' })
    await ask('/v1/report/warehouse/stock', { warehouseId: [String(warehouse_id)] })
  }

  /** All that the vendor says no with. */
  async function beRefused({ ozon, clock, ask }: ReturnType<typeof setup>) {
    await ask('/v4/product/info/stocks', { limit: 5 })
    await ask('/v1/report/info', { code: 'REPORT_of_nobody' })
    await ask('/v3/product/list', {}, { 'client-id': '', 'api-key': '' })
    await ask('/v3/product/list', {}, { 'client-id': '7', 'api-key': 'wrong' })
    ozon.faults.add({ kind: 'status', status: 500 })
    await ask('/v3/product/list', {})
    for (let call = 0; call < 3; call++) {
      clock.now -= 4000
      await ask('/v3/product/list', {})
    }
  }

  it('in every method that is alive, and in every refusal', async () => {
    const known = errataOf(errata)
    const [usual, bare] = [setup(), setup(true)]
    await walk(usual)
    await beRefused(usual)
    await bare.ask('/v1/report/warehouse/stock', { warehouseId: '1' })
    const exchanges = [...usual.exchanges, ...bare.exchanges]
    const answered = exchanges.filter(({ status }) => status === 200)
    expect(known.beside(answered.flatMap(({ request }) => request))).toEqual([])
    expect(known.beside(exchanges.flatMap(({ answer }) => answer))).toEqual([])
    expect(known.unmet()).toEqual([])
    const walked = new Set(answered.map(({ name }) => name))
    expect(usual.contract.endpoints.filter(name => !walked.has(name))).toEqual(Object.keys(absent).toSorted())
    expect(new Set(exchanges.map(({ status }) => status))).toEqual(new Set([200, 400, 401, 403, 404, 429, 500]))
  })

  it('in the header row of the product report', async () => {
    const file = readFileSync(join(folder, 'fixtures', 'report_products_RU.synthetic.csv'))
    const [header] = parse(file, { bom: true, delimiter: ';' })
    const [row] = [...setup().ozon.truth('7', 'report')]
    expect(Object.keys(row!)).toEqual(header)
  })

  it('or not: a number that became text, and a question that asks for nothing described, are seen', async () => {
    const { contract, ozon, ask, exchanges } = setup()
    ozon.faults.add({ kind: 'broken', share: 1 })
    await ask('/v4/product/info/stocks', { filter: {}, limit: 1 })
    expect(exchanges.at(-1)!.answer).toEqual([
      'POST /v4/product/info/stocks: 200 /items/0/stocks/0/present must be integer',
    ])
    expect(asked(contract, { path: '/v1/report/info', body: {} })).toEqual([
      "request body / must have required property 'code'",
    ])
    expect(asked(contract, { path: '/v1/report/info', body: { code: 1, page: 2 }, query: { page: '1' } })).toEqual([
      'query parameter page is not described',
      'request body / is not described: page',
      'request body /code must be string',
    ])
    expect(asked(contract, { path: '/v1/report/info', body: { code: 'a' }, headers: { 'Client-Id': '7' } })).toEqual([
      'header parameter Api-Key is missing',
    ])
    expect(contract.request({ method: 'POST', path: '/v9/report/info' })).toEqual([
      'POST /v9/report/info: is not described',
    ])
  })
})

type Example = [file: string, method: string, path: string, status: number]

/** The examples of a description, and what was made up after it: whose answers they are, and with which status. */
const examples: Readonly<Record<string, { files: readonly Example[]; errata: readonly Erratum[] }>> = {
  ozon: {
    files: [
      ['error_401_no_headers', 'POST', '/v3/product/list', 401],
      ['error_429', 'POST', '/v3/product/list', 429],
      ['v1_analytics_stocks_200.synthetic', 'POST', '/v1/analytics/stocks', 200],
      [
        'v1_product_info_stocks-by-warehouse_fbo_200.synthetic',
        'POST',
        '/v1/product/info/stocks-by-warehouse/fbo',
        200,
      ],
      ['v1_product_info_warehouse_stocks_200', 'POST', '/v1/product/info/warehouse/stocks', 200],
      ['v1_report_info_200', 'POST', '/v1/report/info', 200],
      ['v1_report_info_failed_200.synthetic', 'POST', '/v1/report/info', 200],
      ['v1_report_info_waiting_200.synthetic', 'POST', '/v1/report/info', 200],
      ['v1_report_list_200', 'POST', '/v1/report/list', 200],
      ['v1_report_products_create_200', 'POST', '/v1/report/products/create', 200],
      ['v1_report_warehouse_stock_200', 'POST', '/v1/report/warehouse/stock', 200],
      ['v2_analytics_stock_on_warehouses_200', 'POST', '/v2/analytics/stock_on_warehouses', 200],
      [
        'v2_product_info_stocks-by-warehouse_fbs_200.synthetic',
        'POST',
        '/v2/product/info/stocks-by-warehouse/fbs',
        200,
      ],
      ['v2_warehouse_list_200', 'POST', '/v2/warehouse/list', 200],
      ['v3_product_list_200', 'POST', '/v3/product/list', 200],
      ['v4_product_info_stocks_200.synthetic', 'POST', '/v4/product/info/stocks', 200],
    ],
    errata: [
      { violation: /(429|401) is not described$/, why: 'the description has neither limits nor missing headers' },
      { violation: /stocks-by-warehouse\/fbo: is not described$/, why: 'newer: a beta since 2026-07-02' },
      {
        violation: /\/has_next must be boolean$/,
        why: 'the example of /v2/warehouse/list has a placeholder, "string"',
      },
      { violation: /warehouse\/stock: 200 \/ is not described: code$/, why: 'the example has no result around it' },
      {
        violation: /report\/info: .*\/expires_at must be string$/,
        why: 'made up: a report on its way has no end of life',
      },
    ],
  },
  wildberries: {
    files: [
      ['error_400_dateFrom_invalid', 'GET', '/api/v1/supplier/orders', 400],
      ['error_400_dateFrom_missing', 'GET', '/api/v1/supplier/orders', 400],
      ['error_401', 'GET', '/api/v1/supplier/orders', 401],
      ['error_402', 'GET', '/api/v1/supplier/orders', 402],
      ['error_403_base_token', 'POST', '/api/analytics/v1/order-feed', 403],
      ['error_429', 'GET', '/api/v1/supplier/orders', 429],
      ['incomes_200.legacy', 'GET', '/api/v1/supplier/incomes', 200],
      ['order_feed_200', 'POST', '/api/analytics/v1/order-feed', 200],
      ['orders_200', 'GET', '/api/v1/supplier/orders', 200],
      ['sales_200', 'GET', '/api/v1/supplier/sales', 200],
      ['seller_warehouses_200.synthetic', 'POST', '/api/analytics/v1/stocks-report/seller-warehouses', 200],
      ['stocks_200.legacy', 'GET', '/api/v1/supplier/stocks', 200],
      ['supplies_list_200', 'POST', '/api/v1/supplies', 200],
      ['supply_404', 'GET', '/api/v1/supplies/12', 404],
      ['supply_details_200', 'GET', '/api/v1/supplies/12', 200],
      ['supply_goods_200', 'GET', '/api/v1/supplies/12/goods', 200],
      ['warehouse_remains_400', 'GET', '/api/v1/warehouse_remains', 400],
      ['warehouse_remains_404', 'GET', '/api/v1/warehouse_remains/tasks/one/status', 404],
      ['warehouse_remains_create_200', 'GET', '/api/v1/warehouse_remains', 200],
      ['warehouse_remains_download_200.before-2026-08-15', 'GET', '/api/v1/warehouse_remains/tasks/one/download', 200],
      ['warehouse_remains_download_200', 'GET', '/api/v1/warehouse_remains/tasks/one/download', 200],
      ['warehouse_remains_status_200', 'GET', '/api/v1/warehouse_remains/tasks/one/status', 200],
      ['wb_warehouses_200', 'POST', '/api/analytics/v1/stocks-report/wb-warehouses', 200],
    ],
    errata: [
      { violation: /seller-warehouses: is not described$/, why: 'newer: 2026-08-24' },
      { violation: /(incomes|stocks): .* must match format "date-time"$/, why: 'these times have no zone' },
    ],
  },
}

describe.skipIf(!specs)(`the examples of a description agree with it${why}`, () => {
  it.each(Object.entries(examples))('of %s, but for those that are known not to', (vendor, { files, errata }) => {
    const folder = join(specs!, vendor)
    const [contract, known] = [contractOf(folder), errataOf(errata)]
    const there = globSync('*.json', { cwd: join(folder, 'fixtures') })
    expect(there.toSorted()).toEqual(files.map(([file]) => `${file}.json`).toSorted())
    const violations = files.flatMap(([file, method, path, status]) => {
      return contract.answer({ method, path, status, body: read(join(folder, 'fixtures', `${file}.json`)) })
    })
    expect(known.beside(violations)).toEqual([])
    expect(known.unmet()).toEqual([])
  })
})

/** Violations of a question, without the name of its endpoint. */
function asked(
  contract: Contract,
  { path, ...rest }: { path: string; body: unknown; query?: Record<string, string>; headers?: Record<string, string> },
): string[] {
  const headers = { 'client-id': '7', 'api-key': 'key' }
  return contract.request({ method: 'POST', path, headers, ...rest }).map(one => one.slice(`POST ${path}: `.length))
}
