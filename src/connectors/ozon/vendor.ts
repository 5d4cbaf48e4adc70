import type { Account } from '../../core/account.ts'
import type { Rule } from '../../core/limit.ts'
import { vendor } from '../../core/vendor.ts'

/** Quotas of Ozon belong to a client id, however many keys and programs use it. */
function owner({ slug, credentials }: Account): string {
  return credentials.client_id ?? slug
}

/**
 * No method names a number of its own; field reports tell of refusals with "current max rate per sec.: 2". We ask one at a
 * time, and go slower for a while where even that is refused.
 */
const method: Rule = {
  kind: 'sliding',
  max: 2,
  every: '1s',
  burst: 1,
  settle: '100ms',
  owner,
  slower: { factor: 2, most: 4, until: '10m' },
}

/**
 * The seller API of Ozon. 50 questions a second of one client id over all methods (docs.ozon.ru, "General limits"), and
 * beside that each method has a quota that is not told. `ratelimit-remaining` counts what is left of a second, which is over
 * when we read it: nothing is learnt from it.
 */
export const ozon = vendor('ozon', {
  calls: { kind: 'sliding', max: 50, every: '1s', burst: 5, settle: '50ms', owner },
  product_list: method,
  product_stocks: method,
  fbs_stocks: method,
  fbo_stocks: method,
  report_create: method,
  report_info: method,
  roles: method,
  /** One a minute (swagger of 2026-07-12, of its predecessor /v1/warehouse/list). */
  warehouse_list: { ...method, max: 1, every: '1m', settle: '1s' },
  /** 429 to single calls in the field; four seconds apart they are answered. */
  analytics_stocks: { ...method, max: 1, every: '4s', settle: '200ms' },
})

/** The methods that are asked, each with the limit of its own. */
export const methods = {
  '/v3/product/list': 'product_list',
  '/v4/product/info/stocks': 'product_stocks',
  '/v2/product/info/stocks-by-warehouse/fbs': 'fbs_stocks',
  '/v1/product/info/stocks-by-warehouse/fbo': 'fbo_stocks',
  '/v2/warehouse/list': 'warehouse_list',
  '/v1/report/products/create': 'report_create',
  '/v1/report/info': 'report_info',
  '/v1/analytics/stocks': 'analytics_stocks',
  '/v1/roles': 'roles',
} as const satisfies Record<string, keyof typeof ozon.limits>
