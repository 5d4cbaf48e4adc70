import { expect, test } from 'vitest'
import { stillClock } from './clock.ts'

function setup() {
  const shown: number[] = []
  const clock = stillClock(new Date(1_000), async moment => void shown.push(moment.getTime()))
  return { clock, shown }
}

test('time goes on to the next moment somebody waits for, and is shown before anybody learns of it', async () => {
  const { clock, shown } = setup()
  await clock.pass(60_000)
  expect([clock.time(), shown]).toEqual([61_000, [61_000]])
  await clock.until(new Date(5_000))
  expect(clock.time()).toBe(61_000)
})

test('time stands still while anybody works, and of those who wait the first one is due first', async () => {
  const { clock } = setup()
  const order: string[] = []
  const working = Promise.withResolvers<void>()
  const slow = clock.during(() => working.promise)
  const waits = [300, 100].map(length =>
    clock.during(async () => {
      await clock.pass(length)
      order.push(`${length} at ${clock.time()}`)
    }),
  )
  await new Promise(setImmediate)
  expect(order).toEqual([])
  working.resolve()
  await Promise.all([slow, ...waits])
  expect(order).toEqual(['100 at 1100', '300 at 1300'])
})

test('a fraction of a millisecond is waited for whole', async () => {
  const { clock } = setup()
  await clock.pass(0.2)
  expect(clock.time()).toBe(1_001)
})

test('a wait that is given up ends with the reason, and moves nothing', async () => {
  const { clock } = setup()
  const stop = new AbortController()
  const busy = clock.during(() => new Promise<void>(resolve => setImmediate(resolve)))
  const waiting = clock.during(() => clock.pass(500, stop.signal))
  stop.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  await busy
  expect(clock.time()).toBe(1_000)
})
