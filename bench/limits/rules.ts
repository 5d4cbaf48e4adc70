import type { Rule } from '../../src/core/limit.ts'

/**
 * One rule of each kind that vendors keep, with our share of it at 1, so that one question too many is refused. A minute is
 * made 20 s, and what may be spent in it accordingly less; the rates are as documented:
 *
 *   sliding  Allegro's 9,000 a minute, of which 0.6 are used: 90 a second
 *   fixed    Binance's 6,000 of weight a minute by the clock, in questions of weight 2
 *   bucket   Wildberries' 300 a minute, of which 10 may come at once
 *
 * The fixed one is leased, as Binance's is. What is lost to `settle` in a sliding window is three times what is lost of a minute: it is the same, whatever the window.
 */
export const rules = {
  sliding: { kind: 'sliding', max: 1_800, every: '20s', owner: 'egress', settle: '100ms' },
  fixed: { kind: 'fixed', max: 2_000, every: '20s', owner: 'egress', settle: '250ms', lease: '200ms' },
  bucket: { kind: 'bucket', max: 100, every: '20s', burst: 10, owner: 'egress', settle: '100ms' },
} as const satisfies Record<string, Rule>

export type RuleName = keyof typeof rules
export const ruleNames = Object.keys(rules) as RuleName[]

/** What one question costs. */
export const costs: Readonly<Record<RuleName, number>> = { sliding: 1, fixed: 2, bucket: 1 }

/** The length of the window of every rule, in ms. */
export const every = 20_000

/** A limit that nobody reaches: what is left of an acquire is what the store takes for it. */
export const plenty = { kind: 'fixed', max: 1_000_000_000, every: '10s', owner: 'egress' } as const satisfies Rule
