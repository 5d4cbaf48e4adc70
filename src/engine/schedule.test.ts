import { expect, test, vi } from 'vitest'
import { setup } from '../../test/setup/engine.ts'
import { isFinished } from '../core/run.ts'

type Bench = Awaited<ReturnType<typeof setup>>

/** The runs of the part, once there are so many and all have ended. */
const ended = (bench: Bench, many: number) =>
  vi.waitFor(
    async () => {
      const runs = await bench.latest()
      expect(runs).toHaveLength(many)
      expect(runs.every(isFinished)).toBe(true)
      return runs
    },
    { timeout: 20_000, interval: 50 },
  )

test('a stream is planned once each time it is due, however many engines look', async () => {
  const bench = await setup({ options: { start_date: '2026-03-01T19:00' } })
  await bench.start({ scheduler: true })
  await bench.start({ scheduler: true })
  await ended(bench, 1)
  for (const turn of [2, 3, 4]) {
    await bench.pass(60_000)
    const [run] = await ended(bench, turn)
    expect(run).toMatchObject({ cause: 'schedule', state: 'success', records: 1 })
  }
  expect(await bench.rows()).toEqual(bench.truth(undefined, '2026-03-01T19:00:00Z'))
})

test('a run that is still open is followed, not doubled, when it is due again', async () => {
  const bench = await setup()
  await bench.start({ scheduler: true })
  const hold = bench.sim.faults.add({ kind: 'hold', match: { nth: 3 } })
  await hold.reached
  await bench.pass(60_000)
  await vi.waitFor(async () => {
    const [schedule] = await bench.store.query<{ next: Date }>('select next_at as next from sluice.schedules')
    expect(schedule!.next.getTime()).toBeGreaterThan(bench.now())
  })
  hold.release()
  expect(await ended(bench, 1)).toMatchObject([{ state: 'success', records: 1201 }])
})

test('a failure does not keep the next turn from coming', async () => {
  const bench = await setup({ options: { start_date: '2026-03-01T19:00', max_retries: 1 } })
  bench.sim.faults.add({ kind: 'status', status: 500 })
  await bench.start({ scheduler: true })
  expect(await ended(bench, 1)).toMatchObject([{ state: 'failed' }])
  await bench.pass(60_000)
  expect(await ended(bench, 2)).toMatchObject([{ state: 'success' }, { state: 'failed' }])
  expect(await bench.rows()).toEqual(bench.truth(undefined, '2026-03-01T19:00:00Z'))
})
