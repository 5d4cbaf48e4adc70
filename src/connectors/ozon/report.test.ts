import { expect, test } from 'vitest'
import { demand, layoutOf } from './header.ts'
import { line } from './line.ts'
import { report as stream } from './report.ts'

const report = stream as Extract<typeof stream, { mode: 'snapshot' }>
const options = report.options.parse({})
const at = { part: {}, to: new Date(0), options, rows: [] }
const answer = (json: unknown, status = 200) => ({ status, headers: new Headers(), json, at: new Date(0) })
type Cursor = Parameters<typeof report.request>[0]
const parse = (json: unknown, cursor: Cursor, status?: number) => report.parse(answer(json, status), cursor, at)

const order = { visibility: 'ALL', order: 1 } as const
const info = { phase: 'info', ...order, code: 'REPORT_1', tries: 0 } as const
const file = {
  phase: 'file',
  ...order,
  code: 'REPORT_1',
  created: '2026-11-22T03:00:00Z',
  file: 'https://cdn.example/1',
}
const state = (status: string, more: object = {}) => ({
  result: { code: 'REPORT_1', status, error: '', file: '', created_at: '2026-11-22T03:00:00.5Z', ...more },
})

const headers = [
  ...['Артикул', 'Ozon Product ID', 'SKU', 'Barcode', 'Наименование товара', 'Бренд', 'Статус товара'],
  ...['Доступно к продаже по схеме FBO, шт.', 'Вывезти и нанести КИЗ (кроме Твери), шт', 'Зарезервировано, шт'],
  ...['Доступно к продаже по схеме FBS, шт.', 'Доступно к продаже по схеме realFBS, шт.'],
  ...[
    'Зарезервировано на моих складах, шт',
    'Текущая цена с учетом скидки, ₽',
    'Цена до скидки (перечеркнутая цена), ₽',
  ],
]
const values = [
  ...["''0700-5", '28743', '147035011', '', 'Кружка "Лев"; керамика', 'Лев', 'Продается'],
  ...['12', '0', '', '1000', '5', '3', '549.00', ''],
]
const record = (change: Record<string, string> = {}) => ({
  ...Object.fromEntries(headers.map((name, nth) => [name, values[nth]!])),
  ...change,
})

test('a report is ordered in Russian, looked after, and fetched from where it lies, without cost and credentials', () => {
  const start = report.start({ from: new Date(0), part: {}, options })
  expect(report.request(start, at)).toMatchObject({
    path: '/v1/report/products/create',
    json: { language: 'RU', visibility: 'ALL' },
    limit: { report_create: 1 },
  })
  const ordered = parse({ result: { code: 'REPORT_1' } }, start)
  expect(ordered).toMatchObject({ next: info, wait: '5s', done: false })
  expect(report.request(info, at)).toEqual({ path: '/v1/report/info', json: { code: 'REPORT_1' } })
  const ready = parse(state('success', { file: 'https://cdn.example/1' }), info)
  expect(ready).toMatchObject({ next: { phase: 'file', file: 'https://cdn.example/1' }, done: false })
  expect(report.request(ready.next, at)).toMatchObject({ url: 'https://cdn.example/1', limit: {} })
})

test('one that is not ready is looked after again, thirty times; then another is ordered, three in all', () => {
  let [cursor, looks, orders]: [Cursor, number, number] = [info, 0, 1]
  const look = () => {
    for (;;) {
      const { next, wait } = parse(state('processing'), cursor)
      looks++
      expect(wait).toBe('5s')
      if (next.phase === 'create') orders++
      cursor = next.phase === 'create' ? { ...info, order: next.order } : next
    }
  }
  expect(look).toThrow('was not made within 30 looks, 5 s apart, like 2 before it')
  expect([looks, orders]).toEqual([89, 3])
})

test('one that failed, and one whose file is gone, are ordered anew', () => {
  const anew = { phase: 'create', visibility: 'ALL', order: 2 }
  expect(parse(state('failed', { error: 'internal' }), info)).toMatchObject({ next: anew, wait: '5s' })
  expect(parse('<Error>', file as Cursor, 404)).toMatchObject({ next: anew, done: false })
})

test.each([
  state('done'),
  state('success'),
  state('success', { file: 'ftp://x' }),
  state('waiting', { created_at: 'now' }),
  {},
  null,
])('%j tells nothing of a report', json => expect(() => parse(json, info)).toThrow())

test('after the first file the archive is ordered, and after that nothing', () => {
  const list = { count: 1, first: {}, last: {}, header: headers }
  const read = (cursor: object) => report.parse({ ...answer([]), list }, cursor as Cursor, at)
  expect(read(file)).toMatchObject({ next: { phase: 'create', visibility: 'ARCHIVED', order: 1 }, done: false })
  expect(read({ ...file, visibility: 'ARCHIVED' })).toMatchObject({ done: true })
})

test('a line becomes a row: one apostrophe off, what is empty not known, the currency from the header of the price', () => {
  const row = report.row(line.parse(record()), { part: {}, answer: answer(null), rows: [], cursor: file as Cursor })
  expect(row).toEqual({
    ...{ offer_id: "'0700-5", product_id: '28743', sku: '147035011', barcode: null, brand: 'Лев' },
    ...{ name: 'Кружка "Лев"; керамика', status: 'Продается', fbo_present: '12', fbo_reserved: null },
    ...{ fbs_present: '1000', rfbs_present: '5', seller_reserved: '3', price: '549.00', old_price: null },
    ...{ premium_price: null, market_price: null, currency: 'RUB', visibility: 'ALL', report_code: 'REPORT_1' },
    report_created_at: new Date('2026-11-22T03:00:00Z'),
  })
})

test.each([
  ['Доступно к продаже по схеме FBO, шт.', 'n/a', 'is no whole number'],
  ['Доступно к продаже по схеме FBS, шт.', '1.5', 'is no whole number'],
  ['Доступно к продаже по схеме realFBS, шт.', '-1', 'is no whole number'],
  ['Текущая цена с учетом скидки, ₽', '1 549,00', 'is no amount of money'],
  ['Ozon Product ID', '', 'is missing'],
  ['Артикул', "'", 'is missing'],
  ['SKU', '1e5', 'is no id'],
])('"%s" that is "%s" breaks its line alone, and is told by its header', (name, value, reason) => {
  const { error } = line.safeParse(record({ [name]: value }))
  expect(error?.issues).toMatchObject([{ path: [name], message: reason }])
})

test('columns are found by what they are called, however it is spelt', () => {
  const spelt = headers.map(name => `  ${name.replaceAll(' ', '\u00a0').replace('учетом', 'учётом').toUpperCase()}`)
  expect(layoutOf(spelt).columns).toEqual(
    Object.fromEntries(
      Object.entries(layoutOf(headers).columns).map(([cell, name]) => [cell, spelt[headers.indexOf(name!)]]),
    ),
  )
  expect(() => demand(spelt)).not.toThrow()
})

test('older names of columns are known', () => {
  const older = ['FBO OZON SKU ID', 'FBS OZON SKU ID', 'Название товара', 'Текущая цена с учетом скидки, руб.']
  const { columns, currency } = layoutOf(older)
  expect([columns.sku, columns.name, currency]).toEqual(['FBO OZON SKU ID', 'Название товара', 'RUB'])
  const oldest = ['Артикул', 'Ozon Product ID', 'Доступно на складе Ozon, шт', 'Зарезервировано, шт']
  const own = ['Доступно на моих складах, шт', 'Зарезервировано на моих складах, шт']
  expect(() => demand([...oldest, ...own])).not.toThrow()
  expect(layoutOf([...oldest, ...own]).columns.fbs_present).toBe('Доступно на моих складах, шт')
})

test.each(headers.filter(name => /склад|схеме|^Зарез|Артикул|Product ID/.test(name)))(
  'a file without "%s" is refused as a whole',
  missing => {
    const rest = headers.filter(name => name !== missing)
    expect(() => demand(rest)).toThrow(/has no column «.*nothing of it was stored.*Its columns: /)
  },
)
