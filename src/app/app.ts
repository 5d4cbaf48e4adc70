import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import { keepSecret } from '../core/secret.ts'
import type { Source } from '../core/source.ts'
import { storeClock } from '../db/clock.ts'
import { installation } from '../db/installation.ts'
import { arrive } from '../db/presence.ts'
import { openQueue, type Pool } from '../db/queue.ts'
import type { Store } from '../db/store.ts'
import { type Vault, vaultOf } from '../db/vault.ts'
import type { Engine } from '../engine/engine.ts'
import { noOutage } from '../engine/outage.ts'
import { type Keep, prune } from '../engine/prune.ts'
import { emptyPurse } from '../engine/purse.ts'
import { confirmSources, planDue, scheduleSources } from '../engine/schedule.ts'
import { adopt, type Duty, paced, pullBack, rescue, tend, wake } from '../engine/tend.ts'
import { emptyWallet, flushUses } from '../engine/wallet.ts'
import { noteUses, watchAge, watchUse } from '../engine/watch.ts'
import { work } from '../engine/work.ts'
import { pruneImports } from '../models/inventory/import.ts'
import { knownConnectors } from './connectors.ts'
import { componentsOf, type Database, openDatabase, prepare } from './database.ts'
import { openLimits } from './limits.ts'
import { userAgent } from './name.ts'
import { type Loaded, loadSettings, type Sources } from './settings.ts'
import { accountsIn, sourcesOf } from './sources.ts'
import { openWire } from './wire.ts'

/** Sluice, opened: its settings, its database, its streams. */
export type App = Loaded & {
  database: Database
  store: Store
  clock: Clock
  vault: Vault
  sources: Source[]
  /** What was stored of accounts when the sources were made: it tells whether that has changed. */
  accountsSeen: string
  /** The sources as they are now, after accounts were added, rotated, paused or removed. */
  reload(): Promise<Source[]>
  close(): Promise<void>
}

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
  for (const key of Object.values(loaded.secretKeys)) keepSecret(key)
  const close = async () => {
    await store.close()
    await database.release()
  }
  try {
    if (prepared === 'always' || (prepared === 'embedded' && database.embedded))
      await prepare(database, components(loaded))
    const vault = vaultOf(loaded.secretKeys, async () => (await installation(store)).id)
    const reload = () => sourcesOf(loaded, { store, vault })
    const accountsSeen = await accountsIn(store)
    const sources = await reload()
    return { ...loaded, accountsSeen, database, store, clock: storeClock(store), vault, sources, reload, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Everything that has migrations. */
export function components({ connectors }: Pick<Loaded, 'connectors'>) {
  return componentsOf(connectors)
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
    ends.push(() => flushUses(engine).catch(error => log('debug', String(error))))
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
function dutiesOf(app: App, wanted: readonly Role[]): Duty[] {
  const always = [adopt, wake, paced(30_000, rescue), paced(30_000, pullBack)]
  const accounts = [paced(5_000, noticeAccounts(app)), paced(10_000, noteUses)]
  if (!wanted.includes('scheduler')) return [...always, ...accounts]
  const watching = [paced(60_000, watchUse), paced(86_400_000, watchAge)]
  const forgetting = [confirmSources, prune(keepOf(app)), forgetImports(app)].map(duty => paced(3_600_000, duty))
  return [...always, planDue, ...accounts, ...forgetting, ...watching]
}

/** Reports of imports are kept as long as runs. */
function forgetImports({ settings }: App): Duty {
  return ({ store }) => pruneImports(store, settings.keep_runs)
}

function keepOf({ settings }: App): Keep {
  return { runs: settings.keep_runs, quarantine: settings.keep_quarantine }
}

/**
 * Takes over accounts that were added, rotated, paused, resumed or removed while this process runs. Schedules of new ones are
 * written down as soon as they are found missing (engine/schedule.ts).
 */
function noticeAccounts({ store, reload, accountsSeen }: App): Duty {
  let seen = accountsSeen
  return async engine => {
    const now = await accountsIn(store)
    if (seen === now) return
    engine.sources = await reload()
    seen = now
  }
}

function poolOf({ settings }: App): Pool {
  return { size: settings.workers, perAccount: settings.workers_per_account }
}

/** The engine's tools; how each is put away again is added to `ends`, the last one first. */
async function assemble(app: App, log: Log, stopping: AbortSignal, ends: (() => Promise<unknown>)[]): Promise<Engine> {
  const { store, clock, vault, sources, settings } = app
  const wire = await openWire({ connections: 64 })
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
    vault,
    wallet: emptyWallet(),
    perAccount: settings.workers_per_account,
    queue,
    outage: noOutage(),
    worker,
    sources,
    stopping,
  }
}
