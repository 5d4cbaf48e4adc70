import { expect, it } from 'vitest'
import { exponential } from '../src/core/retry.ts'
import { openAlerts } from '../src/db/alerts.ts'
import { goThrough, setupRetries } from './fleet/retries.ts'
import { until } from './setup/sluice.ts'

const stumbles = { kind: 'status', status: 500 } as const

it('waits of 60, 120, 240, 480 and 960 s hold across processes that are stopped and killed; then the run fails', async () => {
  const transient = exponential({ retries: 5, base: '60s', cap: '1h' })
  const retries = await setupRetries({ transient }, stumbles)
  const moments = await goThrough(retries, transient, ['stop', 'kill'])
  expect(moments).toEqual([0, 60, 180, 420, 900, 1860])
  const failed = await retries.run()
  expect(failed).toMatchObject({ state: 'failed', retries: 5, deaths: 0, errorCode: 'vendor-error' })
  expect(failed.error).toMatch(/^acme\/anna orders anna-1: .*500.*; given up after 5 retries$/)
  expect(await openAlerts(retries.store)).toMatchObject([{ level: 'warning', code: 'vendor-error', times: 1 }])
})

it('a question that a worker dies over is asked again by another one, and is no retry', async () => {
  const retries = await setupRetries({ transient: exponential({ retries: 2, base: '60s' }) }, { kind: 'hang' })
  const { acme, planted, crew, desk } = retries
  const first = crew.start()
  await until('it has asked', () => acme.calls.length === 1)
  await first.kill()
  planted.remove()
  await retries.at(retries.now() + 1_000)
  crew.start()
  await until('the run has ended', async () => (await retries.run()).state === 'success')
  expect(acme.calls.map(({ cursor, at }) => [cursor, at - retries.now()])).toEqual([
    [0, -1_000],
    [0, 0],
  ])
  expect((await desk.history()).map(({ state }) => state)).not.toContain('waiting')
})
