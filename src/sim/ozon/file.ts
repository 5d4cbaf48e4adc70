import type { Draft } from './answer.ts'
import { isOfArchive } from './choice.ts'
import { csv } from './csv.ts'
import { headerOf } from './layout.ts'
import type { Product } from './product.ts'
import type { Report } from './reports.ts'
import { ownRow, ownSchemes, type Row } from './rows.ts'
import type { Shop } from './shop.ts'
import { cellsOf } from './table.ts'

/** The file of a finished report, written when it is fetched, with the numbers of the moment the report was asked for. */
export function fileAnswer(shop: Shop, report: Report): Draft {
  const headers = { 'content-type': report.xlsx ? 'application/octet-stream' : 'text/csv' }
  if (report.xlsx) return { status: 200, headers, rows: [], encode: () => workbook }
  const { columns, rows } = tableOf(shop, report)
  return { status: 200, headers, rows, encode: kept => csv(columns, kept) }
}

/** How every workbook begins; nobody is expected to read further. */
const workbook = Buffer.from('PK\u0003\u0004\u0014\u0000\u0006\u0000\u0008\u0000[Content_Types].xml', 'latin1')

/** Headers in their order, and the rows by header. */
export function tableOf(shop: Shop, report: Report): { columns: string[]; rows: Iterable<Row> } {
  return report.type === 'seller_products' ? productTable(shop, report) : warehouseTable(shop, report)
}

function productTable(shop: Shop, report: Report) {
  const header = headerOf(report.layout, report.english)
  const rows = function* () {
    for (const product of productsOf(shop, report)) {
      const cells = cellsOf(shop, product, report.layout, report.created)
      yield Object.fromEntries(header.map(column => [column.header, cells[column.cell]]))
    }
  }
  return { columns: header.map(column => column.header), rows: rows() }
}

function* productsOf(shop: Shop, { ask }: Report): Iterable<Product> {
  const { visibility, offers, skus, search } = ask
  if (!['ALL', 'IN_SALE', 'ARCHIVED', 'MANUAL_ARCHIVED'].includes(visibility)) return
  for (const product of shop.products(0, isOfArchive(visibility))) {
    const isNamed = offers.includes(product.offer_id) || skus.includes(product.sku)
    if (offers.length + skus.length > 0 && !isNamed) continue
    if (product.name.includes(search) || product.offer_id.includes(search)) yield product
  }
}

/** No source shows this file: its headers are made up. */
function warehouseTable(shop: Shop, { ask, created }: Report) {
  const columns = ['Артикул', 'SKU', 'ID склада', 'Название склада', 'Доступно, шт', 'Зарезервировано, шт']
  const rows = function* () {
    for (const product of shop.products(0, false)) {
      for (const kept of shop.kept(product, ownSchemes, created)) {
        if (!ask.warehouses.includes(kept.warehouse.warehouse_id)) continue
        const { offer_id, sku, warehouse_id, warehouse_name, free_stock, reserved } = ownRow(product, kept)
        const cells = [`'${offer_id}`, sku, warehouse_id, warehouse_name, free_stock, reserved]
        yield Object.fromEntries(columns.map((column, at) => [column, cells[at]]))
      }
    }
  }
  return { columns, rows: rows() }
}
