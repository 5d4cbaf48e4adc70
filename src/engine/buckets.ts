import { type Rule, termsOf } from '../core/limit.ts'
import type { Cost } from '../core/limits.ts'
import type { Source } from '../core/source.ts'

/** One limit of a vendor, as one owner's bucket, and what a question costs in it. */
export type Spent = Cost & { rule: Rule; limit: string }

/**
 * The buckets that a question of a source is spent from. `egress` names the address our requests leave from.
 * @throws RangeError when a question costs more than a limit ever gives at once, or names a limit there is not
 */
export function bucketsOf(egress: string, source: Source, costs: Source['stream']['limit']): Spent[] {
  const { connector, account: slug, credentials } = source
  return Object.entries(costs).map(([limit, cost = 0]) => {
    const rule = connector.limits[limit]
    if (!rule) throw new RangeError(`${connector.name} has no limit "${limit}"`)
    const owner = rule.owner === 'egress' ? egress : rule.owner({ slug, credentials })
    const terms = termsOf(rule)
    const most = Math.min(terms.ceiling, terms.burst)
    if (cost > most) throw new RangeError(`a cost of ${cost} never fits the limit ${limit} of ${most} at once`)
    return {
      bucket: rule.key ? `${rule.key}:${owner}` : `${connector.name}/${limit}/${owner}`,
      terms,
      cost,
      rule,
      limit,
    }
  })
}
