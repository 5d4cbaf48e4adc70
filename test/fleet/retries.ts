import { expect, onTestFinished } from 'vitest'
import { delay, type Policy, type Retry } from '../../src/core/retry.ts'
import type { Run } from '../../src/core/run.ts'
import { imitateAcme } from '../../src/sim/acme/acme.ts'
import type { Fault } from '../../src/sim/acme/faults.ts'
import { serve } from '../../src/sim/serve.ts'
import { setupDatabase } from '../setup/database.ts'
import { until } from '../setup/sluice.ts'
import { every, since, type Wishes } from './connector.ts'
import { setupCrew, type Worker } from './crew.ts'
import { setupDesk } from './desk.ts'

/** Where the clock of everybody stands when a walk begins. */
const noon = Date.parse('2026-03-01T12:00:00Z')

/** What ends a worker between two retries, in turn; undefined leaves it as it is. */
export type Ends = readonly ('stop' | 'kill' | undefined)[]

/** One list of a vendor that always stumbles, one worker process, and one clock for all of them that stands still. */
export async function setupRetries(policy: Policy, fault: Fault) {
  const wishes: Wishes = { shops: { anna: ['anna-1'] }, batch: 20, policy }
  const world = { accounts: ['anna'], since, every, rows: 20 }
  const database = await setupDatabase()
  let now = noon
  const at = async (moment: number) => {
    now = moment
    await database.at(new Date(moment))
  }
  await at(noon)
  const acme = imitateAcme({ ...world, now: () => now })
  const planted = acme.faults.add({ ...fault, times: 1e9 })
  const served = await serve(acme)
  onTestFinished(async () => {
    planted.remove()
    await served.close()
  })
  const desk = await setupDesk(database.connection, served.url, wishes, world)
  const crew = await setupCrew(database.connection, served.url, wishes)

  /** Two looks that began after the clock was moved: whatever is due by now has been woken. */
  const looked = () =>
    until('the worker has looked for what is due', async () => {
      const text = 'select from acme.beats where moment = $1'
      return (await database.store.query(text, [new Date(now)])).length >= 2
    })
  const [id] = await desk.plan('orders')
  const run = async () => (await desk.runs([id!]))[0]!
  return { ...{ acme, planted, desk, crew, at, looked, run, store: database.store }, now: () => now }
}

export type Retries = Awaited<ReturnType<typeof setupRetries>>

/**
 * Goes through all retries of a run, with a new worker process between them as told. Before each one the clock stops a second
 * short of its time: nothing is asked then. Returns the moments of all calls, in seconds from the beginning.
 */
export async function goThrough(retries: Retries, policy: Retry, ends: Ends): Promise<number[]> {
  const { acme, crew, at, now, looked } = retries
  let worker = crew.start()
  for (let retry = 1; retry <= policy.retries; retry++) {
    const waiting = await until(`retry ${retry} is waited for`, () => waitsFor(retries, retry))
    const due = now() + delay(policy, retry)!
    expect(waiting.dueAt).toEqual(new Date(due))
    expect(waiting.reason).toContain(`retry ${retry} of ${policy.retries} at ${timeText(due)} UTC: `)
    worker = await replaced(retries, worker, ends[retry % ends.length])
    await at(due - 1_000)
    await looked()
    expect(acme.calls).toHaveLength(retry)
    await at(due)
    await until(`retry ${retry} is made`, () => acme.calls.length > retry)
  }
  await until('the run has failed', async () => (await retries.run()).state === 'failed')
  await at(now() + 86_400_000)
  await looked()
  return acme.calls.map(call => (call.at - noon) / 1000)
}

async function waitsFor({ run }: Retries, retry: number): Promise<Run | undefined> {
  const found = await run()
  return found.state === 'waiting' && found.retries === retry ? found : undefined
}

async function replaced({ crew }: Retries, worker: Worker, end: Ends[number]): Promise<Worker> {
  if (!end) return worker
  await worker.works
  await worker[end]()
  return crew.start()
}

function timeText(moment: number): string {
  return new Date(moment).toISOString().slice(11, 19)
}
