import { expect, test, vi } from 'vitest'
import { setup } from '../../test/setup/engine.ts'

/** 60 of weight a minute, of which we use 42: 21 questions. */
const narrow = { weight: 60, options: { batch_size: 50 } }

type Bench = Awaited<ReturnType<typeof setup>>

/** The weight of our calls in each minute of the exchange's clock. */
function spent({ sim }: Bench): number[] {
  const windows = Map.groupBy(sim.calls, ({ at }) => Math.floor(at / 60_000))
  return [...windows.values()].map(calls => calls.reduce((sum, { weight }) => sum + weight, 0))
}

const waiting = (bench: Bench, id: string) =>
  vi.waitFor(
    async () => {
      const run = await bench.run(id)
      expect(run.state).toBe('waiting')
      return run
    },
    { timeout: 10_000 },
  )

test('a used-up share gives the run back with a reason and a time, a second before the window opens', async () => {
  const bench = await setup(narrow)
  await bench.start()
  const { runs } = await bench.want()
  expect(await waiting(bench, runs[0]!)).toMatchObject({
    reason: 'throttled until 20:01:01 UTC: bucket binance/weight/default: our share of 42 per 1m is used up',
    dueAt: new Date('2026-03-01T20:01:00.000Z'),
    worker: null,
    records: 21 * 50,
  })
  expect(bench.sim.calls).toHaveLength(21)
  expect(await bench.finish(runs)).toMatchObject([{ state: 'success', deaths: 0 }])
  expect(await bench.rows()).toEqual(bench.truth())
})

test('many parts and engines together never spend more than our share of a window, and hardly less', async () => {
  const symbols = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'XRPUSDT', 'BNBUSDT']
  const world = { symbols: symbols.map(symbol => ({ symbol, listed: 0 })) }
  const bench = await setup({ ...narrow, world, options: { batch_size: 100, symbols } })
  await bench.start()
  await bench.start()
  const runs = await bench.sync()
  expect(runs.map(({ state }) => state)).toEqual(symbols.map(() => 'success'))
  const windows = spent(bench)
  expect(Math.max(...windows)).toBeLessThanOrEqual(42)
  // What is under way while an answer comes may be counted twice: at most four questions of the other parts.
  expect(Math.min(...windows.slice(0, -1))).toBeGreaterThanOrEqual(34)
  expect(bench.sim.calls.map(({ status }) => status)).toEqual(bench.sim.calls.map(() => 200))
  for (const { part, position } of runs) {
    const symbol = { symbol: part.symbol!, interval: '1m' }
    expect(await bench.rows(symbol)).toEqual(bench.truth(symbol, undefined, position.toISOString()))
  }
})

test('what other programs behind the same address use is left to them', async () => {
  const bench = await setup({ ...narrow, world: { foreignWeight: () => 30 } })
  await bench.start()
  expect(await bench.sync()).toMatchObject([{ state: 'success' }])
  expect(Math.max(...bench.sim.calls.map(({ used }) => used))).toBe(42)
  expect(await bench.rows()).toEqual(bench.truth())
  expect(bench.sim.calls.every(({ status }) => status === 200)).toBe(true)
})

test('an answer that tells no weight does not stop us', async () => {
  const bench = await setup(narrow)
  await bench.start()
  bench.sim.faults.add({ kind: 'unweighed', times: Number.POSITIVE_INFINITY })
  expect(await bench.sync()).toMatchObject([{ state: 'success' }])
  expect(Math.max(...spent(bench))).toBeLessThanOrEqual(42)
})

test.each([
  ['a 429', { kind: 'status', status: 429, retryAfter: 170 }, 170],
  ['a ban', { kind: 'ban', ms: 180_000 }, 180],
  ['the firewall', { kind: 'status', status: 403 }, 300],
] as const)('%s closes the bucket for all runs until it ends; no retry is spent', async (_, fault, seconds) => {
  const symbols = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT']
  const world = { symbols: symbols.map(symbol => ({ symbol, listed: 0 })) }
  const bench = await setup({ world, options: { symbols, max_retries: 1 } })
  await bench.start()
  bench.sim.faults.add({ ...fault, match: { nth: 4 } })
  const { runs } = await bench.want()
  const until = bench.now() + seconds * 1000
  for (const id of runs) {
    expect(await waiting(bench, id)).toMatchObject({
      reason: expect.stringMatching(/^throttled until \d\d:\d\d:\d\d UTC: bucket binance\/weight\/default: /),
      dueAt: new Date(until - 1_000),
    })
  }
  const calls = bench.sim.calls.length
  await bench.at(until - 1_500)
  for (const id of runs) expect((await bench.run(id)).state).toBe('waiting')
  expect(bench.sim.calls).toHaveLength(calls)
  expect(await bench.finish(runs)).toMatchObject(runs.map(() => ({ state: 'success', deaths: 0 })))
  expect(bench.sim.calls.slice(calls).every(({ at }) => at >= until)).toBe(true)
  for (const { part, position } of await Promise.all(runs.map(bench.run))) {
    const symbol = { symbol: part.symbol!, interval: '1m' }
    expect(await bench.rows(symbol)).toEqual(bench.truth(symbol, undefined, position.toISOString()))
  }
  expect(await bench.alerts()).toEqual([])
})

test('a closed bucket holds for a process that starts later', async () => {
  const bench = await setup()
  const first = await bench.start()
  bench.sim.faults.add({ kind: 'ban', ms: 180_000 })
  const { runs } = await bench.want()
  await waiting(bench, runs[0]!)
  await first.stop()
  bench.change({ start_date: '2026-02-28' })
  await bench.start()
  const range = await bench.want({ from: '2026-02-28T10:00:00Z', to: '2026-02-28T11:00:00Z' })
  await waiting(bench, range.runs[0]!)
  expect(bench.sim.calls).toHaveLength(1)
  await bench.finish([...runs, ...range.runs])
  expect(bench.sim.calls.filter(({ status }) => status !== 200)).toHaveLength(1)
})
