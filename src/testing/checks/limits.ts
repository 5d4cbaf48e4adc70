import { milliseconds } from '../../core/duration.ts'
import { type Rule, type Rules, windowOf } from '../../core/limit.ts'
import type { Whole } from '../check.ts'
import type { Flaw } from '../flaw.ts'
import type { Kit } from '../kit.ts'
import type { Call } from '../wire.ts'
import type { World } from '../world.ts'

/** A quota belongs to its owner, however many workers spend from it. */
export const limits: Whole = {
  says: 'two workers together keep its limits, and the vendor refuses neither',
  look: async kit => {
    const declared = await flawsOf(kit, rules => mapped(rules, unleased), 'as they are')
    if (declared.length > 0) return declared
    const most = dearest(kit)
    return flawsOf(kit, rules => mapped(rules, (rule, name) => tightened(rule, most[name] ?? 1)), 'made tight')
  },
}

/** Two accounts, so that there is something to do for two, whatever the streams and their parts. */
const accounts = ['kit', 'kit2']

function flawsOf(kit: Kit, change: (rules: Rules) => Rules, how: string): Promise<Flaw[]> {
  const rules = change(kit.connector.limits)
  return kit.within({ limits: () => rules, accounts }, async world => {
    const runs = await world.together([world.hire(), world.hire()])
    const open = runs.find(({ state }) => state !== 'success' && state !== 'partial')
    const refused = world.calls.filter(({ status }) => status === 429 || status === 418)
    return [
      ...(refused.length > 0 ? [refusal(refused, how)] : []),
      ...Object.entries(rules).flatMap(([name, rule]) => ownersOf(kit, name, rule, world).flatMap(excess)),
      ...(open && refused.length === 0 ? [unended(open.stream, open.error ?? open.reason, how)] : []),
    ]
  })
}

function mapped(rules: Rules, change: (rule: Rule, name: string) => Rule): Rules {
  return Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, change(rule, name)]))
}

/** What is paid in advance is kept by real time, which the kit's clock does not follow. */
function unleased({ lease, ...rule }: Rule): Rule {
  return rule
}

/** A limit under which these few questions meet it: three of the dearest in each of its times. */
function tightened(rule: Rule, cost: number): Rule {
  const { share, lease, learn, ...rest } = rule
  const max = Math.min(rest.max, 3 * cost)
  return { ...rest, max, ...(rest.kind === 'fixed' ? {} : { burst: cost }) }
}

/** The most that one question costs of each limit, as the streams say. */
function dearest({ connector }: Kit): Record<string, number> {
  const most: Record<string, number> = {}
  for (const { limit } of connector.streams) {
    for (const [name, cost = 0] of Object.entries(limit)) most[name] = Math.max(most[name] ?? 1, cost)
  }
  return most
}

/** What one owner has spent of a limit, in order of time. */
type Spent = { name: string; rule: Rule; calls: { at: number; cost: number }[] }

function ownersOf({ streams, source }: Kit, name: string, rule: Rule, { calls }: World): Spent[] {
  const { credentials } = source(streams[0]!)
  const ownerOf = ({ account }: Call) => (rule.owner === 'egress' ? '' : rule.owner({ slug: account, credentials }))
  const spent = calls.map(call => ({ owner: ownerOf(call), at: call.at, cost: call.costs[name] ?? 0 }))
  const groups = Map.groupBy(
    spent.filter(({ cost }) => cost > 0),
    ({ owner }) => owner,
  )
  return [...groups.values()].map(each => ({ name, rule, calls: each }))
}

/** Counted as the vendor counts: by windows of the clock, over any stretch of its length, or by a bucket that fills up. */
function excess({ name, rule, calls }: Spent): Flaw[] {
  const most = { fixed: inWindows, sliding: inStretches, bucket: inBucket }[rule.kind](rule, calls)
  const allowed = rule.kind === 'bucket' ? (rule.burst ?? rule.max) : rule.max
  if (most <= allowed) return []
  const expected = `at most ${allowed} of "${name}" at once or per ${rule.every} (${rule.kind})`
  const change = 'correct `share` (1 at most), `burst`, or what an `Ask` says it costs in `limit`'
  return [{ expected, came: `${most}, by two workers together`, change }]
}

function inWindows(rule: Rule, calls: Spent['calls']): number {
  const windows = Map.groupBy(calls, ({ at }) => windowOf(rule, new Date(at)).from.getTime())
  return Math.max(0, ...[...windows.values()].map(sum))
}

function inStretches(rule: Rule, calls: Spent['calls']): number {
  const length = milliseconds(rule.every)
  return Math.max(0, ...calls.map(({ at }) => sum(calls.filter(each => each.at > at - length && each.at <= at))))
}

/** How much was missing from the bucket when it was emptiest. */
function inBucket({ max, every }: Rule, calls: Spent['calls']): number {
  let [missing, latest, most] = [0, Number.NEGATIVE_INFINITY, 0]
  for (const { at, cost } of calls) {
    missing = Math.max(0, missing - ((at - latest) * max) / milliseconds(every)) + cost
    latest = at
    most = Math.max(most, missing)
  }
  return Math.round(most * 1e6) / 1e6
}

function sum(calls: Spent['calls']): number {
  return calls.reduce((all, { cost }) => all + cost, 0)
}

function refusal(refused: readonly Call[], how: string): Flaw {
  const [{ status, method, url }] = refused as [Call]
  return {
    expected: `with its limits ${how}, two workers are never refused`,
    came: `${refused.length} refusals, the first ${status} to ${method} ${url}`,
    change:
      'the imitated vendor allows less than `limits` say: correct `max`, `every`, the kind, or what a question costs',
  }
}

function unended(stream: string, why: string | null, how: string): Flaw {
  const change =
    'correct what the crawl by one worker complains of first; otherwise the limit is too small for what a question costs'
  return { expected: `with its limits ${how}, ${stream} is collected to its end`, came: String(why), change }
}
