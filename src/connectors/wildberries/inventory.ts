import { z } from 'zod'
import { endedStock, stockKey, stockNewer, stockRow } from '../../core/stock.ts'
import { daily } from './settings.ts'
import { wildberries } from './vendor.ts'
import { warehouses, warehousesIn } from './warehouses.ts'

/** Columns as JSON has them. */
const id = z.union([z.int(), z.string().regex(/^-?\d+$/)]).transform(String)
const pieces = z.int()
const moment = z.iso.datetime({ offset: true }).transform(text => new Date(text))
const asked = { asked_at: moment, gone_at: moment.nullable() }

const place = { nm_id: id, chrt_id: id, warehouse_id: id, warehouse_name: z.string(), quantity: pieces }

type Stock = { nm_id: string; chrt_id: string; warehouse_id: string; warehouse_name: string; quantity: number }

const shared = { key: stockKey, newer: stockNewer }
const zoned = { zone: daily.zone }

/**
 * What lies in the vendor's warehouses, by size and warehouse. `quantity` is what buyers can order; what is reserved is not
 * told.
 */
export const inventory = wildberries.normalize({
  name: 'inventory',
  from: 'wildberries.stocks',
  table: 'inventory.inventory_data',
  options: z.strictObject(zoned),
  record: z.object({ ...place, in_way_to_client: pieces, in_way_from_client: pieces, ...asked }),
})({
  ...shared,
  schedule: [{ after: 'stocks' }],
  rows: (stock, { options }) => {
    const { in_way_to_client, in_way_from_client } = stock
    const where = { ...placeOf(stock), stock_type: 'FBO', origin: 'wildberries.stocks' } as const
    return [stockRow({ ...where, in_way_to_client, in_way_from_client }, { ...stock, ...options })]
  },
})

/** What lies in the seller's own warehouses. */
export const sellerInventory = wildberries.normalize({
  name: 'seller_inventory',
  from: 'wildberries.seller_stocks',
  table: 'inventory.inventory_data',
  options: z.strictObject(zoned),
  record: z.object({ ...place, ...asked }),
})({
  ...shared,
  schedule: [{ after: 'seller_stocks' }],
  rows: (stock, { options }) => {
    const where = { ...placeOf(stock), stock_type: 'FBS', origin: 'wildberries.seller_stocks' } as const
    return [stockRow(where, { ...stock, ...options })]
  },
})

function placeOf({ nm_id, chrt_id, warehouse_id, warehouse_name, quantity }: Stock) {
  return {
    ...{ source: 'Wildberries', product_id: nm_id, sku: chrt_id, warehouse_key: warehouse_id, warehouse_name },
    ...{ quantity_present: quantity, current_stock: quantity, available_stock: quantity },
  }
}

/**
 * The same as `inventory` from the report of remains, for accounts that cannot have that (base tokens): only where they say so,
 * or it would be counted twice. The report knows no sizes by number: the barcode stands for the sku. What is under way lies in
 * no warehouse and has a row of its own, which also tells that this was the product's whole list.
 */
export const remainsInventory = wildberries.normalize({
  name: 'remains_inventory',
  from: 'wildberries.remains',
  table: 'inventory.inventory_data',
  options: z.strictObject({
    ...zoned,
    feeds_inventory: z.stringbool().or(z.boolean()).default(false).meta({
      about: 'take stock from this report (true): for accounts with base tokens, which cannot have the stream stocks',
    }),
  }),
  record: z.object({
    ...{ nm_id: id, barcode: z.string(), tech_size: z.string(), warehouses, ...asked },
    ...{
      quantity_total: pieces.nullable(),
      in_way_to_client: pieces.nullable(),
      in_way_from_client: pieces.nullable(),
    },
  }),
})({
  ...shared,
  schedule: [{ after: 'remains' }],
  rows: (report, { options: { zone, feeds_inventory } }) => {
    if (!feeds_inventory) return []
    const { in_way_to_client, in_way_from_client } = report
    const product = { ...productOf(report), stock_type: 'FBO' } as const
    const way = { ...product, warehouse_key: 'in-way', in_way_to_client, in_way_from_client }
    const real = report.gone_at ? [] : [...wholeList(report)]
    return [
      stockRow(way, { ...report, zone }),
      ...real.map(([name, quantity]) => {
        const told = { quantity_present: quantity, current_stock: quantity, available_stock: quantity }
        return stockRow({ ...product, warehouse_key: name, warehouse_name: name, ...told }, { ...report, zone })
      }),
    ]
  },
  former: {
    by: ['source', 'origin', 'product_id', 'sku'],
    whose: (report, { options: { feeds_inventory } }) => (feeds_inventory ? undefined : productOf(report)),
    ended: (row, report, { options: { zone } }) => endedStock(row, { ...report, zone }),
  },
})

function productOf({ nm_id, barcode, tech_size }: { nm_id: string; barcode: string; tech_size: string }) {
  return { source: 'Wildberries', origin: 'wildberries.remains', product_id: nm_id, sku: barcode || tech_size }
}

type Report = { warehouses: z.output<typeof warehouses>; quantity_total: number | null }

/**
 * The pieces in each warehouse by its name.
 * @throws Error when they do not make up the total: one of them is no warehouse, under a name that is not known here
 */
function wholeList({ warehouses, quantity_total }: Report): Map<string, number> {
  const held = new Map<string, number>()
  for (const { warehouseName: name, quantity } of warehousesIn(warehouses)) {
    held.set(name, (held.get(name) ?? 0) + quantity)
  }
  const sum = [...held.values()].reduce((all, quantity) => all + quantity, 0)
  if (sum === quantity_total) return held
  throw new Error(`its warehouses hold ${sum} and its total is ${quantity_total ?? 'not told'}`)
}

/** What the seller calls products: `vendorCode`, which only this report tells. */
export const skus = wildberries.normalize({
  name: 'skus',
  from: 'wildberries.remains',
  flag: 'is_mapped',
  table: 'inventory.sku_map',
  record: z.object({
    ...{ nm_id: id, barcode: z.string(), tech_size: z.string(), vendor_code: z.string().nullable(), asked_at: moment },
  }),
})({
  key: ['account', 'source', 'product_id', 'sku'],
  newer: ['updated_at'],
  schedule: [{ after: 'remains' }],
  rows: ({ nm_id, barcode, tech_size, vendor_code, asked_at }) => {
    const product = { source: 'Wildberries', product_id: nm_id, sku: barcode || tech_size }
    return vendor_code ? [{ ...product, article: vendor_code, barcode: barcode || null, updated_at: asked_at }] : []
  },
})
