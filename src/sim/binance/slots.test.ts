import fc from 'fast-check'
import { expect, it } from 'vitest'
import { intervals } from './interval.ts'
import { slotsOf } from './slots.ts'
import type { Span } from './span.ts'

const minute = 60_000
const begin = Date.UTC(2024, 0, 31, 21)
const length = 360

/** A time within the six hours looked at, to the second. */
const moment = fc.integer({ min: 0, max: length * 60 }).map(seconds => begin + seconds * 1000)
const span = fc
  .tuple(moment, fc.integer({ min: 1, max: 7_200 }))
  .map(([from, seconds]) => ({ from, to: from + seconds * 1000 }))
const world = fc.record({
  listed: moment,
  delisted: fc.option(moment, { nil: undefined }),
  gaps: fc.array(span, { maxLength: 3 }),
  outages: fc.array(span, { maxLength: 3 }),
  now: moment,
  interval: fc.constantFrom('1m', '3m', '15m', '1h', '1d', '1M'),
  limit: fc.integer({ min: 1, max: 50 }),
})

type Given = typeof world extends fc.Arbitrary<infer Value> ? Value : never

/** The open times, found by asking each second whether anything could be traded in it. */
function slowly({ listed, delisted = Number.POSITIVE_INFINITY, gaps, outages, now, interval }: Given) {
  const closed: Span[] = [...gaps, ...outages]
  const opens = new Set<number>()
  for (let second = begin; second <= Math.min(now, begin + length * minute); second += 1000) {
    const tradable =
      second >= listed && second < delisted && closed.every(({ from, to }) => second < from || second >= to)
    if (tradable) opens.add(intervals.get(interval)!.floor(second))
  }
  return [...opens]
}

function slotsIn({ listed, delisted, gaps, outages, interval }: Given) {
  const dead = delisted === undefined ? {} : { delisted }
  return slotsOf({ symbols: [], outages }, { symbol: 'BTCUSDT', listed, ...dead, gaps }, intervals.get(interval)!)
}

it('a candle exists exactly when any part of it could be traded by now', () => {
  fc.assert(
    fc.property(world, given => {
      expect(slotsIn(given).forward(0, begin + length * minute, 10_000, given.now)).toEqual(slowly(given))
    }),
  )
})

it('pages from the front and from the back find the same candles', () => {
  fc.assert(
    fc.property(world, given => {
      const [slots, all] = [slotsIn(given), slowly(given)]
      expect(slots.forward(0, given.now, given.limit, given.now)).toEqual(all.slice(0, given.limit))
      expect(slots.backward(given.now, given.limit, given.now)).toEqual(all.slice(-given.limit))
    }),
  )
})
