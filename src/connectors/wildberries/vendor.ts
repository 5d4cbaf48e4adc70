import type { Rule } from '../../core/limit.ts'
import { vendor } from '../../core/vendor.ts'
import { sellerOf, tierOf } from './token.ts'

/** So many questions per time, and how many of them at once. */
type Pace = Required<Pick<Rule, 'max' | 'every' | 'burst'>>

/**
 * A bucket of a method, or of a group of methods that stands in one row of the vendor's table: per seller, and with other
 * numbers for base tokens. `X-Ratelimit-Remaining` tells what is left in it.
 */
function bucket(pace: Pace, base?: Pace): Rule {
  return {
    ...{ kind: 'bucket', ...pace, owner: sellerOf, tier: tierOf, ...(base ? { tiers: { base } } : {}) },
    learn: { header: 'x-ratelimit-remaining', tells: 'left' },
    settle: '500ms',
    slower: { factor: 2, most: 4, until: '1h' },
  }
}

/**
 * The limits of the seller API (knowledge base, "Rate limits", April 2026, and the specifications of 2026-08-18), for
 * personal and service tokens, then for base ones. Both stock reports share a row, and so do a supply and its goods.
 * The stock reports take no base tokens. `/ping`: three in half a minute (01-general).
 */
export const wildberries = vendor('wildberries', {
  orders: bucket({ max: 1, every: '1m', burst: 10 }, { max: 1, every: '3h', burst: 1 }),
  sales: bucket({ max: 1, every: '1m', burst: 1 }, { max: 1, every: '2h', burst: 1 }),
  order_feed: bucket({ max: 1, every: '1m', burst: 1 }, { max: 1, every: '3h', burst: 1 }),
  stocks: bucket({ max: 3, every: '1m', burst: 1 }),
  remains_create: bucket({ max: 1, every: '1m', burst: 5 }, { max: 4, every: '1h', burst: 1 }),
  remains_status: bucket({ max: 1, every: '5s', burst: 5 }, { max: 4, every: '1h', burst: 1 }),
  remains_download: bucket({ max: 1, every: '1m', burst: 1 }, { max: 4, every: '1h', burst: 1 }),
  supplies: bucket({ max: 30, every: '1m', burst: 10 }, { max: 2, every: '1h', burst: 1 }),
  supply: bucket({ max: 30, every: '1m', burst: 10 }, { max: 2, every: '1h', burst: 1 }),
  finance: bucket({ max: 1, every: '1m', burst: 1 }, { max: 2, every: '24h', burst: 1 }),
  ping: bucket({ max: 3, every: '30s', burst: 3 }),
})
