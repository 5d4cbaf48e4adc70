import { type App, startEngine } from '../../src/app/app.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { plan } from '../../src/engine/plan.ts'
import { work } from '../../src/engine/work.ts'
import { answer, partsOf, source } from './ticks.ts'
import { tally, type Way } from './way.ts'

/** The engine as the program starts it, with a wire that ends in this process. */
export async function openEngine(app: App): Promise<Way> {
  const { engine, stop } = await startEngine({ ...app, sources: [source] }, () => undefined, [])
  const wired: Engine = { ...engine, transport: answer }
  const { done, reached } = tally()
  await wired.queue.work({ size: app.settings.workers }, async job => {
    await work(wired, job)
    done()
  })
  const run = async (count: number) => {
    const began = performance.timeOrigin + performance.now()
    const all = reached(count)
    const { runs } = await plan(wired, { source, parts: partsOf(count), cause: 'schedule' })
    await all
    return { began, ended: performance.timeOrigin + performance.now(), runs }
  }
  return {
    load: async count => {
      const { began, ended, runs } = await run(count)
      await prove(app, runs)
      return ended - began
    },
    latency: async () => {
      const { began, runs } = await run(1)
      return (await claimedAt(app, runs[0]!)) - began
    },
    close: stop,
  }
}

/** @throws when a run did not end as it should. */
async function prove({ store }: App, runs: readonly string[]): Promise<void> {
  const [row] = await store.query<{ good: number }>(
    `select count(*)::int as good from sluice.runs where id = any($1::bigint[]) and state = 'success' and records = 1`,
    [runs],
  )
  if (row!.good !== runs.length) throw new Error(`only ${row!.good} of ${runs.length} runs brought their record`)
}

/** When a run was claimed, in ms of the clock of this machine, which is the database's too. */
async function claimedAt({ store }: App, run: string): Promise<number> {
  const text = 'select extract(epoch from started_at)::float8 * 1000 as at from sluice.runs where id = $1'
  return (await store.query<{ at: number }>(text, [run]))[0]!.at
}
