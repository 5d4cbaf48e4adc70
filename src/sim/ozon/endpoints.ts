import { analytics, sunset } from './analytics.ts'
import { type Draft, json } from './answer.ts'
import { createProducts, createWarehouse, reportInfo, reportList } from './filing.ts'
import { products, vendorWarehouses, warehouses } from './lists.ts'
import type { Question } from './question.ts'
import { heldStocks, ownStocks, stocks, vendorStocks } from './stocks.ts'

/**
 * The methods that are alive, by path; all are asked by POST. What was switched off in 2026 is not among them and is
 * unknown: /v1/product/info/stocks-by-warehouse/fbs, /v1/warehouse/list and /v1/analytics/manage/stocks.
 */
export const endpoints: ReadonlyMap<string, (question: Question) => Draft> = new Map([
  ['/v1/report/products/create', createProducts],
  ['/v1/report/warehouse/stock', createWarehouse],
  ['/v1/report/info', reportInfo],
  ['/v1/report/list', reportList],
  ['/v4/product/info/stocks', stocks],
  ['/v2/product/info/stocks-by-warehouse/fbs', ownStocks],
  ['/v1/product/info/warehouse/stocks', heldStocks],
  ['/v1/product/info/stocks-by-warehouse/fbo', vendorStocks],
  ['/v1/analytics/stocks', analytics],
  ['/v2/analytics/stock_on_warehouses', sunset],
  ['/v3/product/list', products],
  ['/v2/warehouse/list', warehouses],
  ['/v1/warehouse/ozon/list', vendorWarehouses],
  ['/v1/roles', roles],
])

/** POST /v1/roles: what the key may do, and until when. */
function roles({ seller, now }: Question): Draft {
  const expires_at = new Date(Math.floor(now / day) * day + 90 * day).toISOString()
  return json(200, { expires_at, roles: seller.roles ?? [{ name: 'Admin', methods: [...endpoints.keys()] }] })
}

const day = 86_400_000
