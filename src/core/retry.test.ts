import fc from 'fast-check'
import { expect, test } from 'vitest'
import { delay, exponential, noRetry, regular } from './retry.ts'

test('waits double from the base and end after the last retry', () => {
  const policy = exponential({ retries: 4, base: '1s' })
  expect([1, 2, 3, 4, 5].map(retry => delay(policy, retry))).toEqual([1_000, 2_000, 4_000, 8_000, undefined])
})

test('no wait is longer than the cap', () => {
  const policy = exponential({ retries: 20, base: '1s', cap: '5s' })
  expect(delay(policy, 20)).toBe(5_000)
})

test('regular waits are all the same', () => {
  const policy = regular({ retries: 20, every: '12m' })
  expect(Array.from({ length: 21 }, (_, nth) => delay(policy, nth + 1))).toEqual([
    ...Array(20).fill(720_000),
    undefined,
  ])
})

test('a stream without a policy is not tried again', () => {
  expect(delay(noRetry.transient, 1)).toBeUndefined()
})

test('nothing is tried again without retries', () => {
  expect(delay(exponential({ retries: 0, base: '1s' }), 1)).toBeUndefined()
})

test('spread takes up to half of a wait away, and adds nothing', () => {
  const policy = exponential({ retries: 30, base: '1s' })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.double({ min: 0, max: 1, noNaN: true }), (retry, spread) => {
      const [full, wait] = [delay(policy, retry)!, delay(policy, retry, spread)!]
      expect(wait).toBeGreaterThanOrEqual(full / 2)
      expect(wait).toBeLessThanOrEqual(full)
    }),
  )
})
