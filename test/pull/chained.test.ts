import { expect, test } from 'vitest'
import type { PullStream } from '../../src/core/stream.ts'
import { latestRuns } from '../../src/db/runs.ts'
import { planDue, scheduleSources } from '../../src/engine/schedule.ts'
import { until } from '../setup/sluice.ts'
import { setupPull } from './bench.ts'
import { streamOf } from './connector.ts'

/** Crates every hour, and after them what lies in them, whose first question is held until the test lets it go. */
async function setup(goods: Partial<PullStream>) {
  const bench = await setupPull('crates')
  const stream = { ...streamOf('goods'), ...goods } as PullStream
  bench.engine().sources = [bench.source(), { ...bench.source(), stream }]
  const [held, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const answered = bench.depot.fetch
  bench.depot.fetch = async request => {
    const answer = await answered(request)
    if (!request.url.includes('/goods')) return answer
    held.resolve()
    await gate.promise
    return answer
  }
  bench.depot.crates.set(2, { open: true, goods: ['tea'] })
  await scheduleSources(bench.engine())
  const runs = (name: string) => latestRuns(bench.store, { ...bench.slice, stream: name }, 20)
  const ended = (name: string, many: number) =>
    until(`${many} runs of ${name} have ended`, async () => {
      const states = (await runs(name)).map(({ state }) => state)
      return states.filter(state => state === 'success').length === many
    })
  return { ...bench, held: held.promise, letGo: () => gate.resolve(), look: () => planDue(bench.engine()), runs, ended }
}

/** A round through the crates is under way when a crate comes that it has passed already. */
async function passed(goods: Partial<PullStream>) {
  const bench = await setup(goods)
  await bench.look()
  await bench.ended('crates', 1)
  await bench.look()
  await bench.held
  bench.depot.crates.set(1, { open: true, goods: ['salt'] })
  await bench.pass(3_600_000)
  await bench.look()
  await bench.ended('crates', 2)
  await bench.look()
  expect(await bench.runs('goods')).toHaveLength(1)
  bench.letGo()
  await bench.ended('goods', 1)
  await bench.look()
  return bench
}

test('a round through rows of ours that was passed by new ones is followed by another one', async () => {
  const bench = await passed({ schedule: [{ after: 'crates' }] })
  await bench.ended('goods', 2)
  expect(await bench.rows('select name from depot.goods order by name')).toEqual([{ name: 'salt' }, { name: 'tea' }])
  await bench.look()
  expect(await bench.runs('goods')).toHaveLength(2)
}, 60_000)

test('where its schedule says so, the round that is open covers its turn', async () => {
  const bench = await passed({ schedule: [{ after: 'crates', overlap: 'skip' }] })
  expect(await bench.runs('goods')).toHaveLength(1)
}, 60_000)
