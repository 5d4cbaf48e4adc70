import { expect, test } from 'vitest'
import { setupFileDatabase } from '../../test/setup/database.ts'
import type { Rule } from '../core/limit.ts'
import { closeBucket, correct, spend } from './limits.ts'

const { store, at, another } = await setupFileDatabase()

const rule: Rule = { kind: 'fixed', max: 20, every: '1m', share: 0.5, owner: 'egress', settle: '1s' }
const day = '2026-03-01T'
const moment = (time: string) => new Date(`${day}${time}Z`)

let buckets = 0
/** A bucket no other test has: our ceiling is 10 per minute. */
function setup() {
  const bucket = `acme/weight/${buckets++}`
  return {
    bucket,
    pay: (cost: number, on = store) => spend(on, bucket, rule, cost),
    told: (used: number, asked: string, flying = 0) =>
      correct(store, bucket, rule, { used, flying, asked: moment(asked) }),
    close: (until: string, reason = 'the vendor said so') => closeBucket(store, bucket, rule, moment(until), reason),
    used: async () =>
      (await store.query<{ used: number }>('select used from sluice.limits where bucket = $1', [bucket]))[0]?.used,
  }
}

const granted = expect.objectContaining({ granted: true })
const usedUp = (until: string) => ({
  granted: false,
  until: moment(until),
  reason: 'our share of 10 per 1m is used up',
})

test('a window gives our share of it, to the last unit, and then says when the next opens', async () => {
  const { pay } = setup()
  await at(moment('12:00:30'))
  expect([await pay(4), await pay(4), await pay(2)]).toEqual([granted, granted, granted])
  expect(await pay(1)).toEqual(usedUp('12:01:01'))
})

test('what does not fit leaves room for what does', async () => {
  const { pay } = setup()
  await at(moment('12:00:30'))
  await pay(8)
  expect(await pay(3)).toEqual(usedUp('12:01:01'))
  expect(await pay(2)).toEqual(granted)
})

test('the turn of the window empties the bucket, after its first moments', async () => {
  const { pay } = setup()
  await at(moment('12:00:59.999'))
  await pay(10)
  await at(moment('12:01:00'))
  expect(await pay(1)).toEqual(usedUp('12:01:01'))
  await at(moment('12:01:00.999'))
  expect(await pay(1)).toEqual(usedUp('12:01:01'))
  await at(moment('12:01:01'))
  expect(await pay(10)).toEqual(granted)
  expect(await pay(1)).toEqual(usedUp('12:02:01'))
})

test('a bucket that is new waits for the window to settle too', async () => {
  const { pay } = setup()
  await at(moment('12:00:00.5'))
  expect(await pay(1)).toEqual(usedUp('12:00:01'))
})

test('a cost that never fits is our own fault', async () => {
  const { pay } = setup()
  await at(moment('12:00:30'))
  await expect(pay(11)).rejects.toThrow(RangeError)
})

test('the vendor’s count corrects ours upwards, and never downwards', async () => {
  const { pay, told, used } = setup()
  await at(moment('12:00:30'))
  await pay(4)
  await told(3, '12:00:29')
  expect(await used()).toBe(4)
  await told(7, '12:00:29')
  expect(await used()).toBe(7)
  await told(6, '12:00:30', 3)
  expect(await used()).toBe(9)
  expect(await pay(2)).toEqual(usedUp('12:01:01'))
  expect(await pay(1)).toEqual(granted)
})

test('a count of a window that has turned since is ignored', async () => {
  const { pay, told, used } = setup()
  await at(moment('12:00:59'))
  await pay(2)
  await at(moment('12:01:02'))
  await told(9, '12:00:59')
  await pay(1)
  await told(9, '12:00:59')
  expect(await used()).toBe(1)
})

test('a closed bucket gives nothing to anybody until then, whatever the window', async () => {
  const { pay, close } = setup()
  await at(moment('12:00:30'))
  await close('12:05:00')
  for (const time of ['12:00:30', '12:02:30', '12:04:59.9']) {
    await at(moment(time))
    expect(await pay(1, another(1))).toEqual({
      granted: false,
      until: moment('12:05:00'),
      reason: 'the vendor said so',
    })
  }
  await at(moment('12:05:01'))
  expect(await pay(10)).toEqual(granted)
})

test('an earlier end does not open what is closed for longer', async () => {
  const { pay, close } = setup()
  await at(moment('12:00:30'))
  await close('12:05:00', 'ban')
  await close('12:01:00', 'too much')
  expect(await pay(1)).toEqual({ granted: false, until: moment('12:05:00'), reason: 'ban' })
  await close('12:09:00', 'longer ban')
  expect(await pay(1)).toMatchObject({ until: moment('12:09:00'), reason: 'longer ban' })
})

test('many processes at once never spend more than the ceiling, and all of it', async () => {
  const { bucket } = setup()
  const wide: Rule = { ...rule, max: 200 }
  await at(moment('12:00:30'))
  const stores = Array.from({ length: 6 }, () => another(4))
  const grants = await Promise.all(
    stores.flatMap(each => Array.from({ length: 40 }, (_, n) => spend(n % 2 ? each : each.lightly, bucket, wide, 3))),
  )
  expect(grants.filter(grant => grant.granted)).toHaveLength(33)
})

test('many processes that learn and spend at once never pass the ceiling', async () => {
  const { bucket } = setup()
  const wide: Rule = { ...rule, max: 200 }
  await at(moment('12:00:30'))
  const foreign = 30
  let spent = 0
  await spend(store, bucket, wide, 1)
  spent++
  await correct(store, bucket, wide, { used: foreign + 1, flying: 0, asked: moment('12:00:30') })
  const work = async (each: typeof store) => {
    for (;;) {
      if (!(await spend(each, bucket, wide, 2)).granted) return
      spent += 2
      await correct(each, bucket, wide, { used: foreign + spent, flying: 0, asked: moment('12:00:30') })
    }
  }
  await Promise.all(Array.from({ length: 6 }, () => work(another(2))))
  expect(spent + foreign).toBeLessThanOrEqual(100)
  expect(spent + foreign).toBeGreaterThan(85)
})
