import { onTestFinished } from 'vitest'
import type { Connector } from '../../src/core/connector.ts'
import { type Source, sliceOf } from '../../src/core/source.ts'
import type { PullStream } from '../../src/core/stream.ts'
import { openAlerts } from '../../src/db/alerts.ts'
import { readProven } from '../../src/db/chains.ts'
import { migrate } from '../../src/db/migrations.ts'
import { readQuarantine } from '../../src/db/quarantine.ts'
import { readRuns } from '../../src/db/runs.ts'
import { readSkipped } from '../../src/db/skipped.ts'
import { plan } from '../../src/engine/plan.ts'
import { verify } from '../../src/engine/verify.ts'
import { serve } from '../../src/sim/serve.ts'
import { setupDatabase } from '../setup/database.ts'
import { finishRuns, startEngine } from '../setup/engine.ts'
import { connector, streamOf } from './connector.ts'
import { imitateDepot } from './depot.ts'

/** What is different from the stream as it is written. */
export type Wishes = {
  options?: Record<string, unknown>
  stream?: Partial<PullStream>
  connector?: Partial<Connector>
}

/** The depot on a port, its tables in a database of their own, an engine for one of its streams, and one clock. */
export async function setupPull(name: string, { options = {}, stream: changed = {}, connector: other }: Wishes = {}) {
  const database = await setupDatabase()
  const { store } = database
  await migrate(store, [{ name: connector.name, folder: connector.migrations }])
  let now = 0
  const at = async (moment: number | string) => {
    now = new Date(moment).getTime()
    await database.at(new Date(now))
  }
  await at('2026-03-01T12:00:00Z')
  const depot = imitateDepot()
  const served = await serve(depot)
  onTestFinished(served.close)
  const sourceOf = (changed: Partial<PullStream>): Source => {
    const stream = { ...streamOf(name), ...changed } as PullStream
    const source = {
      connector: { ...connector, ...other },
      stream,
      account: 'main',
      credentials: {},
      baseUrl: served.url,
      settings: {},
    }
    return { ...source, options: stream.options.parse(options) }
  }
  let source = sourceOf(changed)
  let running = await startEngine(database, { sources: [source] })
  onTestFinished(() => running.stop())
  const slice = sliceOf(source, {})

  /** Another program in place of the running one, in which the stream is different. */
  const restart = async (changed: Partial<PullStream> = {}) => {
    await running.stop()
    source = sourceOf(changed)
    running = await startEngine(database, { sources: [source] })
  }
  const want = async () => (await plan(running.engine, { source, parts: [{}], cause: 'sync' })).runs
  const finish = (ids: readonly string[]) =>
    finishRuns({ store, at, now: () => now, calls: () => depot.asked.length }, ids)
  return {
    ...{ ...database, depot, slice, restart, want, finish, at },
    log: () => running.log,
    engine: () => running.engine,
    source: () => source,
    now: () => now,
    pass: (ms: number) => at(now + ms),
    sync: async () => finish(await want()),
    run: async (id: string) => (await readRuns(store, [id]))[0]!,
    rows: <Row extends object>(text: string) => store.query<Row>(text),
    verify: () => verify(database, source, {}),
    proven: () => readProven(store, slice),
    skipped: () => readSkipped(store, slice),
    quarantine: () => readQuarantine(store, {}, 1_000),
    alerts: () => openAlerts(store),
  }
}
