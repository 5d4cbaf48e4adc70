import type { Row } from '../../src/sim/ozon/rows.ts'
import type { Subject } from '../../src/sim/ozon/truth.ts'

/** What a table of ozon holds of an account, by these columns, by the vendor's own books. */
export type Book = { table: string; columns: readonly string[]; rows: Row[] }

const counts =
  `available_stock_count valid_stock_count waiting_docs_stock_count expiring_stock_count transit_stock_count
  requested_stock_count excess_stock_count other_stock_count stock_defect_stock_count transit_defect_stock_count
  return_from_customer_stock_count return_to_seller_stock_count ads ads_cluster idc idc_cluster days_without_sales
  days_without_sales_cluster`.split(/\s+/)

/** What the product report tells of a product, by our names. */
function told(row: Row) {
  const available = 'Доступно к продаже по схеме'
  const empty = (name: string) => (row[name] === '' ? null : row[name])
  return {
    ...{ offer_id: String(row.Артикул).slice(1), product_id: row['Ozon Product ID'], sku: row.SKU },
    ...{
      name: row['Наименование товара'],
      barcode: empty('Barcode'),
      brand: row.Бренд,
      status: row['Статус товара'],
    },
    fbo_present: empty(`${available} FBO, шт.`),
    fbo_reserved: empty('Зарезервировано, шт'),
    fbs_present: empty(`${available} FBS, шт.`),
    rfbs_present: empty(`${available} realFBS, шт.`),
    seller_reserved: empty('Зарезервировано на моих складах, шт'),
    price: row['Текущая цена с учетом скидки, ₽'],
    old_price: empty('Цена до скидки (перечеркнутая цена), ₽'),
    currency: 'RUB',
  }
}

/** Every table, and what the vendor has of it. */
export function booksOf(truth: (subject: Subject) => Row[]): Book[] {
  const product = ['product_id', 'offer_id', 'sku']
  const stock = [...product, 'present', 'reserved']
  const flags = ['archived', 'has_fbo_stocks', 'has_fbs_stocks', 'is_discounted']
  const place = ['sku', 'offer_id', 'name', 'warehouse_id', 'warehouse_name', 'cluster_id', 'macrolocal_cluster_id']
  const graded = ['turnover_grade', 'turnover_grade_cluster', 'placement_zone']
  const lines = truth('stocks').flatMap(({ product_id, offer_id, stocks }) =>
    (stocks as Row[]).map(line => ({ product_id, offer_id, ...line })),
  )
  const visible = (rows: readonly Row[], visibility: string) => rows.map(row => ({ ...told(row), visibility }))
  const reports = [...visible(truth('report'), 'ALL'), ...visible(truth('archive'), 'ARCHIVED')]
  return [
    { table: 'products', columns: [...product, ...flags], rows: truth('products') },
    { table: 'stocks', columns: [...stock, 'type', 'shipment_type'], rows: lines },
    {
      table: 'fbs_stocks',
      columns: [...stock, 'warehouse_id', 'warehouse_name', 'free_stock'],
      rows: truth('fbs'),
    },
    { table: 'fbo_stocks', columns: [...stock, 'warehouse_id'], rows: truth('fbo') },
    { table: 'analytics_stocks', columns: [...place, ...counts, ...graded], rows: truth('analytics') },
    { table: 'report_products', columns: Object.keys(reports[0]!), rows: reports },
  ]
}
