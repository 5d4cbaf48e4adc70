import { describe, expect, test, vi } from 'vitest'
import { setup, type Wishes } from '../../test/setup/engine.ts'
import { isFinished } from '../core/run.ts'
import { schedulesOf } from '../core/schedule.ts'
import type { Source } from '../core/source.ts'
import type { PullStream, RangeStream } from '../core/stream.ts'
import { latestRuns } from '../db/runs.ts'
import { readSchedules } from '../db/schedules.ts'
import { confirmSources, planDue, scheduleSources } from './schedule.ts'

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

/** The stream of a source with something changed. */
const changed = (source: Source, stream: Partial<RangeStream>): Source => ({
  ...source,
  stream: { ...source.stream, ...stream } as PullStream,
})

/** An engine whose scheduler looks when the test says so, and the beginning of its history an hour before. */
async function stepwise(wishes: Wishes & { sources?: (source: Source) => Source[] } = {}) {
  const bench = await setup({ options: { start_date: '2026-03-01T19:00', max_retries: 1 }, ...wishes })
  const sources = wishes.sources?.(bench.source) ?? [bench.source]
  const { engine } = await bench.start({ sources })
  await scheduleSources(engine)
  const next = async () => (await readSchedules(bench.store)).map(schedule => schedule.next?.toISOString().slice(0, 16))
  return { ...bench, engine, sources, next, look: () => planDue(engine), begin: () => scheduleSources(engine) }
}

/** How many runs the stream has had, once the latest has ended. */
async function runsOf(bench: Bench): Promise<number> {
  const runs = await bench.latest()
  return (await ended(bench, runs.length)).length
}

describe('two configurations of one stream', () => {
  test('have their own turns: each is planned by who can plan it, once', async () => {
    const world = { symbols: ['BTCUSDT', 'ETHUSDT'].map(symbol => ({ symbol, listed: Date.parse('2025-01-01') })) }
    const bench = await setup({ options: { start_date: '2026-03-01T19:00' }, world })
    const eth = { ...bench.source, options: { ...bench.source.options, symbols: ['ETHUSDT'] } }
    await bench.start({ scheduler: true })
    await bench.start({ scheduler: true, sources: [eth] })
    const symbols = ['BTCUSDT', 'ETHUSDT'].map(symbol => ({ symbol, interval: '1m' }))
    for (const turn of [1, 2, 3]) {
      for (const part of symbols) {
        await vi.waitFor(async () => {
          const runs = await bench.latest(part)
          expect(runs.map(({ state }) => state)).toEqual(Array(turn).fill('success'))
        }, 20_000)
      }
      await bench.pass(60_000)
    }
  })

  test('are dropped when nobody has used them for a week, and what is in use is written down again if it was lost', async () => {
    const bench = await stepwise()
    const [own] = await readSchedules(bench.store)
    await bench.store.query("update sluice.schedules set variant = 'old'")
    await bench.look()
    expect((await readSchedules(bench.store)).map(({ variant }) => variant).toSorted()).toEqual(
      ['old', own!.variant].toSorted(),
    )
    await bench.pass(7 * 86_400_000 + 1)
    await confirmSources(bench.engine)
    expect((await readSchedules(bench.store)).map(({ variant }) => variant)).toEqual([own!.variant])
  })
})

describe('a turn that was missed while nothing ran', () => {
  const missed = async (catchUp?: 'once' | 'skip') => {
    const bench = await stepwise({ schedule: [{ cron: '0 3 * * *', catchUp }] })
    expect(await bench.next()).toEqual(['2026-03-02T03:00'])
    await bench.at('2026-03-05T09:00:30Z')
    await bench.begin()
    await bench.look()
    await bench.look()
    expect(await bench.next()).toEqual(['2026-03-06T03:00'])
    return bench
  }

  test('is made up by one run now', async () => {
    expect(await runsOf(await missed())).toBe(1)
  })

  test('is left out where the schedule says so, and the next one is had in time', async () => {
    const bench = await missed('skip')
    expect(await bench.latest()).toEqual([])
    await bench.at('2026-03-06T03:00:30Z')
    await bench.look()
    expect(await runsOf(bench)).toBe(1)
  })
})

describe('a turn while the run of its part is open', () => {
  const open = async (overlap?: 'skip' | 'queue') => {
    const bench = await stepwise({ schedule: [{ every: '1h', overlap }] })
    const hold = bench.sim.faults.add({ kind: 'hold', match: { nth: 1 } })
    await bench.look()
    await hold.reached
    for (const hour of [21, 22]) {
      await bench.at(`2026-03-01T${hour}:00:30Z`)
      await bench.look()
    }
    expect(await bench.latest()).toHaveLength(1)
    hold.release()
    await ended(bench, 1)
    await bench.at('2026-03-01T22:10:30Z')
    await bench.look()
    await bench.look()
    return bench
  }

  test('is covered by that run', async () => {
    expect(await runsOf(await open())).toBe(1)
  })

  test('is followed by one run as soon as it has ended, where the schedule says so', async () => {
    const bench = await open('queue')
    expect(await ended(bench, 2)).toMatchObject([
      { cause: 'schedule', state: 'success', records: 10 },
      { state: 'success' },
    ])
    await bench.look()
    expect(await runsOf(bench)).toBe(2)
  })
})

describe('once a day by a time', () => {
  const daily = (zone?: string) => stepwise({ now: '2026-03-02T01:00:30Z', schedule: [{ daily: '03:00', zone }] })

  /** Looks at each of these moments and tells how many runs there have been then. */
  const counts = async (bench: Awaited<ReturnType<typeof stepwise>>, moments: readonly string[]) => {
    const found = []
    for (const moment of moments) {
      await bench.at(moment)
      await bench.look()
      found.push(await runsOf(bench))
    }
    return found
  }

  test('collects at the start what today has not, at its time, and first thing on a new day', async () => {
    const moments = ['02T01:00', '02T01:05', '02T02:59', '02T03:00', '02T03:05', '02T23:59', '03T00:04', '03T03:00']
    const bench = await daily()
    expect(
      await counts(
        bench,
        moments.map(moment => `2026-03-${moment}:30Z`),
      ),
    ).toEqual([1, 1, 1, 2, 2, 2, 3, 4])
  })

  test('counts days on the clocks of its zone', async () => {
    const moments = ['02T01:00', '02T01:05', '02T20:54', '02T21:00', '02T23:59', '03T00:00', '03T00:05']
    const bench = await daily('Europe/Moscow')
    expect(
      await counts(
        bench,
        moments.map(moment => `2026-03-${moment}:30Z`),
      ),
    ).toEqual([1, 1, 1, 2, 2, 3, 3])
  })

  test('tries again at the next look when it failed, and plans nothing while a run is open', async () => {
    const bench = await daily()
    const fault = bench.sim.faults.add({ kind: 'status', status: 400 })
    await bench.look()
    expect(await ended(bench, 1)).toMatchObject([{ state: 'failed' }])
    fault.remove()
    const hold = bench.sim.faults.add({ kind: 'hold', match: { nth: 1 } })
    await bench.at('2026-03-02T01:05:30Z')
    await bench.look()
    await hold.reached
    await bench.at('2026-03-02T01:10:30Z')
    await bench.look()
    hold.release()
    expect(await ended(bench, 2)).toMatchObject([{ state: 'success' }, { state: 'failed' }])
  })

  test('looks at once when a process starts, though the next look of another one is minutes away', async () => {
    const bench = await daily()
    await bench.look()
    await bench.store.query("update sluice.runs set state = 'failed', finished_at = sluice.now()")
    await bench.look()
    expect(await bench.latest()).toHaveLength(1)
    await bench.begin()
    await bench.look()
    expect(await bench.latest()).toHaveLength(2)
  })

  test('leaves alone what is paused', async () => {
    const bench = await daily()
    await bench.store.query(
      "insert into sluice.pauses values ('binance', 'public', 'candles', '{}', 'no', sluice.now())",
    )
    expect(await counts(bench, ['2026-03-02T01:00:30Z', '2026-03-02T03:00:30Z'])).toEqual([0, 0])
  })
})

describe('a chained stream', () => {
  const chained = () =>
    stepwise({ sources: source => [source, changed(source, { name: 'copies', schedule: [{ after: 'candles' }] })] })

  test('is planned each time the runs of the stream before it have ended', async () => {
    const bench = await chained()
    const copies = () => latestRuns(bench.store, { ...bench.slice(), stream: 'copies' }, 10)
    await bench.look()
    expect(await copies()).toEqual([])
    for (const turn of [1, 2]) {
      await ended(bench, turn)
      await Promise.all([bench.look(), bench.look(), bench.look()])
      await vi.waitFor(async () => {
        const runs = await copies()
        expect([runs.length, runs.every(isFinished)]).toEqual([turn, true])
      }, 20_000)
      await bench.pass(60_000)
      expect(await copies()).toHaveLength(turn)
      await bench.look()
    }
  })

  test('is not planned when all of them failed', async () => {
    const bench = await chained()
    bench.sim.faults.add({ kind: 'status', status: 400 })
    await bench.look()
    expect(await ended(bench, 1)).toMatchObject([{ state: 'failed' }])
    await bench.look()
    expect(await latestRuns(bench.store, { ...bench.slice(), stream: 'copies' }, 10)).toEqual([])
  })
})

test('what cannot be planned keeps its turn, and takes none from the others', async () => {
  let broken = true
  const horizon: RangeStream['horizon'] = at => {
    if (broken) throw new TypeError('the stream is broken')
    return at.now
  }
  const bench = await stepwise({ sources: source => [changed(source, { name: 'broken', horizon }), source] })
  await expect(bench.look()).rejects.toThrow('the stream is broken')
  expect(await ended(bench, 1)).toMatchObject([{ state: 'success' }])
  const brokenRuns = () => latestRuns(bench.store, { ...bench.slice(), stream: 'broken' }, 10)
  expect(await brokenRuns()).toEqual([])
  broken = false
  await bench.look()
  expect(await brokenRuns()).toHaveLength(1)
  expect(await bench.next()).toEqual(['2026-03-01T20:01', '2026-03-01T20:01'])
})

test('a clock that is set back puts no turn off', async () => {
  const bench = await stepwise({ schedule: [{ every: '1h' }] })
  await bench.at('2026-03-04T20:00:30Z')
  await bench.look()
  expect(await bench.next()).toEqual(['2026-03-04T21:00'])
  await bench.at('2026-03-01T20:10:00Z')
  await bench.look()
  expect(await bench.next()).toEqual(['2026-03-01T21:00'])
})

test('a schedule that is made of settings is written down as they have it', async () => {
  const schedule: PullStream['schedule'] = ({ start_date }) => [
    { daily: (start_date as Date).toISOString().slice(11, 16), zone: 'Europe/Warsaw' },
  ]
  const bench = await stepwise({ sources: source => [changed(source, { schedule })] })
  const [source] = bench.sources
  expect(schedulesOf(source!.stream.schedule, source!.options)).toEqual([{ daily: '19:00', zone: 'Europe/Warsaw' }])
  expect(await readSchedules(bench.store)).toMatchObject([
    { turn: 'daily 19:00 Europe/Warsaw', next: new Date('2026-03-02T18:00:00Z'), check: new Date(bench.now()) },
  ])
})
