import { expect, it } from 'vitest'
import { isFinished } from '../src/core/run.ts'
import { expectWithinLimits, mostAtOnce } from './fleet/proof.ts'
import { setupFleet, told, walk } from './fleet/walk.ts'
import { until } from './setup/sluice.ts'

it('workers that are killed again and again lose nothing, double nothing, keep every limit and go by priority', {
  timeout: 180_000,
}, async () => {
  const outcome = await walk(6, 45)
  process.stdout.write(`fleet: ${told(outcome)}`)
  expect(outcome.adoptions.length).toBeGreaterThan(0)
  expect(Math.max(...outcome.adoptions.map(({ after }) => after))).toBeLessThan(30_000)
})

it('no more runs of one account are worked on at a time than set, by all processes together', async () => {
  const env = { SLUICE_WORKERS: '4', SLUICE_WORKERS_PER_ACCOUNT: '2' }
  const { vendor, desk, crew } = await setupFleet({ shops: 2, pages: 2, env })
  await vendor.plant({ kind: 'slow', ms: 100, times: 1e9 })
  const ids = await desk.plan()
  for (let nth = 0; nth < 3; nth++) crew.start()
  await until('every run has ended', async () => (await desk.runs(ids)).every(isFinished))
  expect(await crew.stop()).toEqual([0, 0, 0])
  const calls = await vendor.calls()
  expect(mostAtOnce(calls)).toBe(2)
  expect(Math.max(...(await desk.history()).map(({ held }) => held))).toBe(2)
  expectWithinLimits(calls)
  await desk.prove()
})
