import pg from 'pg'
import type { App } from '../../src/app/app.ts'
import { openQueue } from '../../src/db/queue.ts'
import { answer, newestUrl, partsOf } from './ticks.ts'
import { tally, type Way } from './way.ts'

type Task = { id: string }

/** What a job does. */
export type Chore = (task: Task) => Promise<void>

/** The queue as the engine has it, with its options and no engine: jobs come and are done (src/db/queue.ts). */
export async function openBare({ store, settings }: App, chore: Chore): Promise<Way> {
  const queue = await openQueue(store, () => undefined)
  const { done, reached } = tally()
  let started = 0
  await queue.work({ size: settings.workers }, async job => {
    started = performance.now()
    await chore({ id: job.run })
    done()
  })
  const run = async (count: number) => {
    const began = performance.now()
    const all = reached(count)
    await queue.send(
      store,
      partsOf(count).map(({ id }) => ({ run: id, priority: 'normal' as const, account: 'bench/main' })),
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
    close: () => queue.stop(5_000),
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
