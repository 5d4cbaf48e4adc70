import { expect, onTestFinished, test, vi } from 'vitest'
import { setupDatabase } from '../../test/setup/database.ts'
import { installQueue, type Job, openQueue, queueIsInstalled } from './queue.ts'

/** A queue whose worker writes down the runs it is given. */
async function setup() {
  const database = await setupDatabase()
  const open = async (on = database.store) => {
    const queue = await openQueue(on, () => undefined)
    onTestFinished(() => queue.stop(1_000))
    return queue
  }
  const seen: string[] = []
  const note = async ({ run }: Job) => void seen.push(run)
  const send = (runs: string[]) => database.store.transaction(tx => queue.send(tx, runs))
  const queue = await open()
  return { ...database, queue, open, seen, note, send }
}

test('a run that is sent is worked', async () => {
  const { queue, note, send, seen } = await setup()
  await queue.work(2, note)
  await send(['1', '2'])
  await vi.waitFor(() => expect(seen.toSorted()).toEqual(['1', '2']), { timeout: 5_000 })
})

test('a send in a transaction that is rolled back leaves no job', async () => {
  const { queue, store, note, send, seen } = await setup()
  const failing = store.transaction(async tx => {
    await queue.send(tx, ['1'])
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  await send(['2'])
  await queue.work(1, note)
  await vi.waitFor(() => expect(seen).toEqual(['2']), { timeout: 5_000 })
})

test('a job that was dropped is not worked', async () => {
  const { queue, store, note, send, seen } = await setup()
  await send(['1'])
  const jobs = await store.query<{ id: string }>('select id::text from sluice_queue.job')
  await store.transaction(tx =>
    queue.drop(
      tx,
      jobs.map(({ id }) => id),
    ),
  )
  await send(['2'])
  await queue.work(1, note)
  await vi.waitFor(() => expect(seen).toEqual(['2']), { timeout: 5_000 })
})

test('each job goes to one of several workers', async () => {
  const { queue, open, another, note, send, seen } = await setup()
  const other = await open(another(4))
  await Promise.all([queue.work(2, note), other.work(2, note)])
  const runs = Array.from({ length: 30 }, (_, n) => String(n))
  await send(runs)
  await vi.waitFor(() => expect(seen).toHaveLength(30), { timeout: 10_000 })
  expect(new Set(seen).size).toBe(30)
})

test('stopping waits for the job in hand', async () => {
  const { queue, send } = await setup()
  const [began, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let ended = false
  await queue.work(1, async () => {
    began.resolve()
    await held.promise
    ended = true
  })
  await send(['1'])
  await began.promise
  const stopped = queue.stop(10_000)
  held.resolve()
  await stopped
  expect(ended).toBe(true)
})

test('its tables are there once they are installed', async () => {
  const { store } = await setupDatabase({ empty: true })
  expect(await queueIsInstalled(store)).toBe(false)
  await installQueue(store)
  await installQueue(store)
  expect(await queueIsInstalled(store)).toBe(true)
})
