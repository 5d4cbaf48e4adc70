import { expect, test } from 'vitest'
import type { DerivedStream } from '../../core/stream.ts'
import { inventory, remainsInventory, sellerInventory, skus } from './inventory.ts'
import { sumsOf } from './warehouses.ts'

const at = { asked_at: '2026-08-20T21:30:00.5+00:00', gone_at: null }
const stock = {
  ...{ nm_id: 47254354, chrt_id: 91663228, warehouse_id: -999999, warehouse_name: 'Склад WB', region_name: 'Склад WB' },
  ...{ quantity: 43, in_way_to_client: 14, in_way_from_client: 11, ...at },
}

/** A row of the table of remains with these entries, as its stream stores it. */
function remainsOf(entries: Record<string, number>, more: object = {}) {
  const warehouses = Object.entries(entries).map(([warehouseName, quantity]) => ({ warehouseName, quantity }))
  const product = { nm_id: 183804172, barcode: '2037031652319', tech_size: '0', vendor_code: '41058/прозрачный' }
  return { ...product, ...sumsOf(warehouses), warehouses, ...at, ...more }
}

const report = remainsOf({
  ...{ 'В пути до получателей': 14, 'В пути возвраты на склад WB': 4, 'Всего находится на складах': 267 },
  ...{ 'Склад WB РФ': 134, 'Склад WB СГТ РФ': 10, Минск: 123 },
})

/** What a normalizer makes of a row of its table, by these settings. */
function made(stream: unknown, row: object, settings: object = {}) {
  const { record, options, rows } = stream as DerivedStream
  return rows(record.parse(row), { account: 'shop', options: options.parse(settings) })
}

test('a masked warehouse is one like any other: it has a key and the name it was sent with', () => {
  expect(made(inventory, stock)).toEqual([
    {
      ...{ source: 'Wildberries', product_id: '47254354', sku: '91663228', stock_type: 'FBO' },
      ...{ warehouse_key: '-999999', warehouse_name: 'Склад WB', origin: 'wildberries.stocks' },
      ...{
        quantity_present: 43,
        quantity_reserved: null,
        current_stock: 43,
        reserved_stock: null,
        available_stock: 43,
      },
      ...{ in_way_to_client: 14, in_way_from_client: 11 },
      ...{ snapshot_date: '2026-08-20', last_sync_at: new Date('2026-08-20T21:30:00.500Z') },
    },
  ])
})

test('what is gone is 0, what is under way of it too, and what is not told stays unknown; the day is that of the zone', () => {
  const gone = { ...stock, gone_at: '2026-08-21T21:00:00+00:00' }
  expect(made(inventory, gone, { zone: 'Europe/Moscow' })).toMatchObject([
    {
      ...{ current_stock: 0, available_stock: 0, reserved_stock: null, in_way_to_client: 0, in_way_from_client: 0 },
      ...{ snapshot_date: '2026-08-22' },
    },
  ])
})

test('stock of the seller is FBS, and what is under way of it is not known', () => {
  expect(made(sellerInventory, { ...stock, warehouse_id: 7, warehouse_name: 'Двор' })).toMatchObject([
    { stock_type: 'FBS', warehouse_key: '7', warehouse_name: 'Двор', current_stock: 43, in_way_to_client: null },
  ])
})

test('remains feed the inventory only where they are told to', () => {
  expect(made(remainsInventory, report)).toEqual([])
  expect(made(remainsInventory, report, { feeds_inventory: 'false' })).toEqual([])
})

test('of remains each warehouse is a row, and what is under way is one; the total is none', () => {
  const rows = made(remainsInventory, report, { feeds_inventory: true })!
  const brief = rows.map(row => [row.warehouse_key, row.current_stock, row.in_way_to_client, row.in_way_from_client])
  expect(brief).toEqual([
    ['in-way', null, 14, 4],
    ['Склад WB РФ', 134, null, null],
    ['Склад WB СГТ РФ', 10, null, null],
    ['Минск', 123, null, null],
  ])
  expect(rows[1]).toMatchObject({
    product_id: '183804172',
    sku: '2037031652319',
    stock_type: 'FBO',
    available_stock: 134,
  })
})

test('entries that are missing are 0, since only what is not 0 has one', () => {
  const rows = made(remainsInventory, remainsOf({}), { feeds_inventory: true })
  expect(rows).toMatchObject([
    { warehouse_key: 'in-way', in_way_to_client: 0, in_way_from_client: 0, current_stock: null },
  ])
})

test('remains whose warehouses do not make up the total are refused: one of them may be no warehouse', () => {
  const odd = remainsOf({ 'In transit to customers': 14, 'Всего находится на складах': 5, Минск: 5 })
  expect(() => made(remainsInventory, odd, { feeds_inventory: true })).toThrow('hold 19 and its total is 5')
  const other = remainsOf({ 'Total in warehouses': 5, Minsk: 5 })
  expect(() => made(remainsInventory, other, { feeds_inventory: true })).toThrow('hold 10 and its total is not told')
})

test('a product that the report lacks is under way no more, and in no warehouse', () => {
  const gone = { ...report, gone_at: '2026-08-21T21:00:00+00:00' }
  expect(made(remainsInventory, gone, { feeds_inventory: true })).toMatchObject([
    { warehouse_key: 'in-way', in_way_to_client: 0, in_way_from_client: 0 },
  ])
})

test('what the seller calls a product is told by the report, if the seller calls it anything', () => {
  const named = { source: 'Wildberries', product_id: '183804172', article: '41058/прозрачный' }
  expect(made(skus, report)).toMatchObject([{ ...named, sku: '2037031652319', barcode: '2037031652319' }])
  expect(made(skus, { ...report, barcode: '' })).toMatchObject([{ ...named, sku: '0', barcode: null }])
  expect(made(skus, { ...report, vendor_code: null })).toEqual([])
})
