import { z } from 'zod'
import { endedStock, stockKey, stockNewer, stockRow } from '../../core/stock.ts'
import { daily } from './daily.ts'
import { ozon } from './vendor.ts'

/** Columns as JSON has them. */
const id = z.union([z.int(), z.string().regex(/^-?\d+$/)]).transform(String)
const pieces = z.union([z.int(), z.string().regex(/^\d+$/)])
const moment = z.iso.datetime({ offset: true }).transform(text => new Date(text))
const asked = { asked_at: moment, gone_at: moment.nullable() }

/** One variable sets it for both streams: they take what lies in the seller's warehouses from one of two places. */
const options = z.strictObject({
  zone: daily.zone,
  warehouses: z.stringbool().or(z.boolean()).default(true).meta({
    env: 'OZON_WAREHOUSES',
    about: 'stock of FBS and realFBS by warehouse (true), or over all warehouses (false)',
  }),
})

const shared = { key: stockKey, newer: stockNewer }

/** The kinds of stock by the schemes of sale. Stock of partners (fbp) is in none of them. */
const kinds: Readonly<Record<string, 'FBO' | 'FBS' | 'realFBS'>> = { fbo: 'FBO', fbs: 'FBS', rfbs: 'realFBS' }

/** How goods are packed makes lines of their own, which together are the stock: each has its key. */
const keys: Readonly<Record<string, string>> = {
  SHIPMENT_TYPE_GENERAL: 'all',
  SHIPMENT_TYPE_BOX: 'all/box',
  SHIPMENT_TYPE_PALLET: 'all/pallet',
}

/** The key of a line in the shared table, but for the account; undefined for stock that is in none of the kinds. */
function lineOf({ product_id, sku, type, shipment_type }: Line) {
  const stock_type = kinds[type]
  const warehouse_key = keys[shipment_type] ?? `all/${shipment_type || 'unknown'}`
  return stock_type && { source: 'Ozon', origin: 'ozon.stocks', product_id, sku, warehouse_key, stock_type }
}

type Line = { product_id: string; sku: string; type: string; shipment_type: string }

/**
 * What lies in Ozon's warehouses, over all of them. Whether `present` holds what is reserved is not documented, so that what
 * can be sold is not known from it.
 */
export const inventory = ozon.normalize({
  name: 'inventory',
  from: 'ozon.stocks',
  table: 'inventory.inventory_data',
  options,
  record: z.object({
    ...{ product_id: id, sku: id, type: z.string(), shipment_type: z.string() },
    ...{ present: pieces, reserved: pieces, ...asked },
  }),
})({
  ...shared,
  schedule: [{ after: 'stocks' }],
  rows: ({ present, reserved, asked_at, gone_at, ...line }, { options: { zone, warehouses } }) => {
    const place = lineOf(line)
    if (place === undefined || (place.stock_type !== 'FBO' && warehouses)) return []
    const told = { quantity_present: present, current_stock: present, ...putAside(reserved) }
    return [stockRow({ ...place, ...told }, { asked_at, gone_at, zone })]
  },
  former: {
    by: ['source', 'origin', 'product_id', 'sku', 'warehouse_key', 'stock_type'],
    whose: lineOf,
    ended: (row, line, { options: { zone } }) => endedStock(row, { ...line, zone }),
  },
})

/**
 * What lies in each of the seller's own warehouses. Its kind is told by the list of warehouses: until that holds the
 * warehouse, the row waits; when it tells another kind, there is nothing of the old one any more.
 */
export const fbsInventory = ozon.normalize({
  name: 'fbs_inventory',
  from: 'ozon.fbs_stocks',
  beside: {
    table: 'ozon.warehouses',
    by: ['account', 'warehouse_id'],
    columns: ['is_rfbs', 'name'],
    flag: 'is_processed',
  },
  table: 'inventory.inventory_data',
  options,
  record: z.object({
    ...{ product_id: id, sku: id, warehouse_id: id, warehouse_name: z.string().nullable() },
    ...{ present: pieces, reserved: pieces, free_stock: pieces, ...asked },
    ...{ is_rfbs: z.boolean().optional(), name: z.string().optional() },
  }),
})({
  ...shared,
  schedule: [{ after: 'fbs_stocks' }, { after: 'warehouses' }],
  rows: (stock, { options }) => {
    const { product_id, sku, warehouse_id, present, free_stock, is_rfbs } = stock
    if (!options.warehouses) return []
    if (is_rfbs === undefined) return undefined
    const place = {
      ...{ source: 'Ozon', origin: 'ozon.fbs_stocks', product_id, sku, warehouse_key: warehouse_id },
      ...{ warehouse_name: stock.warehouse_name || stock.name || null },
      stock_type: is_rfbs ? ('realFBS' as const) : ('FBS' as const),
    }
    const told = { quantity_present: present, current_stock: present, ...putAside(stock.reserved) }
    return [stockRow({ ...place, ...told, available_stock: free_stock }, { ...stock, zone: options.zone })]
  },
  former: {
    by: ['source', 'origin', 'sku', 'warehouse_key'],
    whose: ({ sku, warehouse_id }) => ({ source: 'Ozon', origin: 'ozon.fbs_stocks', sku, warehouse_key: warehouse_id }),
    ended: (row, stock, { options: { zone } }) => endedStock(row, { ...stock, zone }),
  },
})

function putAside(reserved: z.output<typeof pieces>) {
  return { quantity_reserved: reserved, reserved_stock: reserved }
}

/** What the seller calls products: `offer_id`. One that was never offered has no sku, and no stock. */
export const skus = ozon.normalize({
  name: 'skus',
  from: 'ozon.products',
  table: 'inventory.sku_map',
  record: z.object({ product_id: id, sku: id.nullable(), offer_id: z.string(), asked_at: moment }),
})({
  key: ['account', 'source', 'product_id', 'sku'],
  newer: ['updated_at'],
  schedule: [{ after: 'products' }],
  rows: ({ product_id, sku, offer_id, asked_at }) =>
    sku === null ? [] : [{ source: 'Ozon', product_id, sku, article: offer_id, barcode: null, updated_at: asked_at }],
})
