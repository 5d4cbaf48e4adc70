import { type Draft, list } from './answer.ts'
import { ids, invalid, oneOf, texts, whole } from './body.ts'
import type { Product } from './product.ts'
import type { Question } from './question.ts'
import { analyticsRow, type Row, sunsetRow } from './rows.ts'
import type { Kept } from './shop.ts'

/** POST /v1/analytics/stocks: FBO stock of up to 100 named products by warehouse, without pages; those of the archive are not told. */
export function analytics({ shop, body, now }: Question): Draft {
  const skus = ids(body, 'skus', 100)
  if (skus.length === 0) throw invalid('skus is required')
  const [clusters, macrolocal] = [ids(body, 'cluster_ids'), ids(body, 'macrolocal_cluster_ids')]
  if (clusters.length > 0 && macrolocal.length > 0) throw invalid('use cluster_ids or macrolocal_cluster_ids')
  const places = ids(body, 'warehouse_ids')
  const grades = texts(body, 'turnover_grades')
  const isWanted = ({ warehouse }: Kept) =>
    isIn(places, warehouse.warehouse_id) &&
    isIn(clusters, warehouse.cluster.id) &&
    isIn(macrolocal, warehouse.cluster.macrolocal)

  const rows = skus
    .map(shop.bySku)
    .filter(product => product !== undefined)
    .filter(({ archived }) => !archived)
    .flatMap(product =>
      shop
        .kept(product, ['fbo'], now)
        .filter(isWanted)
        .map(kept => analyticsRow(product, kept)),
    )
    .filter(row => isIn(grades, row.turnover_grade as string))
  return list(rows, items => ({ items }))
}

/** An empty list asks for everything. */
function isIn<Value>(wanted: readonly Value[], value: Value): boolean {
  return wanted.length === 0 || wanted.includes(value)
}

const darkStores = ['ALL', 'EXPRESS_DARK_STORE', 'NOT_EXPRESS_DARK_STORE']

/** POST /v2/analytics/stock_on_warehouses: announced to end, pages by offset without a total. */
export function sunset({ shop, body, now }: Question): Draft {
  const limit = whole(body, 'limit', 1, 1000)
  const offset = body.offset === undefined ? 0 : whole(body, 'offset', 0, Number.MAX_SAFE_INTEGER)
  const none = oneOf(body, 'warehouse_type', darkStores) === 'EXPRESS_DARK_STORE'
  const rowsOf = (product: Product) => shop.kept(product, ['fbo'], now).map(kept => sunsetRow(product, kept))
  const rows = none ? [] : [...stretch(shop.products(0, false), rowsOf, offset, limit)]
  return list(rows, kept => ({ result: { rows: kept } }))
}

function* stretch(products: Iterable<Product>, rowsOf: (product: Product) => Row[], offset: number, limit: number) {
  let at = 0
  for (const product of products) {
    for (const row of rowsOf(product)) {
      if (at >= offset + limit) return
      if (at++ >= offset) yield row
    }
  }
}
