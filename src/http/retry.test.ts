import { expect, test } from 'vitest'
import { AuthError, BadPage, CircuitOpen, Rejected, Throttled, Transient } from '../core/failure.ts'
import { exponential } from '../core/retry.ts'
import type { Fetch } from './fetch.ts'
import { retry } from './retry.ts'

const cut = () => new Transient('vendor-cut', 'acme/main/orders: the connection broke')
const late = () => new Transient('vendor-timeout', 'acme/main/orders: no answer')
const policy = exponential({ retries: 3, base: '1s' })

/** A vendor that throws these errors one after the other and then answers; a clock whose waits are over at once. */
function setup(...errors: Error[]) {
  const seen = { deadlines: [] as (number | undefined)[], bodies: [] as string[], waits: [] as number[] }
  let now = Date.parse('2026-03-01T12:00:00Z')
  const clock = {
    now: async () => new Date(now),
    until: async (moment: Date, signal?: AbortSignal) => {
      signal?.throwIfAborted()
      now = moment.getTime()
    },
    pass: async (length: number, signal?: AbortSignal) => {
      signal?.throwIfAborted()
      seen.waits.push(length)
      now += length
    },
  }
  const vendor: Fetch = async (request, options) => {
    seen.deadlines.push(options?.deadline)
    seen.bodies.push(await request.text())
    const error = errors.shift()
    if (error !== undefined) throw error
    return new Response('done')
  }
  return { seen, clock, vendor, fetch: retry(vendor, { policy, clock, random: () => 0 }) }
}

const post = () => new Request('http://api.example/', { method: 'POST', body: '{"a":1}' })

test('what passes by itself is asked again after growing waits, with the same body', async () => {
  const { seen, fetch } = setup(cut(), cut(), cut())
  expect(await (await fetch(post())).text()).toBe('done')
  expect(seen.waits).toEqual([1000, 2000, 4000])
  expect(seen.bodies).toEqual(Array(4).fill('{"a":1}'))
})

test('chance takes up to half of a wait away', async () => {
  const { seen, clock, vendor } = setup(cut())
  await retry(vendor, { policy, clock, random: () => 1 })(post())
  expect(seen.waits).toEqual([500])
})

test('the last error is thrown and tells how often it was tried', async () => {
  const errors = [cut(), cut(), cut(), late()]
  const { fetch } = setup(...errors)
  const error = await fetch(post()).catch(error => error)
  expect(error).toBeInstanceOf(Transient)
  expect(error).toMatchObject({ code: 'vendor-timeout', message: 'acme/main/orders: no answer (after 4 tries)' })
})

test('a try that the quota has no room for is none: the trouble before it is told, and why there is no further one', async () => {
  const throttled = new Throttled('orders', new Date(), 'used up')
  const { seen, fetch } = setup(cut(), throttled)
  const error = await fetch(post()).catch(error => error)
  expect(error).toMatchObject({ code: 'vendor-cut', message: 'acme/main/orders: the connection broke (after 1 try)' })
  expect(error.cause).toBe(throttled)
  expect(seen.bodies).toHaveLength(2)
})

test('where nobody asks any more after a try of ours, that is told with what came of the try', async () => {
  const [tried, open] = [cut(), new CircuitOpen('acme: no answer for 10 tries', new Date())]
  await expect(setup(tried, open).fetch(post())).rejects.toMatchObject({ code: 'circuit-open', cause: tried })
  await expect(setup(open).fetch(post())).rejects.toBe(open)
})

test('a policy without retries tries once', async () => {
  const { clock, vendor } = setup(cut())
  const once = retry(vendor, { policy: { ...policy, retries: 0 }, clock })
  await expect(once(post())).rejects.toThrow('the connection broke (after 1 try)')
})

test.each([
  new Throttled('orders', new Date(), 'used up'),
  new AuthError('vendor-unauthorised', 'no'),
  new Rejected('vendor-rejected', 'no'),
  new BadPage('answer-too-large', 'no'),
  new RangeError('our own fault'),
])('%o passes at once and untouched', async error => {
  const { seen, fetch } = setup(error)
  await expect(fetch(post())).rejects.toBe(error)
  expect(seen.waits).toEqual([])
})

test('a timeout doubles the time of the next try, up to four times the first', async () => {
  const { seen, fetch } = setup(late(), late(), late())
  await fetch(post(), { deadline: 100 })
  expect(seen.deadlines).toEqual([100, 200, 400, 400])
})

test('other failures leave the deadline as it is, which is 30 s or what the client says', async () => {
  const { seen, clock, vendor, fetch } = setup(cut())
  await fetch(post())
  await retry(vendor, { policy, clock, deadline: 7 })(post())
  expect(seen.deadlines).toEqual([30_000, 30_000, 7])
})

test('an abort ends the wait for the next try', async () => {
  const { seen, fetch } = setup(cut())
  const reason = new Error('stop')
  const answer = fetch(new Request('http://api.example/', { signal: AbortSignal.abort(reason) }))
  await expect(answer).rejects.toBe(reason)
  expect(seen.bodies).toHaveLength(1)
})
