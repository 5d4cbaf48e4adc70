import { chance } from '../random.ts'
import type { Product } from './product.ts'
import type { Kept, Shop } from './shop.ts'
import type { Scheme } from './warehouse.ts'

/** A row as the vendor sends it, in the vendor's own field names. */
export type Row = Record<string, unknown>

const schemes: readonly Scheme[] = ['fbs', 'rfbs', 'fbo', 'fbp']
export const ownSchemes: readonly Scheme[] = ['fbs', 'rfbs']

/** Stock under all schemes (/v4/product/info/stocks). A scheme without a warehouse that keeps the product is not there. */
export function stockItem(shop: Shop, product: Product, now: number): Row {
  const { offer_id, product_id } = product
  return { offer_id, product_id, stocks: schemes.flatMap(type => shipments(shop, product, type, now)) }
}

/** Goods sold by the quant have a second row for whole boxes: together the two are the stock. */
function shipments(shop: Shop, product: Product, type: Scheme, now: number): Row[] {
  const stock = shop.total(product, type, now)
  if (stock === undefined) return []
  const boxed = product.quant > 1 && type === 'fbo' ? Math.floor((stock.present - stock.reserved) / 3) : undefined
  const row = (shipment: string, present: number, reserved: number) => ({
    ...{ type, present, reserved, sku: product.sku },
    ...{ shipment_type: `SHIPMENT_TYPE_${shipment}`, warehouse_ids: [] },
  })
  if (boxed === undefined) return [row('GENERAL', stock.present, stock.reserved)]
  return [row('GENERAL', stock.present - boxed, stock.reserved), row('BOX', boxed, 0)]
}

function identity({ sku, product_id, offer_id }: Product) {
  return { sku, product_id, offer_id }
}

/** Stock of one own warehouse (/v2/product/info/stocks-by-warehouse/fbs). */
export function ownRow(product: Product, { warehouse, present, reserved }: Kept): Row {
  const { warehouse_id, name } = warehouse
  return { ...identity(product), warehouse_id, warehouse_name: name, present, reserved, free_stock: present - reserved }
}

/** The same as told by the warehouse (/v1/product/info/warehouse/stocks): without its name, with the time of the last change. */
export function heldRow(product: Product, { warehouse, present, reserved, updated }: Kept): Row {
  const free_stock = present - reserved
  const updated_at = new Date(updated).toISOString()
  return { ...identity(product), warehouse_id: warehouse.warehouse_id, present, reserved, free_stock, updated_at }
}

/** Stock of one warehouse of the vendor (/v1/product/info/stocks-by-warehouse/fbo): it has no name there. */
export function vendorRow(product: Product, { warehouse, present, reserved }: Kept): Row {
  return { ...identity(product), warehouse_id: warehouse.warehouse_id, present, reserved }
}

/** /v2/analytics/stock_on_warehouses: the warehouse by its name only. */
export function sunsetRow(product: Product, { warehouse, present, reserved }: Kept): Row {
  return {
    sku: product.sku,
    item_code: product.offer_id,
    item_name: product.name,
    free_to_sell_amount: present - reserved,
    promised_amount: onTheWay(product, warehouse.key),
    reserved_amount: reserved,
    warehouse_name: warehouse.name,
  }
}

/** /v1/analytics/stocks, with the fields that were added in August and September 2026. */
export function analyticsRow(product: Product, { warehouse, present, reserved }: Kept): Row {
  const { cluster, key } = warehouse
  const sales = Math.round(chance(key + 11, product.at) * 120) / 10
  const lasting = sales === 0 ? 0 : Math.round(((present - reserved) / sales) * 10) / 10
  const grade = present === 0 ? 'WAITING_FOR_SUPPLY' : lasting < 28 ? 'DEFICIT' : 'ACTUAL'
  return {
    ...{ sku: product.sku, offer_id: product.offer_id, name: product.name },
    ...{ warehouse_id: warehouse.warehouse_id, warehouse_name: warehouse.name },
    ...{ cluster_id: cluster.id, cluster_name: cluster.name, macrolocal_cluster_id: cluster.macrolocal },
    ...{ available_stock_count: present - reserved, valid_stock_count: Math.floor(chance(key + 12, product.at) * 5) },
    ...{ waiting_docs_stock_count: 0, expiring_stock_count: 0, transit_stock_count: onTheWay(product, key) },
    ...{ requested_stock_count: 0, excess_stock_count: 0, other_stock_count: 0, stock_defect_stock_count: 0 },
    ...{ transit_defect_stock_count: 0, return_from_customer_stock_count: 0, return_to_seller_stock_count: 0 },
    ...{ ads: sales, ads_cluster: sales, idc: lasting, idc_cluster: lasting },
    ...{ days_without_sales: 0, days_without_sales_cluster: 0, turnover_grade: grade, turnover_grade_cluster: grade },
    ...{ item_tags: ['ITEM_ATTRIBUTE_NONE'], placement_zone: 'UNSPECIFIED', waiting_docs_to_export_stock_count: 0 },
    ...{ inbound_replenishment: onTheWay(product, key), outbound_pending_delivery: reserved },
    ...{ outbound_returns_picking: 0, outbound_returns_ready_to_ship: 0, outbound_returns_return_to_seller: 0 },
    stock_not_being_sold: 0,
  }
}

function onTheWay({ at }: Product, key: number): number {
  return Math.floor(chance(key + 13, at) * 20)
}

/** /v3/product/list, with the sku, which it tells since 2026-07-09. */
export function listItem(shop: Shop, product: Product, now: number): Row {
  const has = (...wanted: Scheme[]) => wanted.some(scheme => (shop.total(product, scheme, now)?.present ?? 0) > 0)
  return {
    ...identity(product),
    archived: product.archived,
    has_fbo_stocks: has('fbo'),
    has_fbs_stocks: has('fbs', 'rfbs'),
    is_discounted: false,
    quants: product.quant === 1 ? [] : [{ quant_code: `Q${product.quant}`, quant_size: product.quant }],
  }
}
