import library from 'pg-boss/package.json' with { type: 'json' }
import type { Priority } from '../core/priority.ts'
import { storeFailure } from './failure.ts'
import { type Sql, type Store, watched } from './store.ts'

/** The only file that knows the queue library. A job is a token that moves a run; it holds nothing but the run's id. */
export type Queue = {
  /** Puts runs into the queue inside the caller's transaction. */
  send(tx: Sql, tokens: readonly Token[]): Promise<void>
  /**
   * Works jobs until `stop`, the high ones first: `size` by this process, and no more than `perAccount` of one account
   * by all processes together. The signal of a job is aborted when the queue takes the job away.
   */
  work(pool: Pool, handler: (job: Job) => Promise<void>): Promise<void>
  /** Takes jobs whose workers are dead out of the queue, inside the caller's transaction. */
  drop(tx: Sql, jobs: readonly string[]): Promise<void>
  /** Runs that ought to have a job, have not been touched for a minute, and have none: the queue lost it. */
  lost(sql: Sql): Promise<string[]>
  /** Takes no more jobs and waits for those in hand, `grace` ms at most. */
  stop(grace: number): Promise<void>
}

/** What the queue has to know of a run: which it is, what goes first, and whose it is (`connector/account`). */
export type Token = { run: string; priority: Priority; account: string }

/** How many runs are worked on at the same time: by this process, and of one account by all of them. */
export type Pool = { size: number; perAccount?: number | undefined }

/** `attempt` counts how often the queue has handed the job out before. */
export type Job = { id: string; run: string; attempt: number; signal: AbortSignal }

const schema = 'sluice_queue'
const name = 'runs'

/** The library takes the larger number first. */
const ranks: Readonly<Record<Priority, number>> = { high: 2, normal: 1, low: 0 }

/** A worker that sends no heartbeat for so long has lost its job (s); the library takes no less. */
const heartbeat = 10

/**
 * How often a worker looks for a job that nobody has told it of (s). After each job it looks at once, as if it were told:
 * left alone, the library would sleep so long between two jobs, however many are there.
 */
const polling = { pollingIntervalSeconds: 0.5, notifyPollingIntervalSeconds: 0.5, includeMetadata: true } as const

/** Installs the queue's own tables. */
export async function installQueue(store: Store): Promise<void> {
  const boss = await newBoss(store, { migrate: true, createSchema: true, supervise: false })
  await boss.start()
  await boss.createQueue(name, queueOptions)
  await boss.stop({ graceful: false })
}

/** Whether the queue's tables are there and as this program needs them. */
export async function queueIsInstalled(store: Store): Promise<boolean> {
  const [found] = await store.query<{ there: boolean }>(`select to_regclass('${schema}.version') is not null as there`)
  if (!found!.there) return false
  const [row] = await store.query<{ version: number }>(`select version from ${schema}.version`)
  return row?.version === needed
}

/** The version of its tables that the installed library was made for. */
const needed: number = library.pgboss.schema

/**
 * Our retries and deaths are counted in the run, so the queue may repeat a job as often as it likes. Expiry is the
 * library's longest; heartbeats tell the living from the dead.
 */
const queueOptions = {
  policy: 'standard',
  notify: true,
  heartbeatSeconds: heartbeat,
  retryLimit: 1_000,
  expireInSeconds: 86_399,
  deleteAfterSeconds: 3_600,
} as const

/** Connects to the queue. `troubled` hears of errors of its own loops, which go on by themselves. */
export async function openQueue(store: Store, troubled: (error: Error) => void): Promise<Queue> {
  const boss = await newBoss(store, { migrate: false, createSchema: false, supervise: true, useListenNotify: true })
  boss.on('error', troubled)
  try {
    await boss.start()
  } catch (error) {
    await boss.stop({ graceful: false }).catch(() => undefined)
    throw storeFailure(error, store.where)
  }
  return {
    send: async (tx, tokens) => {
      if (tokens.length > 0) await boss.insert(name, tokens.map(jobOf), { db: inside(tx) })
    },
    work: async ({ size, perAccount }, handler) => {
      const options = { ...polling, ...(perAccount === undefined ? {} : { groupConcurrency: perAccount }) }
      for (let nth = 0; nth < size; nth++) {
        const worker: string = await boss.work<{ run: string }>(name, options, async ([job]) => {
          await handler({ id: job!.id, run: job!.data.run, attempt: job!.retryCount, signal: job!.signal })
          boss.notifyWorker(worker)
        })
      }
    },
    drop: async (tx, jobs) => {
      if (jobs.length > 0) await boss.cancel(name, [...jobs], { db: inside(tx) })
    },
    lost: async sql => (await sql.query<{ id: string }>(lostText)).map(({ id }) => id),
    stop: async grace => boss.stop({ graceful: true, timeout: grace }),
  }
}

function jobOf({ run, priority, account }: Token) {
  return { data: { run }, priority: ranks[priority], group: { id: account }, heartbeatSeconds: heartbeat }
}

/**
 * A job waits for a worker, is with one, or will be tried again; in every other state it moves nothing. A run that was touched
 * at a time still to come was touched before the clock was set back.
 */
const lostText = `
  select r.id::text from sluice.runs r
  where r.state in ('planned', 'running')
    and r.updated_at not between sluice.now() - interval '1 minute' and sluice.now() + interval '1 minute'
    and not exists (
      select from ${schema}.job j
      where j.name = '${name}' and j.state in ('created', 'retry', 'active') and j.data ->> 'run' = r.id::text)`

/** Lets the library run its statements in a transaction of ours. */
function inside(tx: Sql) {
  return { executeSql: async (text: string, values?: unknown[]) => ({ rows: await tx.query(text, values) }) }
}

/** Its library is loaded only by those who have jobs: a command that looks something up begins sooner. */
async function newBoss(
  store: Store,
  options: { migrate: boolean; createSchema: boolean; supervise: boolean; useListenNotify?: boolean },
) {
  const { PgBoss } = await import('pg-boss')
  return new PgBoss({
    ...store.connection,
    ...watched,
    ...options,
    schema,
    schedule: false,
    max: 4,
    application_name: 'sluice queue',
    superviseIntervalSeconds: 3,
    monitorIntervalSeconds: 3,
    queueCacheIntervalSeconds: 60,
  })
}
