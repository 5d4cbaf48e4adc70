import { onTestFinished } from 'vitest'
import { wildberries } from '../../src/connectors/wildberries/index.ts'
import type { Rules } from '../../src/core/limit.ts'
import { type Source, sliceOf } from '../../src/core/source.ts'
import { isDerived } from '../../src/core/stream.ts'
import { openAlerts } from '../../src/db/alerts.ts'
import { migrate } from '../../src/db/migrations.ts'
import { readPauses } from '../../src/db/pauses.ts'
import { readQuarantine } from '../../src/db/quarantine.ts'
import { latestRuns } from '../../src/db/runs.ts'
import { plan } from '../../src/engine/plan.ts'
import { verify } from '../../src/engine/verify.ts'
import { serve, type Vendor } from '../../src/sim/serve.ts'
import { imitateWildberries, type Options } from '../../src/sim/wildberries/wildberries.ts'
import { setupDatabase } from '../setup/database.ts'
import { finishRuns, startEngine } from '../setup/engine.ts'

export const [minute, hour, day] = [60_000, 3_600_000, 86_400_000]

/** The streams that ask the marketplace. */
const asking = wildberries.streams.filter(stream => !isDerived(stream)).map(({ name }) => name)

/** Noon in Moscow. */
export const noon = Date.parse('2026-10-20T09:00:00Z')

/** What is different from a marketplace as it is, and from the settings as they are; settings by stream. */
export type Wishes = {
  world?: Partial<Options>
  settings?: Record<string, unknown>
  options?: Record<string, Record<string, unknown>>
  token?: Parameters<ReturnType<typeof imitateWildberries>['mint']>[1]
  /** The vendor counts, and so do we; without it time stands still while pages are turned. */
  metered?: boolean
  /** Something in front of the marketplace. */
  before?: (vendor: Vendor) => Vendor
}

/** As many questions as anybody likes. */
const unlimited: Rules = Object.fromEntries(
  Object.entries(wildberries.limits).map(([name, { owner }]) => [
    name,
    { kind: 'bucket', max: 1_000_000, every: '1s', owner },
  ]),
)

/** The imitated marketplace on a port with one seller, the tables in a database of their own, an engine, and one clock. */
export async function setupSeller({
  world = {},
  settings = {},
  options = {},
  token = {},
  metered = false,
  before,
}: Wishes = {}) {
  const database = await setupDatabase()
  const { store } = database
  await migrate(store, [{ name: wildberries.name, folder: wildberries.migrations }])
  let now = 0
  const at = async (moment: number | string) => {
    now = new Date(moment).getTime()
    await database.at(new Date(now))
  }
  await at(noon)
  const sellers = [{ name: 'shop', goods: 12, orders: 20, since: noon - 100 * day }]
  const sim = imitateWildberries({
    sellers,
    late: 0.1,
    unlimited: !metered,
    ...world,
    now: () => now,
    sleep: async () => undefined,
  })
  const served = await serve(before?.(sim) ?? sim)
  onTestFinished(served.close)
  const hosts = ['base', 'analytics', 'supplies', 'finance', 'common'].map(host => [`${host}_url`, served.url])
  const given = wildberries.options.parse({ ...Object.fromEntries(hosts), ...settings })
  const connector = metered ? wildberries : { ...wildberries, limits: unlimited }
  const credentials = { token: sim.mint('shop', token) }
  const sources: Source[] = wildberries.streams.map(stream => ({
    ...{ connector, stream, account: 'shop', credentials, baseUrl: served.url, settings: given },
    options: stream.options.parse(options[stream.name] ?? {}),
  }))
  const running = await startEngine(database, { sources })
  onTestFinished(() => running.stop())
  const sourceOf = (name: string) => sources.find(({ stream }) => stream.name === name)!
  const finish = (ids: readonly string[]) =>
    finishRuns({ store, at, now: () => now, calls: () => sim.calls.length }, ids)
  const want = async (name: string) =>
    (await plan(running.engine, { source: sourceOf(name), parts: [{}], cause: 'sync' })).runs
  return {
    ...{ ...database, sim, at, finish, token: credentials.token, source: sourceOf },
    streams: asking,
    now: () => now,
    pass: (ms: number) => at(now + ms),
    sync: async (name: string) => (await finish(await want(name)))[0]!,
    rows: <Row extends object>(text: string) => store.query<Row>(text),
    verify: (name: string) => verify(database, sourceOf(name), {}),
    latest: (name: string) => latestRuns(store, sliceOf(sourceOf(name), {}), 20),
    quarantine: () => readQuarantine(store, {}, 1_000),
    alerts: () => openAlerts(store),
    pauses: () => readPauses(store),
  }
}

export type Bench = Awaited<ReturnType<typeof setupSeller>>
