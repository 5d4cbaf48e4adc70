import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { pruneImports, type Report } from '../../src/models/inventory/import.ts'
import { setupDatabase } from '../setup/database.ts'
import { jsonOf, run, setupFolder, urlOf } from '../setup/sluice.ts'

/** A folder, a database whose clock stands still, and the command. */
async function setup() {
  const [folder, database] = [await setupFolder(), await setupDatabase()]
  await database.at('2026-03-01T23:30:00Z')
  const env = { DATABASE_URL: urlOf(database.connection) }
  const take = (text: string | Buffer, ...flags: string[]) => {
    writeFileSync(join(folder, 'stock.csv'), text)
    return run(['inventory', 'import', 'stock.csv', ...flags], { folder, env })
  }
  const rows = () =>
    database.store.query<
      Record<string, unknown>
    >(`select account, source, product_id, sku, warehouse_key, warehouse_name, stock_type, current_stock::text,
      reserved_stock::text, available_stock::text, in_way_to_client, snapshot_date::text, last_sync_at, origin
      from inventory.inventory_data order by product_id, sku, warehouse_key`)
  const logs = () =>
    database.store.query(
      `select sync_type, source, status, records_processed::int, records_updated::int, error_message, account from inventory.sync_logs order by id`,
    )
  return { folder, env, take, rows, logs, ...database }
}

it('takes every column and both delimiters, and what a file does not tell is not known', async () => {
  const bench = await setup()
  const text = `\ufeffSKU;product_id;stock_type;warehouse_name;quantity_reserved;quantity_present\r
"S;1";P1;realfbs;Двор, север;2;10\r
S2;P2;;;;7\r\n`
  const ended = await bench.take(text, '--account', 'yard')
  expect([ended.code, ended.err]).toEqual([0, ''])
  expect(ended.out).toBe('stock.csv: 2 of 2 lines taken: 2 new, 0 changed, 0 as they were.\n')
  const same = { account: 'yard', source: 'Manual', in_way_to_client: null, origin: 'inventory.import' }
  const day = { snapshot_date: '2026-03-01', last_sync_at: new Date('2026-03-01T23:30:00Z') }
  expect(await bench.rows()).toEqual([
    {
      ...{ ...same, ...day, product_id: 'P1', sku: 'S;1', warehouse_key: 'Двор, север', warehouse_name: 'Двор, север' },
      ...{ stock_type: 'realFBS', current_stock: '10', reserved_stock: '2', available_stock: '8' },
    },
    {
      ...{
        ...same,
        ...day,
        product_id: 'P2',
        sku: 'S2',
        warehouse_key: 'Main Warehouse',
        warehouse_name: 'Main Warehouse',
      },
      ...{ stock_type: 'FBO', current_stock: '7', reserved_stock: null, available_stock: null },
    },
  ])
  await bench.at('2026-03-01T23:31:00Z')
  const comma = await bench.take('product_id,sku,quantity_present\nP2,S2,9\n', '--account', 'yard')
  expect(comma.out).toBe('stock.csv: 1 of 1 lines taken: 0 new, 1 changed, 0 as they were.\n')
  expect((await bench.rows())[1]).toMatchObject({ current_stock: '9' })
})

it('takes the good lines of a file with bad ones, keeps these with their reasons, and says so by its code', async () => {
  const bench = await setup()
  const text = `product_id,sku,quantity_present,quantity_reserved,stock_type
P1,S1,5,,FBS
,S2,5,,
P3,,5,,
P4,S4,many,,
P5,S5,-1,,
P6,S6,,,
P7,S7,5,1.5,
P8,S8,5,,FBX
P9,S9,5
P10,S10,12345678901234567890,,
P11,S11,0,3,
`
  const ended = await bench.take(text, '--json')
  expect(ended.code).toBe(3)
  const report = jsonOf<Report>(ended)
  expect(report).toMatchObject({
    status: 'partial',
    valid: false,
    records: 11,
    good: 2,
    bad: 9,
    inserted: 2,
    changed: 0,
  })
  expect(report.warnings).toEqual([
    { reason: 'more is reserved than is present: what can be sold is not known', times: 1 },
  ])
  expect(report.findings[0]).toEqual({ reason: 'quantity_present is no whole number from 0', times: 3 })
  expect(report.errors.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
    '3 product_id is empty',
    '4 sku is empty',
    '5 quantity_present is no whole number from 0',
    '6 quantity_present is no whole number from 0',
    '7 quantity_present is empty',
    '8 quantity_reserved is no whole number from 0',
    '9 stock_type is none of FBO, FBS, realFBS',
    '10 has another number of values than the header',
    '11 quantity_present is no whole number from 0',
  ])
  const kept = await bench.store.query(
    'select line, record, reason from inventory.rejected where import_id = $1 order by line',
    [report.id],
  )
  expect(kept).toEqual(report.errors)
  expect((await bench.rows()).map(({ product_id, available_stock }) => [product_id, available_stock])).toEqual([
    ['P1', null],
    ['P11', null],
  ])
  expect(await bench.logs()).toEqual([
    {
      ...{ sync_type: 'inventory', source: 'Manual', status: 'partial', records_processed: 11, records_updated: 2 },
      ...{ error_message: null, account: 'manual' },
    },
  ])
})

it('a name that is too long for the key of the table breaks its line alone', async () => {
  const bench = await setup()
  const names = Array.from({ length: 3_000 }, (_, at) => String.fromCodePoint(0x4e00 + ((at * 7_919) % 20_000)))
  const ended = await bench.take(`product_id,sku,quantity_present\n${names.join('')},S1,5\nP2,S2,5\n`, '--json')
  expect(jsonOf<Report>(ended)).toMatchObject({ good: 1, bad: 1 })
  expect(jsonOf<Report>(ended).errors).toMatchObject([{ line: 2, reason: expect.stringContaining('more than 200') }])
})

it('a second import of the same file changes nothing but the time of its rows', async () => {
  const bench = await setup()
  const text = 'product_id,sku,quantity_present\nP1,S1,5\nP2,S2,0\n'
  await bench.take(text)
  const before = await bench.rows()
  await bench.at('2026-03-01T23:40:00Z')
  const report = jsonOf<Report>(await bench.take(text, '--json'))
  expect(report).toMatchObject({ status: 'success', valid: true, inserted: 0, changed: 0, unchanged: 2, warnings: [] })
  expect(await bench.rows()).toEqual(before.map(row => ({ ...row, last_sync_at: new Date('2026-03-01T23:40:00Z') })))
})

it('of lines about the same the last one counts, and that is said', async () => {
  const bench = await setup()
  const text = 'product_id,sku,quantity_present\nP1,S1,5\nP1,S1,6\nP2,S2,1\n'
  const report = jsonOf<Report>(await bench.take(text, '--json'))
  expect(report).toMatchObject({ status: 'success', inserted: 2, unchanged: 1 })
  expect(report.warnings).toEqual([
    { reason: 'a later line of the file is about the same: the last one counts', times: 1 },
  ])
  expect(await bench.rows()).toMatchObject([{ current_stock: '6' }, { current_stock: '1' }])
})

it.each([
  ['product_id,quantity_present\nP1,5\n', 'line 1 names no column sku'],
  ['', 'it has no first line'],
  ['product_id,sku,quantity_present\n', 'it holds no line below the header'],
  ['product_id,sku,quantity_present,sku\nP1,S1,5,S2\n', 'names the column sku twice'],
  ['product_id,sku,quantity_present\nP1,S1,x\n', 'none of its 1 lines is a row'],
  [
    'product_id,sku,quantity_present\nP1,S1,5\n"P2,S2,6\nP3,S3,7\n',
    'a quote that is opened after line 2 is not closed',
  ],
  [Buffer.from('product_id,sku,quantity_present\nP1,S1,5\nP\xff,S2,6\n', 'latin1'), 'is no UTF-8'],
])('takes nothing of a file that cannot be used, says why, and keeps that (%#)', async (text, why) => {
  const bench = await setup()
  const ended = await bench.take(text)
  expect(ended).toMatchObject({ code: 1, out: '' })
  expect(ended.err).toContain(why)
  expect(await bench.rows()).toEqual([])
  expect(await bench.logs()).toMatchObject([{ status: 'failed', error_message: expect.stringContaining(why) }])
})

it('a file that is not there, and an account that is no name, are told before anything is done', async () => {
  const bench = await setup()
  const { folder, env } = bench
  const missing = await run(['inventory', 'import', 'none.csv'], { folder, env })
  expect(missing).toMatchObject({ code: 2, err: expect.stringContaining('none.csv cannot be read') })
  const unnamed = await bench.take('product_id,sku,quantity_present\nP1,S1,5\n', '--account', 'My Yard')
  expect(unnamed).toMatchObject({ code: 2, err: expect.stringContaining('--account My Yard is no name') })
  expect(await bench.logs()).toEqual([])
})

it('more lines than one statement takes are all there, and memory does not grow with them', {
  timeout: 120_000,
}, async () => {
  const bench = await setup()
  const many = (lines: number) =>
    `product_id,sku,quantity_present\n${Array.from({ length: lines }, (_, at) => `P${at},S${at},${at % 7 ? at : 'x'}`).join('\n')}\n`
  const telling = `data:text/javascript,process.on('exit',()=>process.stderr.write('MB:'+process.resourceUsage().maxRSS/1024+'\\n'))`
  const measured = async (lines: number) => {
    writeFileSync(join(bench.folder, 'many.csv'), many(lines))
    const env = { ...bench.env, NODE_OPTIONS: `--import=${telling}` }
    const ended = await run(['inventory', 'import', 'many.csv', '--json'], { folder: bench.folder, env })
    return { report: jsonOf<Report>(ended), memory: Number(/MB:([\d.]+)\n$/.exec(ended.err)?.[1]) }
  }
  const small = await measured(10_000)
  const large = await measured(200_000)
  expect(large.report).toMatchObject({
    records: 200_000,
    bad: 28_572,
    good: 171_428,
    inserted: 171_428 - small.report.good,
  })
  expect(large.report.errors).toHaveLength(20)
  const [counted] = await bench.store.query(`select (select count(*)::int from inventory.inventory_data) as rows,
    (select count(*)::int from inventory.rejected) as rejected, (select sum(current_stock)::float8 from inventory.inventory_data) as sum`)
  const sum = Array.from({ length: 200_000 }, (_, at) => (at % 7 ? at : 0)).reduce((a, b) => a + b, 0)
  expect(counted).toEqual({ rows: 171_428, rejected: 28_572 + small.report.bad, sum })
  expect(large.memory - small.memory, `${small.memory} MB, then ${large.memory} MB`).toBeLessThan(60)
})

it('reports of imports are forgotten after so many days, with the lines they rejected; rows stay', async () => {
  const bench = await setup()
  await bench.take('product_id,sku,quantity_present\nP1,S1,5\nP2,S2,x\n')
  await bench.at('2026-05-30T23:00:00Z')
  await pruneImports(bench.store, 90)
  expect(await bench.logs()).toHaveLength(1)
  await bench.at('2026-05-31T00:00:00Z')
  await pruneImports(bench.store, 90)
  expect(await bench.logs()).toEqual([])
  expect(await bench.store.query('select from inventory.rejected')).toEqual([])
  expect(await bench.rows()).toHaveLength(1)
})
