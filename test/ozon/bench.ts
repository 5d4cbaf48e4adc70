import { onTestFinished } from 'vitest'
import { ozon as connector } from '../../src/connectors/ozon/index.ts'
import type { Run } from '../../src/core/run.ts'
import { type Source, sliceOf } from '../../src/core/source.ts'
import { openAlerts } from '../../src/db/alerts.ts'
import { readPauses } from '../../src/db/pauses.ts'
import { readQuarantine } from '../../src/db/quarantine.ts'
import { plan } from '../../src/engine/plan.ts'
import { replay } from '../../src/engine/replay.ts'
import { verify } from '../../src/engine/verify.ts'
import { imitateOzon, type Options } from '../../src/sim/ozon/ozon.ts'
import type { Row } from '../../src/sim/ozon/rows.ts'
import type { Subject } from '../../src/sim/ozon/truth.ts'
import { serve } from '../../src/sim/serve.ts'
import { setupDatabase } from '../setup/database.ts'
import { finishRuns, startEngine } from '../setup/engine.ts'

type Seller = Options['sellers'][number]

const [clientId, apiKey] = ['4711', 'key-of-4711-secret']

/** The streams in the order in which they find what they ask about. */
export const names = ['products', 'warehouses', 'stocks', 'fbs_stocks', 'fbo_stocks', 'report', 'analytics'] as const
export type Name = (typeof names)[number]

/**
 * An imitated Ozon on two ports, of which the second holds the files, a database, an engine and one clock.
 *
 * - `still`: the shop stands still while it is collected, until `pass` moves it on, and counts no calls: what was collected can
 *   be compared. Without it, it keeps its limits and moves with the clock.
 */
export async function setupOzon({ still = true, ...wishes }: Partial<Seller> & { still?: boolean } = {}) {
  const database = await setupDatabase()
  const { store } = database
  let [now, moment] = [0, 0]
  const at = async (time: number | string) => {
    now = new Date(time).getTime()
    await database.at(new Date(now))
  }
  await at('2026-11-22T03:00:10Z')
  moment = now
  const seller = { clientId, apiKey, products: 130, archived: 9, ...wishes }
  const files = await serve({ fetch: request => sim.fetch(request) })
  const free = { perMethod: Infinity, perClient: Infinity, analyticsGap: 0, reportTakes: 0, now: () => moment }
  const sim = imitateOzon({ sellers: [seller], cdnUrl: files.url, now: () => now, ...(still ? free : {}) })
  const served = await serve(sim)
  const sources = connector.streams.map(stream => sourceOf(stream, served.url))
  const { engine, log, stop } = await startEngine(database, { sources })
  onTestFinished(async () => {
    for (const planted of sim.faults.list()) planted.remove()
    await stop()
    await Promise.all([served.close(), files.close()])
  })

  const source = (name: Name) => sources.find(each => each.stream.name === name)!
  const want = async (name: Name) =>
    (await plan(engine, { source: source(name), parts: [{}], cause: 'sync' })).runs as readonly string[]
  const finish = (ids: readonly string[]) =>
    finishRuns({ store, at, now: () => now, calls: () => sim.calls.length }, ids)
  /** Collects one stream after the other, a second apart; the runs by their streams. */
  const collect = async (...wanted: Name[]) => {
    const runs: Partial<Record<Name, Run>> = {}
    for (const name of wanted.length > 0 ? wanted : names) {
      await at(now + 1_000)
      runs[name] = (await finish(await want(name)))[0]!
    }
    return runs as Record<Name, Run>
  }
  return {
    ...{ ...database, sim, log, want, finish, collect, source },
    /** Moves the shop on, and the clock with it. */
    pass: async (ms: number) => {
      moment += ms
      await at(now + ms)
    },
    change: (changes: Parameters<typeof sim.change>[1]) => sim.change(clientId, changes),
    truth: (subject: Subject): Row[] => [...sim.truth(clientId, subject, still ? moment : now)],
    rows: <R extends object = Record<string, unknown>>(text: string) => store.query<R>(text),
    verify: (name: Name) => verify(database, source(name), {}),
    paused: async () => (await readPauses(store)).map(({ stream }) => stream),
    alerts: () => openAlerts(store),
    quarantine: () => readQuarantine(store, {}, 1_000),
    replay: () => replay(store, sources, {}),
    slice: (name: Name) => sliceOf(source(name), {}),
  }
}

function sourceOf(stream: Source['stream'], baseUrl: string): Source {
  const paged = 'page_size' in stream.options.shape ? { page_size: 40 } : {}
  return {
    ...{ connector, stream, baseUrl, account: 'main', settings: { base_url: baseUrl } },
    ...{ credentials: { client_id: clientId, api_key: apiKey }, options: stream.options.parse(paged) },
  }
}
