import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Range, rangeText, reach, subtract } from './range.ts'

const of = (from: number, to: number): Range => ({ from: new Date(from), to: new Date(to) })
const range = fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 12 })).map(([from, length]) => of(from, from + length))
const parts = fc.array(range, { maxLength: 8 })
const ticks = (ranges: readonly Range[]) =>
  new Set(ranges.flatMap(({ from, to }) => Array.from({ length: +to - +from }, (_, step) => +from + step)))

test('what is subtracted and what remains make up the whole, and never meet', () => {
  fc.assert(
    fc.property(range, parts, (whole, given) => {
      const rest = subtract(whole, given)
      expect(ticks(rest)).toEqual(ticks([whole]).difference(ticks(given)))
    }),
  )
})

test('what remains is in order of time, apart and never empty', () => {
  fc.assert(
    fc.property(range, parts, (whole, given) => {
      const rest = subtract(whole, given)
      for (const piece of rest) expect(+piece.from).toBeLessThan(+piece.to)
      for (const [place, piece] of rest.slice(1).entries()) expect(+rest[place]!.to).toBeLessThan(+piece.from)
    }),
  )
})

test('nothing remains of an empty range', () => {
  expect(subtract(of(5, 5), [])).toEqual([])
  expect(subtract(of(6, 5), [of(1, 2)])).toEqual([])
})

test('ranges reach as far as no tick is missing', () => {
  fc.assert(
    fc.property(fc.nat(20), parts, (from, given) => {
      const covered = ticks(given)
      let end = from
      while (covered.has(end)) end++
      expect(reach(new Date(from), given)).toEqual(new Date(end))
    }),
  )
})

test('a range reads as its two instants', () => {
  expect(rangeText(of(0, 60_000))).toBe('1970-01-01T00:00:00.000Z/1970-01-01T00:01:00.000Z')
})
