import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { maxBytes } from '../../src/app/name.ts'
import { candles } from '../../src/connectors/binance/candles.ts'
import { binance } from '../../src/connectors/binance/index.ts'
import type { Part } from '../../src/core/part.ts'
import { isFinished, type Run } from '../../src/core/run.ts'
import type { Schedule } from '../../src/core/schedule.ts'
import { type Source, sliceOf } from '../../src/core/source.ts'
import { openAlerts } from '../../src/db/alerts.ts'
import { setClock, storeClock } from '../../src/db/clock.ts'
import { readHoles } from '../../src/db/holes.ts'
import { postgresLimits } from '../../src/db/limits.ts'
import { readPauses } from '../../src/db/pauses.ts'
import { arrive } from '../../src/db/presence.ts'
import { openQueue } from '../../src/db/queue.ts'
import { latestRuns, readRuns } from '../../src/db/runs.ts'
import type { Store } from '../../src/db/store.ts'
import { vaultOf } from '../../src/db/vault.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { noOutage } from '../../src/engine/outage.ts'
import { plan } from '../../src/engine/plan.ts'
import { emptyPurse } from '../../src/engine/purse.ts'
import { planDue, scheduleSources } from '../../src/engine/schedule.ts'
import { adopt, tend, wake } from '../../src/engine/tend.ts'
import { verify } from '../../src/engine/verify.ts'
import { emptyWallet } from '../../src/engine/wallet.ts'
import { work } from '../../src/engine/work.ts'
import { transport } from '../../src/http/transport.ts'
import { type Options as Exchange, imitateBinance } from '../../src/sim/binance/exchange.ts'
import { serve, type Vendor } from '../../src/sim/serve.ts'
import { type Database, setupDatabase } from './database.ts'
import { until } from './sluice.ts'

export type Wishes = {
  /** The moment at which the clock stands still, for us and for the exchange. */
  now?: string
  /** The stream's settings: one symbol from 2026-03-01 on, 100 candles a page, 3 tries, unless told otherwise. */
  options?: Record<string, unknown>
  /** When the stream is due, instead of every minute. */
  schedule?: readonly Schedule[]
  /** The exchange: symbols, outages, quirks, foreign weight. */
  world?: Partial<Exchange>
  /** Request weight per minute that the exchange allows; we use 70 % of it. */
  weight?: number
  /** Something in front of the exchange. */
  before?: (vendor: Vendor) => Vendor
}

export type Roles = {
  worker?: boolean
  scheduler?: boolean
  runs?: number
  perAccount?: number
  /** What this engine knows, instead of the one stream. */
  sources?: readonly Source[]
}

export type Running = {
  engine: Engine
  log: string[]
  stop(): Promise<void>
  /** Loses its presence without stopping, as a worker does that is cut off or stalled. */
  vanish(): Promise<void>
}

/** Nothing that is collected here wants credentials. */
const noVault = vaultOf({}, async () => 'test')

const btc: Part = { symbol: 'BTCUSDT', interval: '1m' }

/** One small world for one test: a database, an imitated exchange on a port, engines between them, and one clock. */
export async function setup(wishes: Wishes = {}) {
  const database = await setupDatabase()
  const { store } = database
  let now = 0
  const at = async (moment: string | number | Date) => {
    now = new Date(moment).getTime()
    await setClock(store, new Date(now))
  }
  await at(wishes.now ?? '2026-03-01T20:00:30Z')

  const sim = imitateBinance({
    symbols: [{ symbol: 'BTCUSDT', listed: Date.parse('2025-01-01T00:00:00Z') }],
    now: () => now,
    ...(wishes.weight ? { limits: { weight: wishes.weight } } : {}),
    ...wishes.world,
  })
  const served = await serve(wishes.before?.(sim) ?? sim)
  const source = sourceOf(served.url, wishes)
  const running: Running[] = []
  const start = async (roles: Roles = {}) => {
    const started = await startEngine(database, { sources: [source], ...roles })
    running.push(started)
    return started
  }
  onTestFinished(async () => {
    for (const planted of sim.faults.list()) planted.remove()
    await Promise.all(running.map(each => each.stop()))
    await served.close()
  })

  const parts = () => source.stream.parts(source.options)
  const slice = (part = btc) => sliceOf(source, part)

  /** Plans what lacks, of everything or of a range. */
  const want = (range: { from?: string; to?: string } = {}) =>
    plan(running[0]!.engine, {
      source,
      parts: parts(),
      cause: 'sync',
      ...(range.from ? { from: new Date(range.from) } : {}),
      ...(range.to ? { to: new Date(range.to) } : {}),
    })

  const finish = (ids: readonly string[]) =>
    finishRuns({ store, at, now: () => now, calls: () => sim.calls.length }, ids)

  /** The run when it has ended, on a clock that stands still: nothing new becomes due meanwhile. */
  const ended = async (id: string): Promise<Run> =>
    until('the run has ended', async () => (await readRuns(store, [id])).find(isFinished))

  const rows = async ({ symbol, interval } = btc as { symbol: string; interval: string }) => {
    const found = await store.query<{ row: unknown[] }>(
      `select json_build_array(timestamp, open_price::text, high_price::text, low_price::text, close_price::text,
         volume::text, (extract(epoch from close_time) * 1000)::bigint, quote_volume::text, trades,
         taker_buy_volume::text, taker_buy_quote_volume::text, '0') as row
       from binance.candles where symbol = $1 and interval = $2 and closed order by timestamp`,
      [symbol, interval],
    )
    return found.map(({ row }) => row)
  }

  return {
    ...database,
    ...{ sim, source, at, start, slice, want, finish, ended, rows },
    now: () => now,
    pass: (ms: number) => at(now + ms),
    /** Settings as they are after somebody changed them. */
    change: (options: Record<string, unknown>) => void Object.assign(source.options, parsed(options)),
    sync: async (range?: { from?: string; to?: string }) => finish((await want(range)).runs),
    run: async (id: string) => (await readRuns(store, [id]))[0]!,
    latest: (part?: Part) => latestRuns(store, slice(part), 20),
    truth: (
      { symbol, interval } = btc as { symbol: string; interval: string },
      from = '2026-03-01',
      to = '2100-01-01',
    ) => sim.truth(symbol, interval, Date.parse(from), Date.parse(to)),
    verify: (part = btc) => verify(database, source, part),
    holes: (part?: Part) => readHoles(store, slice(part)),
    alerts: () => openAlerts(store),
    pauses: () => readPauses(store),
    quarantine: () =>
      store.query<{ field: string; value: string; reason: string; times: number; record: string }>(
        'select field, value, reason, times, record from sluice.quarantine order by id',
      ),
    /** Candles the exchange has sent, doubles counted. */
    sent: () => sim.calls.reduce((sum, call) => sum + call.rows, 0),
  }
}

/** A clock that a test moves, and how often the vendor has been asked. */
export type World = { store: Store; at(moment: number): Promise<void>; now(): number; calls(): number }

/** Lets time run wherever nothing else happens, until these runs have ended. */
export async function finishRuns({ store, at, now, calls }: World, ids: readonly string[]): Promise<Run[]> {
  let [before, quiet] = ['', 0]
  for (;;) {
    const runs = await readRuns(store, ids)
    if (runs.every(isFinished)) return runs
    const seen = JSON.stringify([calls(), runs])
    quiet = seen === before ? quiet + 1 : 0
    before = seen
    if (quiet > 3) await at(Math.max(now() + 1_000, ...dueTogether(runs)))
    await sleep(40)
  }
}

/** When all that is open waits, nothing happens before the first of them is due. */
function dueTogether(runs: readonly Run[]): number[] {
  const open = runs.filter(run => !isFinished(run))
  if (!open.every(run => run.state === 'waiting' && run.dueAt)) return []
  return [Math.min(...open.map(run => run.dueAt!.getTime()))]
}

function parsed(options: Record<string, unknown>): Record<string, unknown> {
  const read: Record<string, unknown> = candles.options.parse(options)
  return Object.fromEntries(Object.keys(options).map(name => [name, read[name]]))
}

function sourceOf(baseUrl: string, { options = {}, weight, schedule }: Wishes): Source {
  const rule = binance.limits.weight!
  const connector = weight ? { ...binance, limits: { weight: { ...rule, max: weight } } } : binance
  const usual = { symbols: ['BTCUSDT'], start_date: '2026-03-01', batch_size: 100, max_retries: 3 }
  const settings = candles.options.parse({ ...usual, ...options })
  const stream = binance.streams[0]!
  const due = schedule ? { ...stream, schedule } : stream
  return { connector, stream: due, account: 'public', credentials: {}, baseUrl, settings: {}, options: settings }
}

/** An engine on a database, with what it knows and what it does. */
export async function startEngine(
  { another }: Database,
  { worker = true, scheduler = false, runs = 4, perAccount, sources }: Roles & { sources: readonly Source[] },
): Promise<Running> {
  const store = another()
  const stopper = new AbortController()
  const wire = transport({ maxBytes, connections: 16 })
  const presence = await arrive(store)
  const queue = await openQueue(store, () => undefined)
  const log: string[] = []
  const engine: Engine = {
    ...{
      store,
      clock: storeClock(store),
      limits: postgresLimits(store),
      purse: emptyPurse(),
      vault: noVault,
      wallet: emptyWallet(),
      perAccount,
      queue,
      outage: noOutage(),
      worker: presence.worker,
      sources,
      transport: wire.fetch,
    },
    ...{ egress: 'default', userAgent: 'sluice/test', stopping: stopper.signal },
    log: (level, message) => void (level === 'debug' || log.push(`${level}: ${message}`)),
  }
  if (scheduler) await scheduleSources(engine)
  if (worker) await queue.work({ size: runs, perAccount }, job => work(engine, job))
  const done = tend(engine, [adopt, wake, ...(scheduler ? [planDue] : [])])
  const halt = async () => {
    stopper.abort(new Error('the test is over'))
    await done
    await queue.stop(5_000)
    await Promise.all([wire.close(), presence.leave()])
  }
  let halted: Promise<void> | undefined
  const stop = () => {
    halted ??= halt()
    return halted
  }
  return { engine, log, stop, vanish: presence.leave }
}
