import { expect, it } from 'vitest'
import { exponential, regular } from '../../src/core/retry.ts'
import { goThrough, setupRetries } from '../fleet/retries.ts'

const transient = exponential({ retries: 5, base: '60s' })

it('a vendor that does not answer in time is asked again after 10 min, and not by the waits for its other troubles', async () => {
  const timeout = regular({ retries: 3, every: '10m' })
  const retries = await setupRetries({ transient, timeout }, { kind: 'hang' })
  expect(await goThrough(retries, timeout, ['kill', 'stop'])).toEqual([0, 600, 1200, 1800])
  const failed = await retries.run()
  expect(failed).toMatchObject({ state: 'failed', retries: 3, errorCode: 'vendor-timeout' })
  expect(failed.error).toMatch(/; given up after 3 retries$/)
})

it('20 waits of 12 min hold with another process after each of them', async () => {
  const every = regular({ retries: 20, every: '12m' })
  const retries = await setupRetries({ transient: every }, { kind: 'status', status: 503 })
  const moments = await goThrough(retries, every, ['stop', 'kill'])
  expect(moments).toEqual(Array.from({ length: 21 }, (_, nth) => nth * 720))
})

it('20 waits of 12 min hold across processes, although the vendor is left alone by everybody meanwhile', async () => {
  const transient = regular({ retries: 20, every: '12m' })
  const retries = await setupRetries({ transient }, { kind: 'status', status: 500 })
  const moments = await goThrough(retries, transient, ['stop', undefined, undefined, 'kill', undefined])
  expect(moments).toEqual(Array.from({ length: 21 }, (_, nth) => nth * 720))
  expect(await retries.run()).toMatchObject({ state: 'failed', retries: 20, deaths: 0 })
})
