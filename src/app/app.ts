import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import { exponential } from '../core/retry.ts'
import type { Source } from '../core/source.ts'
import { storeClock } from '../db/clock.ts'
import { arrive } from '../db/presence.ts'
import { openQueue, type Pool } from '../db/queue.ts'
import type { Store } from '../db/store.ts'
import type { Engine } from '../engine/engine.ts'
import { lineOf } from '../engine/line.ts'
import { noOutage } from '../engine/outage.ts'
import { prune } from '../engine/prune.ts'
import { emptyPurse } from '../engine/purse.ts'
import { confirmSources, planDue, scheduleSources } from '../engine/schedule.ts'
import { adopt, type Duty, paced, pullBack, rescue, tend, wake } from '../engine/tend.ts'
import { work } from '../engine/work.ts'
import { transport } from '../http/transport.ts'
import { knownConnectors } from './connectors.ts'
import { componentsOf, type Database, openDatabase, prepare } from './database.ts'
import { openLimits } from './limits.ts'
import { type Loaded, loadSettings, type Sources } from './settings.ts'

/** Sluice, opened: its settings, its database, its streams. */
export type App = Loaded & { database: Database; store: Store; clock: Clock; sources: Source[]; close(): Promise<void> }

/** This program's version, as package.json has it. */
export const version: string = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')).version

/** Who we say we are: a vendor that has a question finds us. */
const userAgent = `sluice/${version} (+https://github.com/sluice/sluice)`

/** The largest answer we take, in bytes: the largest documented page (80,000 orders) is 63 MB. */
const maxBytes = 256 * 1024 * 1024

/** Reads settings without opening anything, and loads the connectors of the user's own that they name. */
export async function load(sources: Sources): Promise<Loaded> {
  return loadSettings(await knownConnectors(sources), sources)
}

/** Which databases shall have current tables when they are opened: every one, only our own embedded one, none. */
export type Prepared = 'always' | 'embedded' | 'never'

/** Opens the database of the settings. Its tables are there and current, unless `prepared` asks for less. */
export async function openApp(loaded: Loaded, log: Log, prepared: Prepared = 'always'): Promise<App> {
  const database = await openDatabase(loaded, line => log('info', line))
  const { store } = database
  const close = async () => {
    await store.close()
    await database.release()
  }
  try {
    if (prepared === 'always' || (prepared === 'embedded' && database.embedded))
      await prepare(database, components(loaded))
  } catch (error) {
    await close()
    throw error
  }
  return { ...loaded, database, store, clock: storeClock(store), sources: sourcesOf(loaded), close }
}

/** Everything that has migrations. */
export function components({ connectors }: Pick<Loaded, 'connectors'>) {
  return componentsOf(connectors)
}

/** Every stream of every connector for its account, with its settings. */
function sourcesOf({ settings, connectors }: Loaded): Source[] {
  const sections = settings as unknown as Record<string, Record<string, unknown>>
  return connectors.flatMap(connector =>
    connector.streams.map(stream => {
      const section = sections[connector.name]!
      const options = section[stream.name] as Record<string, unknown>
      return {
        connector,
        stream,
        account: connector.account!,
        credentials: {},
        baseUrl: section.base_url as string,
        options,
      }
    }),
  )
}

/**
 * What a process does: work runs, plan what is due, follow live streams, answer the API. No connector has live streams
 * yet, and there is no API yet: those two roles have nothing to do.
 */
export const roles = ['worker', 'scheduler', 'live', 'api'] as const

export type Role = (typeof roles)[number]

/** An engine that runs in this process until `stop`. `done` settles when it has ended by itself, which is an error. */
export type Running = { engine: Engine; done: Promise<void>; stop(): Promise<void> }

/**
 * Starts the engine: announces this worker, connects to the queue, takes jobs, keeps runs moving. What was begun before a
 * start that fails is ended again.
 */
export async function startEngine(app: App, log: Log, wanted: readonly Role[]): Promise<Running> {
  const stopper = new AbortController()
  const ends: (() => Promise<unknown>)[] = []
  const end = async () => {
    stopper.abort(new Error('Sluice is stopping'))
    for (const each of ends.toReversed()) await each()
  }
  try {
    const engine = await assemble(app, log, stopper.signal, ends)
    if (wanted.includes('scheduler')) await scheduleSources(engine)
    if (wanted.includes('worker')) await engine.queue.work(poolOf(app), job => work(engine, job))
    const done = tend(engine, dutiesOf(app, wanted))
    ends.push(() => done)
    let ended: Promise<void> | undefined
    return { engine, done, stop: () => (ended ??= end()) }
  } catch (error) {
    await end()
    throw error
  }
}

/** What is looked after, the urgent first. Whoever is there wakes, adopts and rescues; only the scheduler plans and forgets. */
function dutiesOf({ settings }: App, wanted: readonly Role[]): Duty[] {
  const always = [adopt, wake, paced(30_000, rescue), paced(30_000, pullBack)]
  if (!wanted.includes('scheduler')) return always
  return [
    ...always,
    planDue,
    paced(3_600_000, confirmSources),
    paced(3_600_000, prune({ runs: settings.keep_runs, quarantine: settings.keep_quarantine })),
  ]
}

function poolOf({ settings }: App): Pool {
  return { size: settings.workers, perAccount: settings.workers_per_account }
}

/** The engine's tools; how each is put away again is added to `ends`, the last one first. */
async function assemble(app: App, log: Log, stopping: AbortSignal, ends: (() => Promise<unknown>)[]): Promise<Engine> {
  const { store, clock, sources, settings } = app
  const wire = transport({ maxBytes, connections: 64 })
  ends.push(wire.close)
  const { limits, close } = await openLimits(app, store)
  ends.push(close)
  const { worker, leave } = await arrive(store)
  ends.push(leave)
  const queue = await openQueue(store, error => log('debug', `queue: ${error.message}`, 'queue'))
  ends.push(() => queue.stop(settings.grace * 1000))
  const asker = { transport: wire.fetch, egress: settings.egress, userAgent, log }
  return {
    ...asker,
    store,
    clock,
    limits,
    purse: emptyPurse(),
    perAccount: settings.workers_per_account,
    queue,
    outage: noOutage(),
    worker,
    sources,
    stopping,
  }
}

/** How a vendor answers a cheap question: how long it took, and how far its clock is from ours (ms; ahead is positive). */
export type Reached = { ms: number; offset: number }

/** Asks a vendor what time it has, through the same limits as everything else; undefined where nothing cheap can be asked. */
export async function reach(app: App, log: Log, source: Source): Promise<Reached | undefined> {
  const { probe } = source.connector
  if (!probe) return undefined
  const { store, clock, settings } = app
  const wire = transport({ maxBytes, deadline: 10_000 })
  const { limits, close } = await openLimits(app, store)
  const tools = { store, clock, limits, purse: emptyPurse(), egress: settings.egress, userAgent, log }
  const line = lineOf({ ...tools, transport: wire.fetch }, source, {
    who: source.connector.title,
    costs: probe.limit,
    retries: exponential({ retries: 0, base: '1s' }),
  })
  try {
    const [sent, before] = [await clock.now(), performance.now()]
    const { answer } = await line(probe.ask, AbortSignal.timeout(15_000))
    const ms = performance.now() - before
    const at = probe.clock?.(answer) ?? answer.at
    return { ms, offset: at.getTime() - (sent.getTime() + ms / 2) }
  } finally {
    await Promise.all([wire.close(), close()])
  }
}
