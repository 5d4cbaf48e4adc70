import { onTestFinished } from 'vitest'
import { che168 } from '../../src/connectors/che168/index.ts'
import type { Rules } from '../../src/core/limit.ts'
import { type Source, sliceOf } from '../../src/core/source.ts'
import { openAlerts } from '../../src/db/alerts.ts'
import { migrate } from '../../src/db/migrations.ts'
import { readPauses } from '../../src/db/pauses.ts'
import { readQuarantine } from '../../src/db/quarantine.ts'
import { latestRuns } from '../../src/db/runs.ts'
import { plan } from '../../src/engine/plan.ts'
import { verify } from '../../src/engine/verify.ts'
import { imitateChe168, type Options } from '../../src/sim/che168/che168.ts'
import { serve, type Vendor } from '../../src/sim/serve.ts'
import { setupDatabase } from '../setup/database.ts'
import { finishRuns, startEngine } from '../setup/engine.ts'

export const [minute, hour, day] = [60_000, 3_600_000, 86_400_000]

/** When the feed of events begins, and noon of its fourth day. */
export const opening = Date.parse('2026-11-02T00:00:00Z')
export const noon = Date.parse('2026-11-05T12:00:00Z')

/** From where on a list that is begun at noon has its changes: the beginning of the day before. */
export const anchored = Date.parse('2026-11-04T00:00:00Z')

export const key = 'key-of-the-lot'

/** What is different from a market as it is, and from the settings as they are; settings by stream. */
export type Wishes = {
  world?: Partial<Options>
  settings?: Record<string, unknown>
  options?: Record<string, Record<string, unknown>>
  /** The paces of the connector hold; without it as many questions are asked as anybody likes. */
  metered?: boolean
  /** How long a question takes, in ms of the one clock: the market goes on meanwhile. */
  pace?: number
  /** Something in front of the vendor. */
  before?: (vendor: Vendor) => Vendor
}

const unlimited: Rules = Object.fromEntries(
  Object.entries(che168.limits).map(([name, { owner }]) => [
    name,
    { kind: 'bucket', max: 1_000_000, every: '1s', owner },
  ]),
)

/** The imitated vendor on a port, the tables in a database of their own, an engine, and one clock. */
export async function setupLot({ world, settings, options = {}, metered = false, pace = 0, before }: Wishes = {}) {
  const database = await setupDatabase()
  const { store } = database
  await migrate(store, [{ name: che168.name, folder: che168.migrations }])
  let now = 0
  const at = async (moment: number | string) => {
    now = new Date(moment).getTime()
    await database.at(new Date(now))
  }
  await at(noon)
  const sim = imitateChe168({
    ...{ adverts: 230, eventsPerDay: 60, since: opening, key, sleep: async () => undefined },
    ...world,
    now: () => now,
  })
  const step = { ms: pace }
  const paced: Vendor = {
    fetch: async request => {
      if (step.ms > 0) await at(now + step.ms)
      return sim.fetch(request)
    },
  }
  const served = await serve(before?.(paced) ?? paced)
  onTestFinished(async () => {
    for (const planted of sim.faults.list()) planted.remove()
    await served.close()
  })
  const baseUrl = `${served.url}/api/v2/che168`
  const given = che168.options.parse({ base_url: baseUrl, ...settings })
  const connector = metered ? che168 : { ...che168, limits: unlimited }
  const sources: Source[] = che168.streams.map(stream => ({
    ...{ connector, stream, account: 'lot', credentials: { api_key: key }, baseUrl, settings: given },
    options: stream.options.parse(options[stream.name] ?? {}),
  }))
  const hire = async () => {
    const running = await startEngine(database, { sources })
    onTestFinished(() => running.stop())
    return running
  }
  let running = await hire()
  const sourceOf = (name: string) => sources.find(({ stream }) => stream.name === name)!
  const part = (name: string) => sourceOf(name).stream.parts(sourceOf(name).options)[0]!
  const want = async (name: string) =>
    (await plan(running.engine, { source: sourceOf(name), parts: [part(name)], cause: 'sync' })).runs
  const finish = (ids: readonly string[]) =>
    finishRuns({ store, at, now: () => now, calls: () => sim.calls.length }, ids)
  return {
    ...{ ...database, sim, at, finish, want, step, baseUrl, source: sourceOf },
    log: () => running.log,
    /** Its worker is gone without a word, as one is that was killed; another one takes its place. */
    kill: async () => {
      const killed = running
      await killed.vanish()
      running = await hire()
      return killed
    },
    now: () => now,
    pass: (ms: number) => at(now + ms),
    /** Settings of a stream as they are after somebody has changed them. */
    change: (name: string, changed: Record<string, unknown>) => {
      const source = sourceOf(name)
      source.options = source.stream.options.parse({ ...options[name], ...changed })
    },
    /** Runs a stream to its end: the standing run, behind which those may come that ask for a page again. */
    sync: async (name: string) => (await finish(await want(name)))[0]!,
    rows: <Row extends object>(text: string, values: unknown[] = []) => store.query<Row>(text, values),
    verify: (name: string) => verify(database, sourceOf(name), part(name)),
    latest: (name: string) => latestRuns(store, sliceOf(sourceOf(name), part(name)), 20),
    quarantine: () => readQuarantine(store, {}, 1_000),
    alerts: () => openAlerts(store),
    pauses: () => readPauses(store),
  }
}

export type Bench = Awaited<ReturnType<typeof setupLot>>

/** An advert as it stands: whether it is in the market, and what is told of it. */
type Stand = {
  inner_id: string
  active_status: number
  price: string | null
  km_age: string | null
  words: string | null
}

/** The adverts that are stored. Of those that had gone before they were listed only that is known. */
export function stored({ rows }: Bench): Promise<Stand[]> {
  return rows<Stand>(
    `select inner_id, active_status, fields ->> 'price' as price, fields ->> 'km_age' as km_age, fields ->> 'description' as words
     from che168.raw_data, lateral (select case when is_whole or active_status = 0 then data end as fields) told
     order by inner_id`,
  )
}

/** The same by the vendor's own books, for a collector whose list and changes reach back to `since`. */
export async function books({ sim, rows }: Bench, since: number): Promise<Stand[]> {
  const bare = await rows<{ inner_id: string }>(
    'select inner_id from che168.raw_data where not is_whole and active_status = 1',
  )
  const unknown = new Set(bare.map(({ inner_id }) => inner_id))
  const held = [...sim.truth(undefined, since)].map(({ innerId, isActive }) => {
    const sent = unknown.has(innerId) ? {} : (sim.sent(innerId) as Record<string, unknown>)
    return {
      ...{ inner_id: innerId, active_status: isActive ? 0 : 1 },
      ...{ price: textOf(sent.price), km_age: textOf(sent.km_age), words: textOf(sent.description) },
    }
  })
  return held.toSorted((a, b) => (a.inner_id < b.inner_id ? -1 : 1))
}

function textOf(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value)
}
