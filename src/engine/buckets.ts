import { type Limited, type Rule, ruleFor, termsOf } from '../core/limit.ts'
import type { Cost } from '../core/limits.ts'
import type { Source } from '../core/source.ts'

/** One limit of a vendor, as one owner's bucket, and what a question costs in it. */
export type Spent = Cost & { rule: Rule; limit: string }

/**
 * The buckets that a question of a source is spent from. `egress` names the address our requests leave from.
 * @throws RangeError when a question costs more than a limit ever gives at once, or names a limit there is not
 */
export function bucketsOf(egress: string, source: Source, costs: Source['stream']['limit']): Spent[] {
  const { connector, settings } = source
  const account = { slug: source.account, credentials: source.credentials }
  return Object.entries(costs).map(([limit, cost = 0]) => {
    const declared = connector.limits[limit]
    if (!declared) throw new RangeError(`${connector.name} has no limit "${limit}"`)
    const rule = ruleFor(declared, account, (settings.limits as Record<string, Limited> | undefined)?.[limit])
    const owner = rule.owner === 'egress' ? egress : rule.owner(account)
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
