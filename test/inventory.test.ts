import { expect, test } from 'vitest'
import { connectors } from '../src/connectors/index.ts'
import { ozon } from '../src/connectors/ozon/index.ts'
import { migrate } from '../src/db/migrations.ts'
import { inventoryComponent } from '../src/models/inventory/component.ts'
import { purgeInventory } from '../src/models/inventory/purge.ts'
import { setup } from './inventory/bench.ts'

const wildberriesStock = `insert into wildberries.stocks (account, nm_id, chrt_id, warehouse_id, warehouse_name, region_name, quantity,
  in_way_to_client, in_way_from_client, asked_at, raw)`
const ozonStock = `insert into ozon.stocks (account, product_id, offer_id, sku, type, shipment_type, present, reserved, asked_at, raw)`
const ozonPlaces = `insert into ozon.fbs_stocks (account, sku, product_id, offer_id, warehouse_id, warehouse_name, present, reserved,
  free_stock, asked_at, raw)`
const remains = `insert into wildberries.remains (account, nm_id, barcode, tech_size, vendor_code, quantity_total, in_way_to_client,
  in_way_from_client, warehouses, asked_at, raw)`

test('both marketplaces stand in one table, and nothing is counted twice', async () => {
  const bench = await setup()
  await bench.store.query(`${wildberriesStock} values
    ('shop', 1, 11, -999999, 'Склад WB', 'Склад WB', 43, 14, 11, sluice.now(), '{}'),
    ('shop', 1, 11, 507, 'Минск', 'Беларусь', 7, 0, 0, sluice.now(), '{}'),
    ('other', 1, 11, 507, 'Минск', 'Беларусь', 1, 0, 0, sluice.now(), '{}')`)
  await bench.store.query(`insert into wildberries.seller_stocks (account, nm_id, chrt_id, warehouse_id, warehouse_name, region_name,
    quantity, asked_at, raw) values ('shop', 1, 11, 9, 'Двор', 'Россия', 3, sluice.now(), '{}')`)
  await bench.store.query(`${remains} values ('shop', 1, '2037', '0', 'A-1', 50, 14, 11,
    '[{"warehouseName": "Минск", "quantity": 50}]', sluice.now(), '{}')`)
  await bench.store.query(`${ozonStock} values
    ('shop', 2, 'A-1', 22, 'fbo', 'SHIPMENT_TYPE_GENERAL', 10, 4, sluice.now(), '{}'),
    ('shop', 2, 'A-1', 22, 'fbo', 'SHIPMENT_TYPE_BOX', 5, 0, sluice.now(), '{}'),
    ('shop', 2, 'A-1', 22, 'fbs', 'SHIPMENT_TYPE_GENERAL', 9, 2, sluice.now(), '{}'),
    ('shop', 2, 'A-1', 22, 'rfbs', 'SHIPMENT_TYPE_GENERAL', 1, 0, sluice.now(), '{}')`)
  await bench.store.query(`insert into ozon.warehouses (account, warehouse_id, name, is_rfbs, asked_at, raw) values
    ('shop', 1020003080073000, 'Yard', false, sluice.now(), '{}'), ('shop', 31, 'Shed', true, sluice.now(), '{}'),
    ('other', 32, 'Else', true, sluice.now(), '{}')`)
  await bench.store.query(`${ozonPlaces} values
    ('shop', 22, 2, 'A-1', 1020003080073000, 'Yard', 9, 2, 7, sluice.now(), '{}'), ('shop', 22, 2, 'A-1', 31, null, 1, 0, 1, sluice.now(), '{}')`)
  await bench.store.query(`insert into ozon.products (account, product_id, offer_id, sku, has_sku, archived, has_fbo_stocks, has_fbs_stocks,
    asked_at, raw) values ('shop', 2, 'A-1', 22, true, false, true, true, sluice.now(), '{}')`)
  const ended = await bench.normalize()
  expect(Object.values(ended).map(({ state }) => state)).toEqual(Array(7).fill('success'))
  expect(await bench.stock()).toEqual([
    'Ozon 2 22 FBO all: 10/4/?, ?/? on 2026-08-20',
    'Ozon 2 22 FBO all/box: 5/0/?, ?/? on 2026-08-20',
    'Ozon 2 22 FBS 1020003080073000: 9/2/7, ?/? on 2026-08-20',
    'Ozon 2 22 realFBS 31: 1/0/1, ?/? on 2026-08-20',
    'Wildberries 1 11 FBO -999999: 43/?/43, 14/11 on 2026-08-20',
    'Wildberries 1 11 FBO 507: 7/?/7, 0/0 on 2026-08-20',
    'Wildberries 1 11 FBS 9: 3/?/3, ?/? on 2026-08-20',
  ])
  const [shed] = await bench.store.query(
    `select warehouse_name from inventory.inventory_data where warehouse_key = '31'`,
  )
  expect(shed).toEqual({ warehouse_name: 'Shed' })
  const side = await bench.store.query(`select article, source, named, present::int, reserved::int, available::int,
    available_unknown::int as unknown, in_way_to_client::int as way from inventory.by_article order by source`)
  expect(side).toEqual([
    { article: 'A-1', source: 'Ozon', named: true, present: 25, reserved: 6, available: 8, unknown: 2, way: null },
    {
      article: 'A-1',
      source: 'Wildberries',
      named: true,
      present: 53,
      reserved: null,
      available: 53,
      unknown: 0,
      way: 14,
    },
  ])
})

test('a row of a warehouse that no list knows yet waits, and is made as soon as the list has it', async () => {
  const bench = await setup()
  await bench.store.query(`${ozonPlaces} values ('shop', 22, 2, 'A-1', 31, 'Shed', 1, 0, 1, sluice.now(), '{}')`)
  await bench.normalize()
  expect(await bench.stock()).toEqual([])
  await bench.store.query(`insert into ozon.warehouses (account, warehouse_id, name, is_rfbs, asked_at, raw)
    values ('shop', 31, 'Shed', true, sluice.now(), '{}')`)
  await bench.normalize()
  expect(await bench.stock()).toEqual(['Ozon 2 22 realFBS 31: 1/0/1, ?/? on 2026-08-20'])
})

test('a warehouse that turns from one kind into the other has its stock once, also in the history of the day', async () => {
  const bench = await setup()
  await bench.store.query(`insert into ozon.warehouses (account, warehouse_id, name, is_rfbs, asked_at, raw) values
    ('shop', 31, 'Shed', false, sluice.now(), '{}'), ('shop', 32, 'Yard', false, sluice.now(), '{}')`)
  await bench.store.query(`${ozonPlaces} values ('shop', 22, 2, 'A-1', 31, null, 9, 2, 7, sluice.now(), '{}'),
    ('shop', 22, 2, 'A-1', 32, null, 4, 0, 4, sluice.now(), '{}')`)
  await bench.normalize()
  await bench.store.query(`update ozon.warehouses set is_rfbs = true, is_processed = false where warehouse_id = 31`)
  expect(await bench.normalize()).toMatchObject({ 'ozon.fbs_inventory': { records: 1, inserted: 1, changed: 1 } })
  expect(await bench.stock()).toEqual([
    'Ozon 2 22 FBS 31: 0/0/0, ?/? on 2026-08-20',
    'Ozon 2 22 FBS 32: 4/0/4, ?/? on 2026-08-20',
    'Ozon 2 22 realFBS 31: 9/2/7, ?/? on 2026-08-20',
  ])
  expect(await bench.stock('inventory_history')).toEqual(await bench.stock())
  expect(await bench.normalize()).toEqual({})
})

test('a sku that Ozon tells of under another product has its stock once, and what was 0 is told no more', async () => {
  const bench = await setup()
  await bench.store.query(`insert into ozon.warehouses (account, warehouse_id, name, is_rfbs, asked_at, raw) values
    ('shop', 31, 'Shed', false, sluice.now(), '{}')`)
  await bench.store.query(`${ozonPlaces} values ('shop', 22, 2, 'A-1', 31, null, 9, 2, 7, sluice.now(), '{}')`)
  await bench.normalize()
  const told = async (moment: string) => {
    await bench.at(moment)
    await bench.store.query('update ozon.fbs_stocks set product_id = 3, asked_at = sluice.now(), is_processed = false')
    await bench.normalize()
  }
  await told('2026-08-21T12:00:00Z')
  await told('2026-08-22T12:00:00Z')
  expect(await bench.stock()).toEqual([
    'Ozon 2 22 FBS 31: 0/0/0, ?/? on 2026-08-21',
    'Ozon 3 22 FBS 31: 9/2/7, ?/? on 2026-08-22',
  ])
})

test('what an older version has left behind under another kind is 0 after an upgrade, also where nothing is told any more', async () => {
  const bench = await setup()
  await bench.store.query(`alter table ozon.warehouses drop column is_processed; drop index inventory.inventory_data_sku;
    delete from sluice.migrations where (component, number) in (('ozon', 3), ('inventory', 2))`)
  await bench.store.query(`insert into ozon.warehouses (account, warehouse_id, name, is_rfbs, asked_at, raw) values
    ('shop', 31, 'Shed', true, sluice.now(), '{}')`)
  await bench.store.query(`insert into ozon.fbs_stocks (account, sku, product_id, offer_id, warehouse_id, present, reserved, free_stock, asked_at,
      gone_at, is_processed, raw) values ('shop', 22, 2, 'A-1', 31, 9, 2, 7, sluice.now(), null, true, '{}'),
      ('shop', 23, 3, 'A-2', 31, 5, 0, 5, sluice.now(), sluice.now(), true, '{}')`)
  await bench.store.query(`insert into inventory.inventory_data (account, source, product_id, sku, warehouse_key, stock_type,
      current_stock, snapshot_date, last_sync_at, origin)
    select 'shop', 'Ozon', product_id, sku, '31', kind, pieces, '2026-08-19', sluice.now() - interval '1 day', 'ozon.fbs_stocks'
    from (values ('2', '22', 'FBS', 8), ('2', '22', 'realFBS', 9), ('3', '23', 'FBS', 6)) as row (product_id, sku, kind, pieces)`)
  const done = await migrate(bench.store, [inventoryComponent, { name: ozon.name, folder: ozon.migrations }])
  expect(done.map(({ name }) => name)).toEqual(['002_sku', '003_warehouses'])
  await bench.normalize()
  expect(await bench.stock()).toEqual([
    'Ozon 2 22 FBS 31: 0/?/?, ?/? on 2026-08-20',
    'Ozon 2 22 realFBS 31: 9/2/7, ?/? on 2026-08-20',
    'Ozon 3 23 FBS 31: 0/?/?, ?/? on 2026-08-20',
    'Ozon 3 23 realFBS 31: 0/0/0, ?/? on 2026-08-20',
  ])
})

test('what a setting has another stream tell from now on is not counted twice, whichever way it is turned', async () => {
  const bench = await setup({ 'wildberries.remains_inventory': { feeds_inventory: true } })
  await bench.store.query(`insert into ozon.warehouses (account, warehouse_id, name, is_rfbs, asked_at, raw) values
    ('shop', 31, 'Shed', false, sluice.now(), '{}')`)
  await bench.store.query(`${ozonPlaces} values ('shop', 22, 2, 'A-1', 31, null, 9, 2, 7, sluice.now(), '{}')`)
  await bench.store.query(`${ozonStock} values ('shop', 2, 'A-1', 22, 'fbs', 'SHIPMENT_TYPE_GENERAL', 9, 2, sluice.now(), '{}'),
    ('shop', 2, 'A-1', 22, 'fbo', 'SHIPMENT_TYPE_GENERAL', 5, 1, sluice.now(), '{}')`)
  await bench.store.query(`${remains} values ('shop', 1, '2037', '0', 'A-1', 50, 14, 11,
    '[{"warehouseName": "Минск", "quantity": 50}]', sluice.now(), '{}')`)
  const held = async () => (await bench.stock()).filter(line => !/: [0?]/.test(line) || /, [1-9]/.test(line))
  const whole = [
    'Ozon 2 22 FBO all: 5/1/?, ?/? on 2026-08-20',
    'Ozon 2 22 FBS 31: 9/2/7, ?/? on 2026-08-20',
    'Wildberries 1 2037 FBO in-way: ?/?/?, 14/11 on 2026-08-20',
    'Wildberries 1 2037 FBO Минск: 50/?/50, ?/? on 2026-08-20',
  ]
  await bench.normalize()
  expect(await held()).toEqual(whole)
  await bench.again({ 'ozon.inventory': { warehouses: false }, 'ozon.fbs_inventory': { warehouses: false } })
  expect(await held()).toEqual([whole[0], 'Ozon 2 22 FBS all: 9/2/?, ?/? on 2026-08-20'])
  await bench.again({ 'wildberries.remains_inventory': { feeds_inventory: true } })
  expect(await held()).toEqual(whole)
})

test('where warehouses are not wanted, stock of the seller is one row over all of them', async () => {
  const bench = await setup({ 'ozon.inventory': { warehouses: false }, 'ozon.fbs_inventory': { warehouses: false } })
  await bench.store.query(
    `${ozonStock} values ('shop', 2, 'A-1', 22, 'fbs', 'SHIPMENT_TYPE_GENERAL', 9, 2, sluice.now(), '{}')`,
  )
  await bench.store.query(`insert into ozon.warehouses (account, warehouse_id, name, is_rfbs, asked_at, raw)
    values ('shop', 31, 'Shed', false, sluice.now(), '{}')`)
  await bench.store.query(`${ozonPlaces} values ('shop', 22, 2, 'A-1', 31, 'Shed', 9, 2, 7, sluice.now(), '{}')`)
  await bench.normalize()
  expect(await bench.stock()).toEqual(['Ozon 2 22 FBS all: 9/2/?, ?/? on 2026-08-20'])
})

test('each day keeps its last state by the days of the zone; what is gone is 0 from its day on, until it is back', async () => {
  const bench = await setup({ 'wildberries.inventory': { zone: 'Europe/Moscow' } })
  const told = async (moment: string, quantity: number) => {
    await bench.at(moment)
    await bench.store.query(
      `${wildberriesStock} values ('shop', 1, 11, 507, 'Минск', 'Беларусь', $1, 2, 0, sluice.now(), '{}')
       on conflict (account, nm_id, chrt_id, warehouse_id) do update
       set quantity = excluded.quantity, asked_at = excluded.asked_at, gone_at = null, is_processed = false`,
      [quantity],
    )
    await bench.normalize()
  }
  await told('2026-08-20T10:00:00Z', 5)
  await told('2026-08-20T20:59:00Z', 6)
  await told('2026-08-20T21:01:00Z', 7)
  await bench.at('2026-08-22T10:00:00Z')
  await bench.store.query('update wildberries.stocks set gone_at = sluice.now(), is_processed = false')
  await bench.normalize()
  expect(await bench.stock()).toEqual(['Wildberries 1 11 FBO 507: 0/?/0, 0/0 on 2026-08-22'])
  await told('2026-08-23T10:00:00Z', 8)
  expect(await bench.stock()).toEqual(['Wildberries 1 11 FBO 507: 8/?/8, 2/0 on 2026-08-23'])
  expect(await bench.stock('inventory_history')).toEqual([
    'Wildberries 1 11 FBO 507: 6/?/6, 2/0 on 2026-08-20',
    'Wildberries 1 11 FBO 507: 7/?/7, 2/0 on 2026-08-21',
    'Wildberries 1 11 FBO 507: 0/?/0, 0/0 on 2026-08-22',
    'Wildberries 1 11 FBO 507: 8/?/8, 2/0 on 2026-08-23',
  ])
})

test('an older answer that is dealt with later changes neither the table nor its history', async () => {
  const bench = await setup()
  const text = `${wildberriesStock} values ('shop', 1, 11, 507, 'Минск', 'Беларусь', 5, 2, 0, sluice.now(), '{}')`
  await bench.store.query(text)
  await bench.normalize()
  const [before, history] = [await bench.stock(), await bench.stock('inventory_history')]
  await bench.store.query(
    `update wildberries.stocks set quantity = 99, asked_at = asked_at - interval '1 hour', is_processed = false`,
  )
  expect(await bench.normalize()).toMatchObject({ 'wildberries.inventory': { state: 'success', changed: 0 } })
  await bench.store.query(`update wildberries.stocks set asked_at = asked_at - interval '1 day', is_processed = false`)
  await bench.normalize()
  expect(await bench.stock()).toEqual(before)
  expect(await bench.stock('inventory_history')).toEqual(history)
})

test('remains fill the table where nothing else does: totals are no stock, and a warehouse that a list leaves out holds nothing', async () => {
  const bench = await setup({ 'wildberries.remains_inventory': { feeds_inventory: true } })
  const told = (moment: string, total: number, way: number, warehouses: object) =>
    bench.at(moment).then(() =>
      bench.store.query(
        `${remains} values ('shop', 1, '2037', '0', 'A-1', $1, $2, 0, $3, sluice.now(), '{}')
         on conflict (account, nm_id, barcode, tech_size) do update set quantity_total = excluded.quantity_total,
           in_way_to_client = excluded.in_way_to_client, warehouses = excluded.warehouses, asked_at = excluded.asked_at, is_processed = false`,
        [total, way, JSON.stringify(warehouses)],
      ),
    )
  const entry = (warehouseName: string, quantity: number) => ({ warehouseName, quantity })
  const sums = [entry('В пути до получателей', 3), entry('Всего находится на складах', 12)]
  await told('2026-08-20T10:00:00Z', 12, 3, [...sums, entry('Минск', 2), entry('Склад WB РФ', 10)])
  await bench.normalize()
  expect(await bench.stock()).toEqual([
    'Wildberries 1 2037 FBO in-way: ?/?/?, 3/0 on 2026-08-20',
    'Wildberries 1 2037 FBO Минск: 2/?/2, ?/? on 2026-08-20',
    'Wildberries 1 2037 FBO Склад WB РФ: 10/?/10, ?/? on 2026-08-20',
  ])
  await told('2026-08-21T10:00:00Z', 9, 4, [entry('Всего находится на складах', 9), entry('Склад WB РФ', 9)])
  await bench.normalize()
  expect(await bench.stock()).toEqual([
    'Wildberries 1 2037 FBO in-way: ?/?/?, 4/0 on 2026-08-21',
    'Wildberries 1 2037 FBO Минск: 0/?/0, ?/? on 2026-08-21',
    'Wildberries 1 2037 FBO Склад WB РФ: 9/?/9, ?/? on 2026-08-21',
  ])
  await bench.at('2026-08-22T10:00:00Z')
  await bench.store.query('update wildberries.remains set gone_at = sluice.now(), is_processed = false')
  await bench.normalize()
  expect(await bench.stock()).toEqual([
    'Wildberries 1 2037 FBO in-way: ?/?/?, 0/0 on 2026-08-22',
    'Wildberries 1 2037 FBO Минск: 0/?/0, ?/? on 2026-08-22',
    'Wildberries 1 2037 FBO Склад WB РФ: 0/?/0, ?/? on 2026-08-22',
  ])
  const minsk = (await bench.stock('inventory_history')).filter(line => line.includes('Минск'))
  expect(minsk.map(line => line.slice(-13))).toEqual(['on 2026-08-20', 'on 2026-08-21', 'on 2026-08-22'])
})

test('a row that cannot be told goes to quarantine with its reason, and the others are made', async () => {
  const bench = await setup({ 'wildberries.remains_inventory': { feeds_inventory: true } })
  const list = (name: string) => JSON.stringify([{ warehouseName: name, quantity: 2 }])
  await bench.store.query(
    `${remains} values ('shop', 1, '2037', '0', 'A-1', null, null, null, $1, sluice.now(), '{}'),
     ('shop', 2, '2038', '0', 'A-2', 2, 0, 0, $2, sluice.now(), '{}'), ('shop', 3, '2039', '0', 'A-3', 2, 0, 0, $2, sluice.now(), '{}')`,
    [list('In transit'), list('Минск')],
  )
  expect(await bench.normalize()).toMatchObject({
    'wildberries.remains_inventory': { state: 'partial', quarantined: 1 },
  })
  const [bad] = await bench.store.query('select reason from sluice.quarantine')
  expect(bad).toEqual({
    reason: 'cannot be made into rows: its warehouses hold 2 and its total is not told',
  })
  expect((await bench.stock()).map(line => line.split(':')[0])).toEqual([
    'Wildberries 2 2038 FBO in-way',
    'Wildberries 2 2038 FBO Минск',
    'Wildberries 3 2039 FBO in-way',
    'Wildberries 3 2039 FBO Минск',
  ])
})

test('what has ended of runs that collect is in the log, by kind and source; others are not', async () => {
  const bench = await setup()
  await bench.store.query(`insert into sluice.runs (connector, account, stream, part, span, cause, state, from_at, position, planned_at,
      updated_at, started_at, finished_at, records, inserted, changed, error, warning)
    select connector, 'shop', stream, '{}', stream || state, 'schedule', state, sluice.now(), sluice.now(), sluice.now(), sluice.now(),
      started, finished, 10, 3, 2, error, warning
    from (values
      ('wildberries', 'orders', 'success', sluice.now() - interval '90 s', sluice.now(), null, null),
      ('ozon', 'stocks', 'failed', null, sluice.now() + interval '5 s', 'the vendor is away', null),
      ('wildberries', 'finance', 'partial', sluice.now(), sluice.now(), null, '1 record went to quarantine'),
      ('wildberries', 'inventory', 'success', sluice.now(), sluice.now(), null, null),
      ('binance', 'candles', 'success', sluice.now(), sluice.now(), null, null),
      ('ozon', 'report', 'running', sluice.now(), null, null, null)
    ) as run(connector, stream, state, started, finished, error, warning)`)
  const logs =
    await bench.store.query(`select sync_type, source, status, records_processed::int as records, records_updated::int as updated,
    error_message as error, duration_seconds as s, stream from inventory.sync_logs order by id`)
  const counts = { records: 10, updated: 5 }
  expect(logs).toEqual([
    { ...counts, sync_type: 'orders', source: 'Wildberries', status: 'success', error: null, s: 90, stream: 'orders' },
    {
      ...counts,
      sync_type: 'inventory',
      source: 'Ozon',
      status: 'failed',
      error: 'the vendor is away',
      s: 5,
      stream: 'stocks',
    },
    {
      ...{ ...counts, sync_type: 'transactions', source: 'Wildberries', status: 'partial', s: 0, stream: 'finance' },
      error: '1 record went to quarantine',
    },
  ])
  const [index] = await bench.store.query(
    `select count(*)::int as n from inventory.sync_types t where not exists (
       select from unnest($1::text[]) as known where known = t.connector || '.' || t.stream)`,
    [streams().map(({ connector, stream }) => `${connector}.${stream}`)],
  )
  expect(index).toEqual({ n: 0 })
})

test('what an account has brought is deleted with it, and nothing of others', async () => {
  const bench = await setup()
  await bench.store.query(
    `${wildberriesStock} values ('shop', 1, 11, 507, 'Минск', 'Беларусь', 5, 2, 0, sluice.now(), '{}')`,
  )
  await bench.store.query(`${ozonStock} values ('shop', 2, 'A-1', 22, 'fbo', '', 9, 2, sluice.now(), '{}')`)
  await bench.normalize()
  const gone = await purgeInventory(bench.store, { connector: 'wildberries', slug: 'shop' })
  expect(gone).toEqual({ 'inventory.inventory_data': 1, 'inventory.inventory_history': 1 })
  expect(await bench.stock()).toEqual(['Ozon 2 22 FBO all/unknown: 9/2/?, ?/? on 2026-08-20'])
})

function streams() {
  return connectors.flatMap(({ name, streams }) => streams.map(stream => ({ connector: name, stream: stream.name })))
}
