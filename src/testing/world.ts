import type { Connector } from '../core/connector.ts'
import type { Run } from '../core/run.ts'
import type { Source } from '../core/source.ts'
import type { PullStream } from '../core/stream.ts'
import { setClock } from '../db/clock.ts'
import { contentsOf, emptyTables, tablesOf } from '../db/scratch.ts'
import type { Store } from '../db/store.ts'
import type { Engine } from '../engine/engine.ts'
import { plan } from '../engine/plan.ts'
import { type StillClock, stillClock } from './clock.ts'
import { type Crew, finish, hire } from './crew.ts'
import { type Ground, withSubjects } from './ground.ts'
import type { Settings } from './settings.ts'
import { type Call, label, type Ways, wireOf } from './wire.ts'

/** What is different from a connector and a vendor as they are. */
export type Wishes = Ways & {
  /** The stream as the engine shall see it. */
  stream?(stream: PullStream): PullStream
  /** The limits as the engine shall see them. */
  limits?(limits: Connector['limits']): Connector['limits']
  /** The names of the accounts that collect; one of them without it. */
  accounts?: readonly string[]
}

/** A fresh vendor, a database of its own, a clock between them, and a log of everything that is said. */
export type World = {
  store: Store
  clock: StillClock
  log: string[]
  /** Every question to the present vendor and the ones before it. */
  calls: Call[]
  hire(stopping?: AbortSignal): Engine
  /** A stream as it is collected here. */
  source(stream: PullStream): Source
  /** Collects a stream to its end, after those whose rows its questions are about; the runs of the stream itself. */
  crawl(stream: PullStream, engines?: readonly Engine[]): Promise<Run[]>
  /** Collects every stream for every account, all of it at once. */
  together(engines: readonly Engine[]): Promise<Run[]>
  /** A fresh vendor in place of the present one. */
  renew(): void
  /** Forgets what was collected, of the whole database or of the engine's own ledgers. */
  empty(what: 'everything' | 'ledgers'): Promise<void>
  contents(table: string): Promise<string[]>
  close(): Promise<void>
}

/** The tables that say what the database is, and hold nothing that was collected. */
const kept = ['sluice.migrations', 'sluice.clock']

export async function openWorld(
  ground: Ground,
  wishes: Wishes & { now: Date; vendor: Settings['vendor'] },
): Promise<World> {
  const { store, drop } = await ground.cellar.migrated()
  await setClock(store, wishes.now)
  const clock = stillClock(wishes.now, moment => setClock(store, moment))
  const calls: Call[] = []
  const log: string[] = []
  const asked = { pages: 0, most: ground.pages }
  const open = () => wireOf(wishes.vendor({ now: clock.time }), clock.time, ways(wishes, calls, asked))
  let wire = open()
  const sources = ground.connector.streams.flatMap(stream => changed(ground.source(stream), wishes))
  const crew: Crew = { store, clock, log, sources, tokens: [], fetch: (...asked) => wire.fetch(...asked) }
  const source = ({ name }: PullStream) => sources.find(each => each.stream.name === name)!
  const crawl = async (stream: PullStream, engines: readonly Engine[] = [hire(crew)]) => {
    let runs: Run[] = []
    for (const each of withSubjects(ground, stream)) {
      Object.assign(asked, { pages: 0, most: ground.pages })
      runs = await finish(crew, engines, await want(engines[0]!, source(each)))
    }
    return runs
  }
  const together = async (engines: readonly Engine[]) => {
    const ids: string[] = []
    const chosen = new Set(ground.streams.flatMap(each => withSubjects(ground, each)).map(({ name }) => name))
    const wanted = sources.filter(each => chosen.has(each.stream.name))
    Object.assign(asked, { pages: 0, most: ground.pages * wanted.length })
    for (const each of wanted) ids.push(...(await want(engines[0]!, each)))
    return finish(crew, engines, ids)
  }
  return {
    ...{ store, clock, log, calls, source, crawl, together },
    hire: stopping => hire(crew, stopping),
    renew: () => {
      wire = open()
    },
    empty: what => empty(ground, store, what),
    contents: table => contentsOf(store, table),
    close: drop,
  }
}

async function want(engine: Engine, source: Source): Promise<string[]> {
  const { stream, options } = source
  return (await plan(engine, { source, parts: stream.parts(options), cause: 'sync' })).runs
}

/** A stream whose pages never end is not asked for ever. */
function ways({ before, alter }: Ways, calls: Call[], asked: { pages: number; most: number }): Ways {
  return {
    before: call => {
      before?.(call)
      calls.push(call)
      asked.pages++
      if (asked.pages > asked.most) throw new RangeError(`its pages have no end: ${asked.most} were asked for`)
    },
    ...(alter ? { alter } : {}),
  }
}

async function empty({ connector }: Ground, store: Store, what: 'everything' | 'ledgers'): Promise<void> {
  const schemas = what === 'everything' ? ['sluice', connector.name] : ['sluice']
  await emptyTables(
    store,
    (await tablesOf(store, schemas)).filter(table => !kept.includes(table)),
  )
}

/** The source of each account. Each question bears the label by which the wire tells whose it is. */
function changed(source: Source, wishes: Wishes): Source[] {
  const stream = wishes.stream?.(source.stream) ?? source.stream
  const limits = wishes.limits?.(source.connector.limits) ?? source.connector.limits
  const connector = { ...source.connector, limits }
  const accounts = wishes.accounts ?? [source.account]
  return accounts.map(account => ({ ...source, connector, account, stream: labelled(stream, account) }))
}

function labelled(stream: PullStream, account: string): PullStream {
  const request: PullStream['request'] = (cursor, at) => {
    const ask = stream.request(cursor, at)
    const mark = JSON.stringify({ stream: stream.name, account, costs: ask.limit ?? stream.limit })
    return { ...ask, headers: { ...ask.headers, [label]: mark } }
  }
  return { ...stream, request }
}
