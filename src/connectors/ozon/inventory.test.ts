import { expect, test } from 'vitest'
import type { DerivedStream } from '../../core/stream.ts'
import { fbsInventory, inventory, skus } from './inventory.ts'

const asked_at = '2026-03-01T22:30:00.123456+00:00'
const line = { product_id: 28743, sku: 147035011, shipment_type: 'SHIPMENT_TYPE_GENERAL', present: 10, reserved: 3 }
const box = {
  ...{ product_id: 28743, sku: 147035011, warehouse_id: '1020003080073000', warehouse_name: 'Двор' },
  ...{ present: 10, reserved: 3, free_stock: 7 },
}

/** What a normalizer makes of a row of its table, by these settings. */
function made(stream: unknown, row: object, settings: object = {}) {
  const { record, options, rows } = stream as DerivedStream
  return rows(record.parse({ asked_at, gone_at: null, ...row }), { account: 'shop', options: options.parse(settings) })
}

test('stock in the warehouses of Ozon is one row over all of them; what can be sold is not known of it', () => {
  expect(made(inventory, { ...line, type: 'fbo' })).toEqual([
    {
      ...{ source: 'Ozon', product_id: '28743', sku: '147035011', stock_type: 'FBO', origin: 'ozon.stocks' },
      ...{ warehouse_key: 'all', warehouse_name: 'Main Warehouse' },
      ...{ quantity_present: 10, quantity_reserved: 3, current_stock: 10, reserved_stock: 3, available_stock: null },
      ...{ in_way_to_client: null, in_way_from_client: null },
      ...{ snapshot_date: '2026-03-01', last_sync_at: new Date('2026-03-01T22:30:00.123Z') },
    },
  ])
})

test.each([
  ['SHIPMENT_TYPE_GENERAL', 'all'],
  ['SHIPMENT_TYPE_BOX', 'all/box'],
  ['SHIPMENT_TYPE_PALLET', 'all/pallet'],
  ['', 'all/unknown'],
  ['SHIPMENT_TYPE_NEW', 'all/SHIPMENT_TYPE_NEW'],
])('lines of one product that differ in their packing (%s) have keys of their own', (shipment_type, warehouse_key) => {
  expect(made(inventory, { ...line, type: 'fbo', shipment_type })).toMatchObject([{ warehouse_key }])
})

test.each([
  ['fbs', true, undefined],
  ['rfbs', true, undefined],
  ['fbs', false, 'FBS'],
  ['rfbs', 'false', 'realFBS'],
  ['fbo', false, 'FBO'],
  ['fbp', false, undefined],
])('%s with warehouses: %s comes from the list of all schemes as %s', (type, warehouses, kind) => {
  const rows = made(inventory, { ...line, type }, { warehouses })
  expect(rows).toMatchObject(kind === undefined ? [] : [{ stock_type: kind, current_stock: 10 }])
})

test.each([
  [false, 'FBS'],
  [true, 'realFBS'],
])('of a warehouse with is_rfbs %s the stock is %s, and what is free can be sold', (is_rfbs, stock_type) => {
  expect(made(fbsInventory, { ...box, is_rfbs, name: 'Yard' })).toMatchObject([
    {
      ...{ stock_type, warehouse_key: '1020003080073000', warehouse_name: 'Двор', origin: 'ozon.fbs_stocks' },
      ...{ current_stock: 10, reserved_stock: 3, available_stock: 7 },
    },
  ])
})

test('a warehouse without a name has the one of the list of warehouses', () => {
  const [row] = made(fbsInventory, { ...box, warehouse_name: null, is_rfbs: false, name: 'Yard' })!
  expect(row).toMatchObject({ warehouse_name: 'Yard' })
})

test('a warehouse that no list knows yet lets its rows wait; where warehouses are not wanted there are none', () => {
  expect(made(fbsInventory, box)).toBeUndefined()
  expect(made(fbsInventory, { ...box, is_rfbs: false }, { warehouses: false })).toEqual([])
})

test('what a complete list lacks is 0 from then on, by the day of the zone', () => {
  const gone_at = '2026-03-02T22:00:00+00:00'
  expect(made(fbsInventory, { ...box, is_rfbs: false, gone_at }, { zone: 'Europe/Moscow' })).toMatchObject([
    {
      ...{ quantity_present: 0, quantity_reserved: 0, current_stock: 0, reserved_stock: 0, available_stock: 0 },
      ...{ in_way_to_client: null, snapshot_date: '2026-03-03', last_sync_at: new Date(gone_at) },
    },
  ])
  expect(made(inventory, { ...line, type: 'fbo', gone_at })).toMatchObject([
    { current_stock: 0, available_stock: null },
  ])
})

test('an id of more digits than a number holds stays exact', () => {
  const row = { ...line, type: 'fbo', sku: '9007199254740993' }
  expect(made(inventory, row)).toMatchObject([{ sku: '9007199254740993' }])
})

test('what the seller calls a product is told by its list, if it can be sold at all', () => {
  const product = { product_id: 28743, sku: 147035011, offer_id: '02105020-35' }
  const named = { source: 'Ozon', product_id: '28743', sku: '147035011', article: '02105020-35', barcode: null }
  expect(made(skus, product)).toMatchObject([named])
  expect(made(skus, { ...product, sku: null })).toEqual([])
})
