import pg from 'pg'
import { PgBoss } from 'pg-boss'
import type { App } from '../../src/app/app.ts'
import { answer, newestUrl, partsOf } from './ticks.ts'
import { tally, type Way } from './way.ts'

type Task = { id: string }

/** What a job does. */
export type Chore = (task: Task) => Promise<void>

/**
 * The queue library by itself, with the options that the engine gives it (src/db/queue.ts), in a schema of its own. Each
 * worker looks for the next job as soon as one is done: left to itself, the library waits half a second between two.
 */
export async function openBare({ store, settings }: App, chore: Chore): Promise<Way> {
  const pace = { superviseIntervalSeconds: 3, monitorIntervalSeconds: 3, queueCacheIntervalSeconds: 60 }
  const boss = new PgBoss({
    ...store.connection,
    ...pace,
    schema: 'bare',
    schedule: false,
    max: 4,
    useListenNotify: true,
  })
  boss.on('error', () => undefined)
  await boss.start()
  const options = { policy: 'standard', notify: true, heartbeatSeconds: 10, retryLimit: 1_000 } as const
  await boss.createQueue('tasks', { ...options, expireInSeconds: 86_399, deleteAfterSeconds: 3_600 })
  const { done, reached } = tally()
  let started = 0
  const polling = { pollingIntervalSeconds: 0.5, notifyPollingIntervalSeconds: 0.5 }
  for (let worker = 0; worker < settings.workers; worker++) {
    const id: string = await boss.work<Task>('tasks', { ...polling, includeMetadata: true }, async ([job]) => {
      started = performance.now()
      await chore(job!.data)
      done()
      boss.notifyWorker(id)
    })
  }
  const run = async (count: number) => {
    const began = performance.now()
    const all = reached(count)
    await boss.insert(
      'tasks',
      partsOf(count).map(data => ({ data, heartbeatSeconds: 10 })),
    )
    await all
    return { began, ended: performance.now() }
  }
  return {
    load: async count => {
      const { began, ended } = await run(count)
      return ended - began
    },
    latency: async () => {
      const { began } = await run(1)
      return started - began
    },
    close: () => boss.stop({ graceful: true, timeout: 5_000 }),
  }
}

/** A job that does nothing. */
export const nothing: Chore = async () => undefined

/** What people write: ask, read, and store the row and where one stands in one transaction. No limit, no proof, no fence. */
export function byHand({ store }: App): { chore: Chore; close(): Promise<void> } {
  const pool = new pg.Pool({ ...store.connection, max: 10 })
  const chore = async ({ id }: Task) => {
    const response = await answer(new Request(newestUrl(id)))
    const [[time, value]] = (await response.json()) as [[number, string]]
    const client = await pool.connect()
    try {
      await client.query('begin')
      await client.query({ name: 'row', text: rowText, values: [id, time, value] })
      await client.query({ name: 'checkpoint', text: checkpointText, values: [id, time] })
      await client.query('commit')
    } finally {
      client.release()
    }
  }
  return { chore, close: () => pool.end() }
}

const rowText = `insert into bench.ticks values ($1, $2, $3)
  on conflict (id, time) do update set value = excluded.value`

const checkpointText = `insert into bench.checkpoints values ($1, $2)
  on conflict (id) do update set time = excluded.time`
