import { z } from 'zod'
import type { Account } from './account.ts'
import { type Duration, milliseconds } from './duration.ts'

/**
 * A vendor's quota, as data: at most `max` units of cost per `every`, of which we use `share`.
 *
 * - kind `fixed`: the vendor counts by the clock (a window of 1m ends at second 0) and starts from nothing then.
 *   `sliding`: the vendor looks back over the last `every`, whenever a question comes. `bucket`: it fills a bucket at the
 *   rate of `max` per `every`, which holds `burst`.
 * - burst: for `bucket` what it holds when it is full (default: `max`); for `sliding` how much we ask at once (default: a
 *   two-hundredth of our ceiling); no question may cost more. Not for `fixed`.
 * - owner: whose quota it is. `egress` is the address our requests leave from, which all accounts behind it share;
 *   otherwise what the account is known by at the vendor: a seller, a client id.
 * - tiers: where the vendor gives some accounts other numbers, those by the tier's name; `tier` tells an account's. Without
 *   one, or with a name that is not among them, the rule's own numbers hold
 * - key: the name of its buckets in Redis, before the owner (`key:owner`), where other programs know it by that.
 * - settle: how much a question may be late or early on its way without counting in a time in which we did not mean it:
 *   nothing is spent for so long before and after the turn of a fixed window; other kinds keep so much more distance.
 * - penalty: by status (`409`, or `4xx`), what an answer has cost in all where it is more than the question.
 * - lease: how long a process may hold what it has spent in advance, to ask the store less often: so much as it asks in
 *   that time. What is spent from a fixed window is good to its end; the ceiling of other kinds shrinks by what could come
 *   together because of it.
 * - learn: what answers tell of the vendor's own count.
 * - slower: after a refusal we did not expect we go slower by this factor, up to `most`, until `until` has passed.
 */
export type Rule = {
  kind: 'fixed' | 'sliding' | 'bucket'
  max: number
  every: Duration
  burst?: number
  share?: number
  owner: 'egress' | ((account: Account) => string)
  tier?(account: Account): string | undefined
  tiers?: Readonly<Record<string, Pace>>
  key?: string
  settle?: Duration
  penalty?: Readonly<Record<string, number>>
  lease?: Duration
  learn?: Lesson
  slower?: { factor: number; most: number; until: Duration }
}

/** The numbers of a rule that a vendor gives to some accounts. Without `burst` it is `max`. */
type Pace = Pick<Rule, 'max' | 'every' | 'burst'>

/** What a response header tells: `used` in the present window (`fixed`), or `left` in the bucket (other kinds). */
type Lesson = { header: string; tells: 'used' | 'left' }

/** The limits of a vendor by name. */
export type Rules = Readonly<Record<string, Rule>>

/**
 * A rule in the numbers that every store of buckets reckons with; times are whole microseconds.
 *
 *   fixed    `ceiling` units in each window of `every`, none within `settle` of its beginning and its end
 *   paced    one unit every `step`, `burst` of them saved up, always `settle` behind what is allowed
 *   circuit  no units: it is open for everybody, or closed for everybody for a while
 */
export type Terms = {
  kind: 'fixed' | 'paced' | 'circuit'
  ceiling: number
  every: number
  settle: number
  step: number
  burst: number
}

/** What the settings say of a limit, in place of what its connector does; of a tier, below its name. */
export type Limited = Partial<Pace & { share: number }> & {
  [tier: string]: Partial<Pace> | number | string | undefined
}

/** The rule as it holds for an account: its tier's numbers in place of the usual ones, and the settings' in place of both. */
export function ruleFor(rule: Rule, account: Account, given: Limited = {}): Rule {
  const name = rule.tier?.(account)
  const pace = name === undefined ? undefined : rule.tiers?.[name]
  const { max, every, burst, share } = given
  const shared = { ...rule, ...defined({ share }) }
  if (!name || !pace) return { ...shared, ...defined({ max, every, burst }) }
  const { burst: usual, ...rest } = shared
  return { ...rest, ...pace, ...(given[name] as Partial<Pace> | undefined) }
}

function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never
}

/** The settings of limits: each with its numbers and share, and those of its tiers below their names. */
export function limitOptions(rules: Rules): z.ZodObject {
  const every = z.string().refine(isDuration, 'must be a number and ms, s, m, h or d, such as 1m')
  const pace = { max: z.int().positive().optional(), every: every.optional(), burst: z.int().positive().optional() }
  const share = z.number().positive().max(1).optional()
  const sections = Object.entries(rules).map(([name, rule]) => {
    const tiers = Object.keys(rule.tiers ?? {}).map(tier => [tier, z.strictObject(pace).optional()])
    const section = z.strictObject({ ...pace, share, ...Object.fromEntries(tiers) }).superRefine(usable(rule))
    return [
      name,
      z
        .preprocess(whole, section)
        .optional()
        .meta({ about: aboutRule(rule) }),
    ]
  })
  return z.strictObject(Object.fromEntries(sections))
}

/** A limit is one setting: its numbers belong together. */
function whole(value: unknown): unknown {
  return value
}

/** What a limit is when the settings say nothing of it. */
function aboutRule(rule: Rule): string {
  const tiers = Object.entries(rule.tiers ?? {}).map(([tier, pace]) => `, ${tier}: {${paceText(pace)}}`)
  return `of one owner; usually {${paceText(rule)}${tiers.join('')}}`
}

function paceText({ max, every, burst, share }: Pace & { share?: number }): string {
  const numbers = Object.entries({ max, every, burst, share }).filter(([, value]) => value !== undefined)
  return numbers.map(([name, value]) => `${name}: ${value}`).join(', ')
}

function isDuration(text: string): boolean {
  try {
    return milliseconds(text as Duration) > 0
  } catch {
    return false
  }
}

/** Numbers of which nothing is left are refused where they are given. */
function usable(rule: Rule) {
  return (given: Record<string, unknown>, context: z.core.$RefinementCtx) => {
    for (const tier of [undefined, ...Object.keys(rule.tiers ?? {})]) {
      try {
        termsOf(ruleFor({ ...rule, tier: () => tier }, { slug: '', credentials: {} }, given as Limited))
      } catch (error) {
        context.addIssue({ code: 'custom', path: tier ? [tier] : [], message: (error as Error).message })
      }
    }
  }
}

/** What we allow ourselves in one window: the vendor's number times our share, whole units. */
export function ceiling({ max, share = 1 }: Rule): number {
  return Math.floor(max * share + 1e-9)
}

/** The numbers of a rule. @throws RangeError when nothing is left of its ceiling or of its windows */
export function termsOf(rule: Rule): Terms {
  const [most, every, settle] = [ceiling(rule), micros(rule.every), micros(rule.settle)]
  if (most < 1) throw new RangeError(`a share of ${rule.share} of ${rule.max} per ${rule.every} is less than one`)
  if (rule.kind === 'fixed' && 2 * settle >= every)
    throw new RangeError(`a settle of ${rule.settle} leaves nothing of ${rule.every}`)
  const common = { ceiling: most, every, settle }
  if (rule.kind === 'fixed') return { ...common, kind: 'fixed', step: Math.ceil(every / most), burst: most }
  return { ...common, kind: 'paced', ...paceOf(rule, most, every, micros(rule.lease)) }
}

/**
 * Pace and burst. Of a sliding window the burst is taken off, so that a burst and the pace after it fit into any window
 * together, however it lies. What is late on its way or kept in a lease comes together with what follows: a bucket
 * keeps that distance (`settle`), a sliding window is taken for so much longer.
 */
function paceOf({ kind, burst, share = 1, settle }: Rule, most: number, every: number, lease: number) {
  if (kind === 'bucket') {
    const held = Math.max(1, Math.floor((burst ?? most) * (burst === undefined ? 1 : share) + 1e-9))
    return { step: Math.ceil(every / most), burst: held, settle: micros(settle) + lease }
  }
  const held = Math.min(most, burst ?? Math.max(1, Math.floor(most / 200)))
  return { step: Math.ceil((every + micros(settle) + lease) / (most - held + 1)), burst: held, settle: 0 }
}

function micros(duration: Duration | undefined): number {
  return duration === undefined ? 0 : Math.round(milliseconds(duration) * 1000)
}

/** The window of a fixed rule that `moment` falls into, as the vendor's clock cuts it. */
export function windowOf({ every }: Rule, moment: Date): { from: Date; to: Date } {
  const length = milliseconds(every)
  const from = Math.floor(moment.getTime() / length) * length
  return { from: new Date(from), to: new Date(from + length) }
}
