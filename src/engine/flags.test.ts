import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { setup } from '../../test/setup/engine.ts'
import { withFlags } from '../core/flag.ts'
import { count } from '../core/option.ts'
import type { Said } from '../core/run.ts'
import { newborn, type Source } from '../core/source.ts'
import { readParts } from '../db/parts.ts'
import { etasOf } from './eta.ts'
import { plan } from './plan.ts'

/** The world of the bench with 1,200 candles, 100 a page, whose page a flag may make larger; `asked` are the sizes of all pages. */
async function prepared() {
  const bench = await setup()
  const { options } = bench.source.stream
  const batch_size = count(1, 1000).default(100).meta({ flag: 'page-size' })
  const stream = { ...bench.source.stream, options: z.strictObject({ ...options.shape, batch_size }) }
  const source: Source = { ...bench.source, stream }
  const start = (roles = {}) => bench.start({ sources: [source], ...roles })
  const engine = async () => (await start({ worker: false })).engine
  const want = async (
    said: Said | undefined,
    cause: 'sync' | 'schedule' = 'sync',
    asker?: Awaited<ReturnType<typeof engine>>,
  ) => {
    const wish = { source: withFlags(source, said), parts: stream.parts(source.options), cause }
    return (await plan(asker ?? (await engine()), wish)).runs[0]!
  }
  const asked = () => bench.sim.calls.map(({ query }) => Number(query.limit))
  return { ...bench, source, start, engine, want, asked }
}

const large = { 'page-size': '400' }
const small = { 'page-size': '300' }

test('a run goes by the flags of the command that asked for it, whatever the settings of its worker are', async () => {
  const { start, want, ended, asked, rows, truth } = await prepared()
  const id = await want(large)
  await start()
  expect(await ended(id)).toMatchObject({ state: 'success', records: 1200, flags: large })
  expect(asked()).toEqual([400, 400, 400])
  expect(await rows()).toEqual(truth())
})

test('settings as configured hold for the run of a command without flags, and for one of a schedule', async () => {
  const { start, want, ended, asked } = await prepared()
  const id = await want(undefined, 'schedule')
  await start()
  expect(await ended(id)).toMatchObject({ state: 'success', flags: null })
  expect(new Set(asked())).toEqual(new Set([100]))
})

test('an open run that nobody works on goes by the flags of the last command; a schedule leaves them as they are', async () => {
  const { start, want, run, ended, asked, store } = await prepared()
  const id = await want(undefined, 'schedule')
  expect(await want(large)).toBe(id)
  expect(await run(id)).toMatchObject({ state: 'planned', flags: large, cause: 'schedule' })
  expect(await want(undefined, 'schedule')).toBe(id)
  expect((await run(id)).flags).toEqual(large)
  expect(await want(undefined)).toBe(id)
  expect((await run(id)).flags).toBeNull()
  await store.query(
    `update sluice.runs set state = 'waiting', due_at = sluice.now() + interval '1 hour', reason = 'rest'`,
  )
  await want(small)
  expect(await run(id)).toMatchObject({ state: 'waiting', reason: 'rest', flags: small })
  await store.query(`update sluice.runs set due_at = sluice.now()`)
  await start()
  expect(await ended(id)).toMatchObject({ state: 'success', records: 1200 })
  expect(asked()).toEqual([300, 300, 300, 300])
})

test('a run under way goes on from its last page with the flags of a command that asks for it meanwhile', async () => {
  const { start, engine, want, run, ended, asked, rows, truth, sim } = await prepared()
  const [asker, first] = [await engine(), await start({ runs: 1 })]
  const hold = sim.faults.add({ kind: 'hold', match: { nth: 5 } })
  const id = await want(undefined, 'schedule', asker)
  await hold.reached
  await vi.waitFor(async () => expect((await run(id)).pages).toBe(4))
  expect(await want(large, 'sync', asker)).toBe(id)
  const { log } = await start()
  expect(await ended(id)).toMatchObject({ state: 'success', records: 1200, flags: large, deaths: 0 })
  expect(asked()).toEqual([100, 100, 100, 100, 100, 400, 400])
  hold.release()
  await vi.waitFor(() => expect(first.log).toEqual([expect.stringContaining('another worker took this run over')]))
  expect(log).toEqual([expect.stringContaining('success')])
  expect(await rows()).toEqual(truth())
})

test('the same command again follows its run and does not disturb who works on it', async () => {
  const { start, engine, want, run, ended, asked, sim } = await prepared()
  const [asker] = [await engine(), await start()]
  const hold = sim.faults.add({ kind: 'hold', match: { nth: 2 } })
  const id = await want(large, 'sync', asker)
  await hold.reached
  const { worker } = await run(id)
  expect(await want({ ...large }, 'sync', asker)).toBe(id)
  expect(await run(id)).toMatchObject({ state: 'running', worker })
  hold.release()
  await ended(id)
  expect(asked()).toEqual([400, 400, 400])
})

test('a run that is taken over after its worker died keeps its flags', async () => {
  const { start, engine, want, run, ended, asked, sim } = await prepared()
  const [asker, lost] = [await engine(), await start({ runs: 1 })]
  const hold = sim.faults.add({ kind: 'hold', match: { nth: 2 } })
  const id = await want(large, 'sync', asker)
  await hold.reached
  await vi.waitFor(async () => expect((await run(id)).pages).toBe(1))
  await lost.vanish()
  await start()
  expect(await ended(id)).toMatchObject({ state: 'success', records: 1200, flags: large })
  expect(asked()).toEqual([400, 400, 400, 400])
})

test('a run whose flags cannot be used fails with a message that says so, and can still be told of', async () => {
  const { start, want, run, ended, store, source, now, asked } = await prepared()
  const id = await want(large)
  await store.query(`update sluice.runs set flags = '{"page-size": "many", "another-colour": "red"}'`)
  const known = { sources: [source], buckets: [], egress: 'default', now: new Date(now()) }
  expect(etasOf([await run(id)], known)).toMatchObject([{ run: id, questions: 12 }])
  await start()
  expect(await ended(id)).toMatchObject({
    ...{ state: 'failed', errorCode: 'bad-flag' },
    error: expect.stringMatching(/^binance\/public candles was asked for with --page-size many, which must be a whole/),
  })
  expect(asked()).toEqual([])
  expect(await readParts(store)).toMatchObject([{ run: { flags: { 'another-colour': 'red' } } }])
})

test('where the same process takes a run up again with other flags, what it was at before is refused', async () => {
  const { start, engine, want, run, ended, asked, rows, truth, sim, verify } = await prepared()
  const [asker, worker] = [await engine(), await start({ runs: 2 })]
  const hold = sim.faults.add({ kind: 'hold', match: { nth: 5 } })
  const id = await want(undefined, 'schedule', asker)
  await hold.reached
  await vi.waitFor(async () => expect((await run(id)).pages).toBe(4))
  await want(large, 'sync', asker)
  expect(await ended(id)).toMatchObject({ state: 'success', records: 1200, pages: 6, flags: large })
  expect(asked()).toEqual([100, 100, 100, 100, 100, 400, 400])
  hold.release()
  await vi.waitFor(() =>
    expect(worker.log).toContainEqual(expect.stringContaining('another worker took this run over')),
  )
  expect(await rows()).toEqual(truth())
  expect(await verify()).toMatchObject({ wrong: [], open: [] })
})

test('a stream that is loaded anew is loaded by the flags of the command', async () => {
  const { engine, run, source } = await prepared()
  const young = newborn(withFlags(source, large))
  const { runs } = await plan(await engine(), {
    source: young,
    parts: source.stream.parts(source.options),
    cause: 'sync',
  })
  expect(await run(runs[0]!)).toMatchObject({ stream: 'candles~new', flags: large })
})
