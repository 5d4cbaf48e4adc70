import { expect, onTestFinished, test, vi } from 'vitest'
import { setupDatabase } from '../../test/setup/database.ts'
import { installQueue, type Job, openQueue, queueIsInstalled, type Token } from './queue.ts'

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
  const send = (runs: (string | Token)[]) => database.store.transaction(tx => queue.send(tx, runs.map(tokenOf)))
  const queue = await open()
  return { ...database, queue, open, seen, note, send }
}

function tokenOf(run: string | Token): Token {
  return typeof run === 'string' ? { run, priority: 'normal', account: 'acme/main' } : run
}

test('a run that is sent is worked', async () => {
  const { queue, note, send, seen } = await setup()
  await queue.work({ size: 2 }, note)
  await send(['1', '2'])
  await vi.waitFor(() => expect(seen.toSorted()).toEqual(['1', '2']), { timeout: 5_000 })
})

test('a send in a transaction that is rolled back leaves no job', async () => {
  const { queue, store, note, send, seen } = await setup()
  const failing = store.transaction(async tx => {
    await queue.send(tx, [tokenOf('1')])
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  await send(['2'])
  await queue.work({ size: 1 }, note)
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
  await queue.work({ size: 1 }, note)
  await vi.waitFor(() => expect(seen).toEqual(['2']), { timeout: 5_000 })
})

test('each job goes to one of several workers', async () => {
  const { queue, open, another, note, send, seen } = await setup()
  const other = await open(another(4))
  await Promise.all([queue.work({ size: 2 }, note), other.work({ size: 2 }, note)])
  const runs = Array.from({ length: 30 }, (_, n) => String(n))
  await send(runs)
  await vi.waitFor(() => expect(seen).toHaveLength(30), { timeout: 10_000 })
  expect(new Set(seen).size).toBe(30)
})

test('high goes before normal, normal before low, and equals in the order they came', async () => {
  const { queue, note, send, seen } = await setup()
  const of = (run: string, priority: Token['priority']) => ({ run, priority, account: 'acme/main' })
  await send([of('1', 'low'), of('2', 'normal'), of('3', 'high'), of('4', 'normal'), of('5', 'high'), of('6', 'low')])
  await queue.work({ size: 1 }, note)
  await vi.waitFor(() => expect(seen).toEqual(['3', '5', '2', '4', '1', '6']), { timeout: 10_000 })
})

test('of one account that is crowded no more is handed out, and others go on', async () => {
  const { queue, send } = await setup()
  const held = Promise.withResolvers<void>()
  const begun: string[] = []
  const hold = async ({ run }: Job) => {
    begun.push(run)
    await held.promise
  }
  const of = (run: string) => ({ run, priority: 'normal' as const, account: run.slice(0, 1) })
  await queue.work({ size: 4, perAccount: 1 }, hold)
  await send([of('a1')])
  await vi.waitFor(() => expect(begun).toEqual(['a1']), { timeout: 10_000 })
  await send([of('a2'), of('b1')])
  await vi.waitFor(() => expect(begun).toEqual(['a1', 'b1']), { timeout: 10_000 })
  held.resolve()
  await vi.waitFor(() => expect(begun).toEqual(['a1', 'b1', 'a2']), { timeout: 10_000 })
})

test('stopping waits for the job in hand', async () => {
  const { queue, send } = await setup()
  const [began, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let ended = false
  await queue.work({ size: 1 }, async () => {
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
