import { array, asyncProperty, assert as check, constant, constantFrom, integer, oneof, record } from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { milliseconds } from '../../src/core/duration.ts'
import { ceiling, type Rule, type Terms, termsOf } from '../../src/core/limit.ts'
import type { Cost, Grant, Limits, News } from '../../src/core/limits.ts'
import { type Priority, priorities } from '../../src/core/priority.ts'
import { modelOf } from './model.ts'
import { vendorOf } from './vendor.ts'
import type { World } from './worlds.ts'

const noon = Date.parse('2026-03-01T12:00:00Z')

const rules = {
  fixed: { kind: 'fixed', max: 20, every: '10s', share: 0.5, owner: 'egress', settle: '500ms' },
  sliding: { kind: 'sliding', max: 40, every: '10s', share: 0.5, burst: 4, owner: 'egress' },
  bucket: { kind: 'bucket', max: 6, every: '12s', burst: 5, owner: 'egress', settle: '300ms' },
  one: { kind: 'bucket', max: 1, every: '5s', burst: 1, owner: 'egress', settle: '100ms' },
  leased: { kind: 'sliding', max: 50, every: '5s', burst: 5, owner: 'egress', lease: '200ms' },
} as const satisfies Record<string, Rule>

type Name = keyof typeof rules
const names = Object.keys(rules) as Name[]

const circuit: Terms = { kind: 'circuit', ceiling: 0, every: 0, settle: 0, step: 0, burst: 0 }

let buckets = 0
/** A bucket that no other test has. */
const bucketOf = (name: Name) => `acme/${name}/${process.pid}-${buckets++}`

const cost = (bucket: string, name: Name, units = 1): Cost => ({ bucket, terms: termsOf(rules[name]), cost: units })

const priority = constantFrom<Priority[]>(...priorities)

/** What can happen to a pair of buckets and a circuit, one after the other, with time passing between. */
const step = record({
  pass: oneof(constant(0), integer({ min: 0, max: 400 }), integer({ min: 400, max: 8_000 })),
  what: oneof(
    record({
      do: constant('spend' as const),
      of: constantFrom('first', 'second', 'both', 'guarded', 'all'),
      units: integer({ min: 0, max: 3 }),
      priority,
      patience: constantFrom(0, 1_000, 5_000),
    }),
    record({
      do: constant('tell' as const),
      of: constantFrom('first', 'second'),
      news: oneof<never[]>(
        record({ kind: constant('used'), units: integer({ min: 0, max: 12 }) }) as never,
        record({ kind: constant('left'), units: integer({ min: 0, max: 4 }) }) as never,
        record({ kind: constant('charge'), units: integer({ min: 1, max: 5 }) }) as never,
        record({
          kind: constant('close'),
          length: integer({ min: 1, max: 9_000 }),
          note: constant('too many'),
        }) as never,
        record({
          kind: constant('slower'),
          factor: constant(2),
          most: constant(4),
          length: integer({ min: 1, max: 9_000 }),
        }) as never,
      ),
    }),
    record({
      do: constant('try' as const),
      news: oneof<never[]>(
        constant({ kind: 'failed', after: 3, base: 1_000, cap: 5_000, note: 'no answer' }) as never,
        constant({ kind: 'answered' }) as never,
      ),
    }),
  ),
})

/** How often properties are tried; a failure prints the seed and the path to it. */
const runs = Number(process.env.SLUICE_TEST_RUNS ?? 25)

/** The conformance of a store of buckets: every one of them passes this. */
export function limitsSuite(title: string, setup: () => Promise<World>): void {
  describe(title, () => {
    let world: World
    let limits: Limits
    beforeEach(async () => {
      world ??= await setup()
      limits = await world.open()
      await world.at(noon)
    })
    afterEach(() => {
      vi.useRealTimers()
    })

    test('it answers as the plain model of the rules does, whatever happens in whatever order', async () => {
      const property = asyncProperty(
        constantFrom(...names),
        constantFrom(...names),
        array(step, { minLength: 5, maxLength: 40 }),
        async (first, second, steps) => {
          const model = modelOf()
          const [a, b, c] = [bucketOf(first), bucketOf(second), `acme/circuit/${buckets++}`]
          const costs = { first: [cost(a, first)], second: [cost(b, second)], both: [cost(a, first), cost(b, second)] }
          const watched = { bucket: c, terms: circuit, cost: 0 }
          const circuits = { guarded: [...costs.first, watched], all: [...costs.both, watched] }
          let now = noon
          await world.at(now)
          for (const { pass, what } of steps) {
            now += pass
            if (pass > 0) await world.at(now)
            if (what.do === 'spend') {
              const chosen = { ...costs, ...circuits }[what.of as 'all'].map(each => ({
                ...each,
                cost: each.terms.kind === 'circuit' ? 0 : Math.min(what.units, each.terms.burst),
              }))
              const [theirs, ours] = [
                await limits.spend(chosen, what.priority, what.patience),
                model.spend(chosen, what.priority, what.patience, now * 1000),
              ]
              expect(plain(theirs)).toEqual(plain(ours))
            } else {
              const [bucket, terms] =
                what.do === 'try'
                  ? [c, circuit]
                  : what.of === 'first'
                    ? [a, termsOf(rules[first])]
                    : [b, termsOf(rules[second])]
              const news = { asked: new Date(now - 300), ...(what.news as object) } as News
              if (!fits(news, terms)) continue
              expect(await limits.tell(bucket, terms, news)).toBe(model.tell(bucket, terms, news, now * 1000))
            }
          }
        },
      )
      await check(property, { numRuns: runs })
    })

    test.each(names)('%s: whoever asks whenever, the vendor’s own count is never exceeded', async name => {
      const asks = array(
        record({
          pass: integer({ min: 0, max: 900 }),
          late: integer({ min: 0, max: 100 }),
          units: integer({ min: 1, max: 2 }),
          priority,
        }),
        { minLength: 20, maxLength: 80 },
      )
      const property = asyncProperty(asks, async steps => {
        const bucket = bucketOf(name)
        const { settle } = rules[name] as Rule
        const vendor = vendorOf(rules[name])
        let now = noon
        await world.at(now)
        for (const { pass, late, units, priority } of steps) {
          now += pass
          await world.at(now)
          const grant = await limits.spend(
            [cost(bucket, name, Math.min(units, termsOf(rules[name]).burst))],
            priority,
            5_000,
          )
          const travel = settle ? Math.min(late, milliseconds(settle)) : 0
          if (grant.granted)
            expect(vendor.arrive(now + travel, Math.min(units, termsOf(rules[name]).burst))).toBe('answered')
        }
      })
      await check(property, { numRuns: runs })
    })

    test('what is granted at the end of a window and arrives after it leaves the next one enough', async () => {
      const bucket = bucketOf('fixed')
      const vendor = vendorOf(rules.fixed)
      const answers: string[] = []
      for (let now = noon + 9_000; now < noon + 12_000; now += 100) {
        await world.at(now)
        const grant = await limits.spend([cost(bucket, 'fixed')], 'normal', 5_000)
        if (grant.granted) answers.push(vendor.arrive(now + (now < noon + 10_000 ? 500 : 0), 1))
      }
      expect(answers).toEqual(Array(16).fill('answered'))
    })

    test.each(names)('%s: whoever comes back when told to uses nearly all of it', async name => {
      const bucket = bucketOf(name)
      const rule: Rule = rules[name]
      const [began, length] = [noon, 40 * milliseconds(rule.every)]
      let [now, spent] = [began, 0]
      for (;;) {
        await world.at(now)
        const grant = await limits.spend([cost(bucket, name)], 'normal', 5_000)
        if (grant.granted) spent++
        else now += Math.max(1, Math.ceil(grant.wait))
        if (now >= began + length) break
      }
      const allowed = ceiling(rule) * 40
      const burst = rule.kind === 'bucket' ? (rule.burst ?? 0) : 0
      expect(spent).toBeLessThanOrEqual(allowed + burst)
      // What a window loses to its burst (3 of 20, 4 of 25) and to the way questions take is the price of never being over.
      expect(spent / allowed).toBeGreaterThan(name === 'sliding' || name === 'leased' ? 0.8 : 0.97)
    })

    test.each(['fixed', 'sliding', 'bucket'] as const)('%s: high goes first, and no lane starves', async name => {
      const bucket = bucketOf(name)
      const spent = { high: 0, normal: 0, low: 0 }
      const back = { high: noon, normal: noon, low: noon }
      for (let now = noon; now < noon + 20 * milliseconds(rules[name].every); now += 100) {
        await world.at(now)
        for (const lane of ['low', 'normal', 'high'] as const) {
          if (back[lane] > now) continue
          for (let more = true; more; ) {
            const grant = await limits.spend([cost(bucket, name)], lane, 60_000)
            if (grant.granted) spent[lane]++
            else [more, back[lane]] = [false, now + grant.wait]
          }
        }
      }
      const all = spent.high + spent.normal + spent.low
      expect(spent.high / all).toBeGreaterThan(0.6)
      expect(spent.normal / all).toBeGreaterThan(0.05)
      expect(spent.low / all).toBeGreaterThan(0.05)
    })

    test('what many processes ask for at the same moment is given out once', async () => {
      const bucket = bucketOf('fixed')
      await world.at(noon + 1_000)
      const others = await Promise.all([world.open(), world.open(), world.open()])
      const asked = Array.from({ length: 40 }, (_, nth) => others[nth % 3]!.spend([cost(bucket, 'fixed')], 'normal', 0))
      const grants = await Promise.all(asked)
      expect(grants.filter(({ granted }) => granted)).toHaveLength(10)
    })

    test('of several buckets all are spent from or none', async () => {
      const [wide, narrow] = [bucketOf('sliding'), bucketOf('one')]
      const both = [cost(wide, 'sliding'), cost(narrow, 'one')]
      expect(await limits.spend(both, 'normal', 0)).toMatchObject({ granted: true, used: [1, 1] })
      for (let again = 0; again < 3; again++) {
        expect(await limits.spend(both, 'normal', 0)).toMatchObject({ granted: false, bucket: narrow, why: 'share' })
      }
      expect(await limits.spend([cost(wide, 'sliding')], 'high', 0)).toMatchObject({ granted: true, used: [2] })
    })

    test('a process whose own clock is wrong is treated like any other', async () => {
      const bucket = bucketOf('one')
      for (const skew of [-86_400_000, 0, 3_600_000]) {
        vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + skew })
        const grant = await limits.spend([cost(bucket, 'one')], 'normal', 60_000)
        expect(grant).toMatchObject(skew < 0 ? { granted: true } : { granted: false, wait: 5_100 })
        vi.useRealTimers()
      }
    })

    test('a new process finds what others have spent and closed', async () => {
      const [spent, closed] = [bucketOf('one'), bucketOf('fixed')]
      await limits.spend([cost(spent, 'one')], 'normal', 0)
      await limits.tell(closed, termsOf(rules.fixed), { kind: 'close', length: 85_000, note: 'banned' })
      await world.restart?.()
      const other = await world.open()
      expect(await other.spend([cost(spent, 'one')], 'normal', 0)).toMatchObject({ granted: false })
      const refused = { granted: false, bucket: closed, why: 'closed', note: 'banned', wait: 85_000 }
      expect(await other.spend([cost(closed, 'fixed')], 'high', 0)).toEqual(refused)
    })

    test('those who have to wait long get places one after the other, the high lane before the low', async () => {
      const bucket = bucketOf('one')
      const ask = (priority: Priority) => limits.spend([cost(bucket, 'one')], priority, 1_000)
      expect(await ask('normal')).toMatchObject({ granted: true })
      expect(await ask('low')).toMatchObject({ granted: false, wait: 5_100 })
      expect(await ask('low')).toMatchObject({ granted: false, wait: 10_100 })
      expect(await ask('high')).toMatchObject({ granted: false, wait: 5_100 })
      expect(await ask('low')).toMatchObject({ granted: false, wait: 15_100, why: 'lane' })
    })

    test('a clock that is set back makes nobody wait for a time that was a mistake', async () => {
      const [paced, closed] = [bucketOf('one'), bucketOf('fixed')]
      await world.at(noon + 86_400_000)
      await limits.spend([cost(paced, 'one')], 'normal', 0)
      await limits.tell(closed, termsOf(rules.fixed), { kind: 'close', length: 25_000, note: 'banned' })
      await world.at(noon)
      expect(await limits.spend([cost(paced, 'one')], 'normal', 0)).toMatchObject({ granted: false, wait: 5_100 })
      expect(await limits.spend([cost(closed, 'fixed')], 'normal', 0)).toMatchObject({ granted: false, wait: 25_000 })
    })

    test('a clock that is set back gives no window twice', async () => {
      const bucket = bucketOf('fixed')
      await world.at(noon + 8_000)
      expect(await limits.spend([cost(bucket, 'fixed', 9)], 'normal', 0)).toMatchObject({ granted: true })
      await world.at(noon + 3_000)
      expect(await limits.spend([cost(bucket, 'fixed', 2)], 'normal', 0)).toMatchObject({ granted: false, wait: 7_500 })
      await world.at(noon - 60_000 + 1_000)
      expect(await limits.spend([cost(bucket, 'fixed', 2)], 'normal', 0)).toMatchObject({ granted: false, wait: 9_500 })
      expect(await limits.spend([cost(bucket, 'fixed')], 'normal', 0)).toMatchObject({ granted: true, used: [10] })
    })

    test('a list tells what is used, closed, slowed and waited for, and what the last hour has seen', async () => {
      const bucket = bucketOf('fixed')
      const terms = termsOf(rules.fixed)
      const mine = async () => (await limits.list()).find(each => each.bucket === bucket)
      await world.at(noon + 1_000)
      for (let unit = 0; unit < 3; unit++) await limits.spend([cost(bucket, 'fixed', 3)], 'normal', 0)
      await limits.spend([cost(bucket, 'fixed', 4)], 'low', 0)
      const now = { kind: 'fixed', used: 9, ceiling: 10, every: 10_000, hour: 9, allowed: 3_600, waiting: [0, 0, 4] }
      expect(await mine()).toMatchObject({ ...now, slow: 1, closedUntil: null })
      await limits.tell(bucket, terms, { kind: 'slower', factor: 2, most: 8, length: 60_000 })
      await limits.tell(bucket, terms, { kind: 'close', length: 20_000, note: 'too many' })
      expect(await mine()).toMatchObject({
        slow: 2,
        slowUntil: new Date(noon + 61_000),
        closedUntil: new Date(noon + 21_000),
        note: 'too many',
      })
      await world.at(noon + 30 * 60_000 + 1_000)
      await limits.spend([cost(bucket, 'fixed', 5)], 'normal', 0)
      expect(await mine()).toMatchObject({ hour: 14, slow: 1, slowUntil: null, closedUntil: null, waiting: [0, 0, 0] })
      await world.at(noon + 61 * 60_000)
      expect(await mine()).toMatchObject({ used: 0, hour: 5 })
    })

    test('a list tells of limits as large as any', async () => {
      const bucket = `acme/large/${process.pid}-${buckets++}`
      const terms = termsOf({ kind: 'fixed', max: 2_000_000_000, every: '24h', owner: 'egress' })
      await limits.spend([{ bucket, terms, cost: 100_000_000 }], 'normal', 0)
      const mine = (await limits.list()).find(each => each.bucket === bucket)
      expect(mine).toMatchObject({ used: 100_000_000, hour: 100_000_000, allowed: 83_333_333 })
    })

    test('a list tells of a circuit that is closed, and why', async () => {
      const bucket = `acme/circuit/list-${process.pid}-${buckets++}`
      const failed = { kind: 'failed', after: 2, base: 30_000, cap: 600_000, note: 'no answer' } as const
      const mine = async () => (await limits.list()).find(each => each.bucket === bucket)
      for (let times = 0; times < 2; times++) await limits.tell(bucket, circuit, failed)
      const closed = { closedUntil: new Date(noon + 30_000), note: 'no answer' }
      expect(await mine()).toMatchObject({ kind: 'circuit', failures: 2, every: 0, hour: 0, allowed: 0, ...closed })
    })
  })
}

/** `left` means nothing to a window of the clock, nor `used` to the others. */
function fits(news: News, { kind }: Terms): boolean {
  return (news.kind !== 'left' || kind === 'paced') && (news.kind !== 'used' || kind === 'fixed')
}

/** A grant without what the model does not know: texts. */
function plain(grant: Grant) {
  return grant.granted ? grant : { ...grant, note: '' }
}
