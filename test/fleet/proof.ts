import { expect } from 'vitest'
import type { Rule } from '../../src/core/limit.ts'
import type { Run } from '../../src/core/run.ts'
import type { Call } from '../../src/sim/acme/call.ts'
import { vendorOf } from '../limits/vendor.ts'
import { connector } from './connector.ts'
import type { Change } from './desk.ts'

/** A worker that was killed: its process, and when (epoch ms). */
export type Death = { pid: number; at: number }

/** A run that a dead worker held: when it was taken from the dead, and how long after the death somebody else worked on it (ms). */
export type Adoption = { run: string; at: number; after: number }

/** The lists of the vendor in its log: calls of one account, method and part, in order of arrival. */
function listsOf(calls: readonly Call[]): Call[][] {
  return Object.values(Object.groupBy(calls, ({ account, method, part }) => `${account} ${method} ${part}`)) as Call[][]
}

/** No call was refused; and a referee of our own, who counts by the vendor's rules, would have refused none either. */
export function expectWithinLimits(calls: readonly Call[]): void {
  expect(calls.filter(({ status }) => status === 429)).toEqual([])
  const referees = new Map<string, ReturnType<typeof vendorOf>>()
  const arrive = (name: string, rule: Rule, at: number) => {
    const referee = referees.get(name) ?? vendorOf(rule)
    referees.set(name, referee)
    return referee.arrive(at, 1)
  }
  for (const { account, method, at } of calls) {
    expect(arrive(`${account} ${method}`, connector.limits[method]!, at)).toBe('answered')
    expect(arrive('together', connector.limits.together!, at)).toBe('answered')
  }
}

/** No two calls of one list were under way at a time, unless who asked the first one had died before the second. */
export function expectOneByOne(calls: readonly Call[], deaths: readonly Death[]): void {
  for (const list of listsOf(calls)) {
    const pairs = list.slice(1).map((call, nth) => ({ before: list[nth]!, call }))
    const overlapping = pairs.filter(({ before, call }) => before.end === null || call.at < before.end)
    const unexplained = overlapping.filter(
      ({ before, call }) => !deaths.some(({ at }) => before.at <= at && at <= call.at),
    )
    expect(unexplained).toEqual([])
  }
}

/** Runs that were taken from the dead, and by when others had them. */
export function adoptionsOf(history: readonly Change[], deaths: readonly Death[]): Adoption[] {
  return deaths.flatMap(({ pid, at }) => {
    const held = new Set(
      history.filter(({ worker }) => worker?.split(':').at(-2) === String(pid)).map(({ run }) => run),
    )
    return [...held].flatMap(run => {
      const changes = history.filter(change => change.run === run)
      const last = changes.findLastIndex(change => change.at.getTime() <= at)
      const isHeld = changes[last]?.state === 'running' && changes[last].worker?.split(':').at(-2) === String(pid)
      const [taken, next] = [changes[last + 1], changes.slice(last + 1).find(({ state }) => state === 'running')]
      return isHeld && taken && next ? [{ run, at: taken.at.getTime(), after: next.at.getTime() - at }] : []
    })
  })
}

/**
 * Every page of every list was asked for; again only where a run was taken from a dead worker in between, and then no more
 * than the two pages which that worker may have had in hand: one that it committed, and one that it asked for meanwhile.
 */
export function expectEveryPage(calls: readonly Call[], pages: readonly number[], given: Given): void {
  const { runs, adoptions } = given
  expect(listsOf(calls)).toHaveLength(runs.length)
  for (const list of listsOf(calls)) {
    const { account, method, part } = list[0]!
    const run = runs.find(each => each.account === account && each.stream === method && each.part.shop === part)!
    const moments = adoptions.filter(adoption => adoption.run === run.id).map(({ at }) => at)
    expect([...new Set(list.map(({ cursor }) => cursor))].toSorted((a, b) => a - b)).toEqual(pages)
    const repeated = list.filter((call, nth) => list.slice(0, nth).some(({ cursor }) => cursor === call.cursor))
    for (const call of repeated) {
      const before = list.findLast(each => each.cursor === call.cursor && each.id < call.id)!
      expect(moments.some(at => before.at <= at && at <= call.at)).toBe(true)
    }
    expect(repeated.length).toBeLessThanOrEqual(2 * moments.length)
  }
}

/** The runs of one walk, and what was taken from the dead in it. */
type Given = { runs: readonly Run[]; adoptions: readonly Adoption[] }

/** How many calls the streams of each priority were answered while high runs were there to ask. */
export type Shares = { high: number; normal: number; low: number }

/**
 * What lanes promise where all spend from one bucket: while high questions wait, a lower lane gets one for every eight that
 * went before it, which is a quarter of theirs for both lower lanes together, where equals would get three times as much as
 * the high ones: there are three lower lists to each high one. What the high lane leaves, while its worker is dead or this
 * machine too busy to ask in time, goes to whoever asks; so that they get less than the high ones is what is asked for here.
 * And so, by the middle one of each, high runs end
 * before normal ones, and those before low ones.
 */
export function expectLanes(calls: readonly Call[], runs: readonly Run[]): Shares {
  const [high, normal, low] = ['high', 'normal', 'low'].map(each => endsOf(runs, each)) as [
    number[],
    number[],
    number[],
  ]
  const middle = (ends: number[]) => ends[Math.floor(ends.length / 2)]!
  expect(middle(high)).toBeLessThan(middle(normal))
  expect(middle(normal)).toBeLessThan(middle(low))
  const during = calls.filter(({ at }) => at <= high.at(-3)!)
  const count = (...methods: string[]) => during.filter(({ method }) => methods.includes(method)).length
  const shares = { high: count('orders'), normal: count('stocks', 'prices'), low: count('events') }
  expect(shares.normal + shares.low).toBeLessThan(shares.high)
  return shares
}

function endsOf(runs: readonly Run[], priority: string): number[] {
  const ended = runs.filter(run => run.priority === priority).map(run => run.finishedAt!.getTime())
  return ended.toSorted((a, b) => a - b)
}

/** How many calls of one account were under way at a time, at most. */
export function mostAtOnce(calls: readonly Call[]): number {
  const during = (call: Call) =>
    calls.filter(({ account, at, end }) => account === call.account && at <= call.at && call.at < (end ?? call.at + 1))
  return Math.max(...calls.map(call => during(call).length))
}
