import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { type Duration, milliseconds } from './duration.ts'
import { ceiling, limitOptions, type Rule, ruleFor, termsOf, windowOf } from './limit.ts'

const rule: Rule = { kind: 'fixed', max: 6000, every: '1m', share: 0.7, owner: 'egress' }

test('our ceiling is our share of the vendor’s number, in whole units', () => {
  expect(ceiling(rule)).toBe(4200)
  expect(ceiling({ ...rule, max: 5, share: 0.5 })).toBe(2)
  expect(ceiling({ kind: 'fixed', max: 5, every: '1m', owner: 'egress' })).toBe(5)
})

test('a window is cut by the clock', () => {
  expect(windowOf(rule, new Date('2026-03-01T12:00:59.999Z'))).toEqual({
    from: new Date('2026-03-01T12:00:00Z'),
    to: new Date('2026-03-01T12:01:00Z'),
  })
  expect(windowOf(rule, new Date('2026-03-01T12:01:00Z')).from).toEqual(new Date('2026-03-01T12:01:00Z'))
})

test('a window of the clock keeps its ceiling; too long a settle leaves nothing of it', () => {
  const terms = { kind: 'fixed', ceiling: 4200, every: 60_000_000, settle: 1_000_000, step: 14_286, burst: 4200 }
  expect(termsOf({ ...rule, settle: '1s' })).toEqual(terms)
  expect(() => termsOf({ ...rule, settle: '30s' })).toThrow('a settle of 30s leaves nothing of 1m')
  expect(() => termsOf({ ...rule, max: 2, share: 0.3 })).toThrow('less than one')
})

test('a bucket gives one unit after the other and holds its burst, as far behind as settle and lease say', () => {
  const bucket: Rule = { kind: 'bucket', max: 1, every: '1m', burst: 10, owner: 'egress', settle: '500ms' }
  const terms = { kind: 'paced', ceiling: 1, every: 60_000_000, settle: 500_000, step: 60_000_000, burst: 10 }
  expect(termsOf(bucket)).toEqual(terms)
  expect(termsOf({ ...bucket, lease: '200ms' })).toMatchObject({ settle: 700_000 })
  expect(termsOf({ ...bucket, max: 300, burst: 20, share: 0.5 })).toMatchObject({
    ceiling: 150,
    burst: 10,
    step: 400_000,
  })
})

test('whatever a sliding limit is, its burst and its pace together never fill a window over our share', () => {
  const rules = fc.record({
    max: fc.integer({ min: 1, max: 100_000 }),
    burst: fc.option(fc.integer({ min: 1, max: 5_000 }), { nil: undefined }),
    settle: fc.constantFrom('0ms', '100ms', '2s'),
    lease: fc.constantFrom('0ms', '250ms'),
    share: fc.constantFrom(1, 0.6),
  })
  fc.assert(
    fc.property(rules, ({ burst, settle, lease, ...rest }) => {
      const sliding: Rule = {
        kind: 'sliding',
        every: '1m',
        owner: 'egress',
        settle,
        lease,
        ...rest,
        ...(burst ? { burst } : {}),
      } as Rule
      fc.pre(ceiling(sliding) >= 1)
      const terms = termsOf(sliding)
      const seen = 60_000_000 + milliseconds(settle as Duration) * 1000 + milliseconds(lease as Duration) * 1000
      expect(terms.burst + Math.ceil(seen / terms.step) - 1).toBeLessThanOrEqual(ceiling(sliding))
    }),
  )
})

const tiered: Rule = {
  ...{ kind: 'bucket', max: 1, every: '1m', burst: 10, share: 0.5, owner: ({ slug }) => slug },
  tier: ({ credentials }) => credentials.type,
  tiers: { base: { max: 1, every: '3h' } },
}
const account = (type?: string) => ({ slug: 'main', credentials: type ? { type } : {} })

test('an account of a tier has its numbers and no burst of others; one of an unknown tier has the usual ones', () => {
  expect(ruleFor(tiered, account('base'))).toMatchObject({ max: 1, every: '3h', share: 0.5 })
  expect(ruleFor(tiered, account('base'))).not.toHaveProperty('burst')
  expect(ruleFor(tiered, account('gold'))).toMatchObject({ max: 1, every: '1m', burst: 10 })
  expect(ruleFor(tiered, account())).toMatchObject({ max: 1, every: '1m', burst: 10 })
})

test('the settings go before the rule, each tier by itself, and the share holds for all', () => {
  const given = { max: 6, share: 1, base: { max: 2 } }
  expect(ruleFor(tiered, account(), given)).toMatchObject({ max: 6, every: '1m', burst: 10, share: 1 })
  expect(ruleFor(tiered, account('base'), given)).toMatchObject({ max: 2, every: '3h', share: 1 })
})

test('settings of limits of which nothing is left are refused, with the tier', () => {
  const options = limitOptions({ orders: { ...tiered, share: 1 } })
  const wrong = (orders: object) => options.safeParse({ orders }).error?.issues[0]
  expect(wrong({ max: 2, every: '1m', base: { every: '4h' } })).toBeUndefined()
  expect(wrong({ every: 'soon' })).toMatchObject({ path: ['orders', 'every'] })
  expect(wrong({ share: 0.2 })).toMatchObject({ path: ['orders'], message: expect.stringContaining('less than one') })
  expect(wrong({ gold: { max: 1 } })).toMatchObject({ path: ['orders'], message: expect.stringContaining('gold') })
})

test('the settings that the page on limits shows are taken', () => {
  const page = readFileSync(new URL('../../docs/limits.md', import.meta.url), 'utf8')
  const [, text] = /^```yaml\n(acme:\n {2}limits:[\s\S]*?)^```/m.exec(page)!
  expect(() => limitOptions({ orders: tiered }).parse(parse(text!).acme.limits)).not.toThrow()
})
