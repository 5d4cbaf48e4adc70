import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { setupDatabase, setupFileDatabase } from '../../test/setup/database.ts'
import type { Slice } from '../core/run.ts'
import { giveFlags } from './flags.ts'
import { countPage, finishRun, isHeld, snoozeRun } from './held.ts'
import { orphanRuns, suspectAsks } from './orphans.ts'
import { pruneRuns } from './prune.ts'
import { claimRun, claimWithin, latestRuns, planRun, postponeRun, pullBackRuns, readRuns, wakeRuns } from './runs.ts'

const { store, at } = await setupFileDatabase()
const noon = new Date('2026-03-01T12:00:00Z')
const later = (minutes: number) => new Date(noon.getTime() + minutes * 60_000)
await at(noon)

let slices = 0

/** A planned run of a slice no other test has. */
async function setup() {
  const slice: Slice = { connector: 'acme', account: 'main', stream: 'orders', part: { n: String(slices++) } }
  const plan = () => planRun(store, slice, { span: 'now', cause: 'sync', priority: 'normal', from: noon, to: null })
  const { id } = await plan()
  const worker = `host:${id}`
  const claim = (job: string = randomUUID(), who = worker, attempt = 0) =>
    claimRun(store, { id, worker: who, job, attempt })
  const read = async () => (await readRuns(store, [id]))[0]!
  const wake = async () => (await wakeRuns(store, 100)).map(({ run }) => run).includes(id)
  return { slice, plan, id, worker, claim, read, wake }
}

test('a run that is open is followed, not doubled, also by many at once', async () => {
  const { plan, id } = await setup()
  const plans = await Promise.all(Array.from({ length: 8 }, plan))
  expect(new Set(plans.map(each => JSON.stringify(each)))).toEqual(new Set([JSON.stringify({ id, planned: false })]))
})

test('a schedule that finds a run open does not wait for who commits a page of it, nor makes it wait', async () => {
  const { slice, id, claim } = await setup()
  const run = (await claim())!
  const gain = { position: later(1), records: 1, inserted: 1, changed: 0, quarantined: 0 }
  const plan = { span: 'now', cause: 'schedule', priority: 'normal', from: noon, to: null } as const
  await store.transaction(async tx => {
    await countPage(tx, run, gain)
    expect(await planRun(store, slice, plan)).toEqual({ id, planned: false })
  })
  await store.transaction(async tx => {
    await planRun(tx, slice, plan)
    expect(await countPage(store, run, gain)).toBe(true)
  })
})

test('a run that has ended makes room for the next', async () => {
  const { plan, claim } = await setup()
  await finishRun(store, (await claim())!, { state: 'success' })
  expect(await plan()).toMatchObject({ planned: true })
})

test('one of many workers claims a run', async () => {
  const { id } = await setup()
  const claims = await Promise.all(
    Array.from({ length: 8 }, (_, n) => claimRun(store, { id, worker: `w${n}`, job: randomUUID(), attempt: 0 })),
  )
  expect(claims.filter(Boolean)).toHaveLength(1)
})

test('a running run is claimed anew by its own job only; by another worker that is a death', async () => {
  const { claim } = await setup()
  const job = randomUUID()
  await claim(job)
  expect(await claim(randomUUID(), 'other')).toBeUndefined()
  expect(await claim(job)).toMatchObject({ deaths: 0 })
  expect(await claim(job, 'other')).toBeUndefined()
  expect(await claim(job, 'other', 1)).toMatchObject({ deaths: 1, worker: 'other' })
})

test('a worker that comes back does not take its run from the one that was handed the job after it', async () => {
  const { claim, worker, read } = await setup()
  const job = randomUUID()
  await claim(job)
  await claim(job, 'other', 1)
  expect(await claim(job, worker, 0)).toBeUndefined()
  expect(await read()).toMatchObject({ worker: 'other', state: 'running' })
})

test('a run that was taken from a worker is not had back with the job it was held by', async () => {
  const { claim, worker, read } = await setup()
  const job = randomUUID()
  await claim(job)
  await orphanRuns(store, [worker])
  expect(await claim(job)).toBeUndefined()
  expect(await read()).toMatchObject({ state: 'planned', worker: null })
  expect(await claim(randomUUID(), 'other')).toMatchObject({ worker: 'other', deaths: 1 })
})

test('deaths count while nothing is committed between them', async () => {
  const { id, worker, claim, read } = await setup()
  for (const deaths of [1, 2]) {
    const job = randomUUID()
    await suspectAsks(store, (await claim(job))!)
    expect(await orphanRuns(store, [worker])).toEqual([{ run: id, job, priority: 'normal', account: 'acme/main' }])
    expect(await read()).toMatchObject({ state: 'planned', deaths, worker: null })
  }
  const run = (await claim())!
  const gain = { position: later(1), records: 5, inserted: 4, changed: 1, quarantined: 1 }
  expect(await countPage(store, { ...run, worker: 'other' }, gain)).toBe(false)
  expect(await countPage(store, run, gain)).toBe(true)
  expect(await read()).toMatchObject({ deaths: 0, pages: 1, records: 5, inserted: 4, changed: 1, quarantined: 1 })
})

test('a second death counts only over a question that was asked', async () => {
  const { worker, claim, read } = await setup()
  for (let death = 1; death <= 3; death++) {
    await claim()
    await orphanRuns(store, [worker])
    expect(await read()).toMatchObject({ state: 'planned', deaths: 1 })
  }
  await suspectAsks(store, (await claim())!)
  expect(await read()).toMatchObject({ state: 'running', reason: 'asks again what a worker died over' })
  await orphanRuns(store, [worker])
  expect(await read()).toMatchObject({ state: 'planned', deaths: 2, reason: null })
})

test('a run that waits is planned again when its time has come, once', async () => {
  const { claim, read, wake } = await setup()
  await snoozeRun(store, (await claim())!, { due: later(5), reason: 'throttled', bucket: 'acme/calls/main' })
  expect(await read()).toMatchObject({
    state: 'waiting',
    dueAt: later(5),
    reason: 'throttled',
    worker: null,
    retries: 0,
  })
  expect(await wake()).toBe(false)
  await at(later(5))
  expect([await wake(), await wake()]).toEqual([true, false])
  expect(await read()).toMatchObject({ state: 'planned', reason: null, bucket: null, dueAt: null })
  expect(await claim()).toMatchObject({ state: 'running', reason: null, dueAt: null, deaths: 0 })
})

test('a run that waits for its next retry goes on at once when somebody asks for it, and not for a schedule', async () => {
  const { slice, plan, claim, read, wake } = await setup()
  await snoozeRun(store, (await claim())!, { due: later(60), reason: 'retry 1 of 20', retry: true })
  await planRun(store, slice, { span: 'now', cause: 'schedule', priority: 'normal', from: noon, to: null })
  expect(await wake()).toBe(false)
  await plan()
  expect(await wake()).toBe(true)
  expect(await read()).toMatchObject({ state: 'planned', retries: 0 })
})

test('a run that was tried again and waits for a quota now waits on when somebody asks for it', async () => {
  const { plan, claim, read, wake } = await setup()
  await snoozeRun(store, (await claim())!, { due: noon, reason: 'retry 1 of 20', retry: true })
  await wake()
  await snoozeRun(store, (await claim())!, { due: later(60), reason: 'throttled', bucket: 'acme/calls/main' })
  await plan()
  expect(await wake()).toBe(false)
  expect(await read()).toMatchObject({ state: 'waiting', dueAt: later(60), reason: 'throttled' })
})

test('so does one that waits for its vendor and was never refused', async () => {
  const { plan, claim, read, wake } = await setup()
  await snoozeRun(store, (await claim())!, { due: later(60), reason: 'its report is not made yet' })
  await plan()
  expect(await wake()).toBe(false)
  expect(await read()).toMatchObject({ state: 'waiting', dueAt: later(60) })
})

test('a clock that is set back lets nobody wait longer', async () => {
  const { store, at } = await setupDatabase()
  const slice: Slice = { connector: 'acme', account: 'main', stream: 'orders', part: {} }
  await at(noon)
  const { id } = await planRun(store, slice, { span: 'now', cause: 'sync', priority: 'normal', from: noon, to: null })
  const run = await claimRun(store, { id, worker: 'host:1', job: randomUUID(), attempt: 0 })
  await snoozeRun(store, run!, { due: later(5), reason: 'throttled' })
  const due = async () => (await readRuns(store, [id]))[0]!.dueAt
  await at(later(-0.5))
  await pullBackRuns(store)
  expect(await due()).toEqual(later(5))
  await at(later(-60))
  await pullBackRuns(store)
  await pullBackRuns(store)
  expect(await due()).toEqual(later(-55))
  await at(later(-55))
  expect(await wakeRuns(store, 10)).toMatchObject([{ run: id }])
})

test('a worker that lost its run can neither end it nor give it back', async () => {
  const { worker, claim, read } = await setup()
  const lost = (await claim())!
  await orphanRuns(store, [worker])
  const run = (await claim(randomUUID(), 'other'))!
  expect(await snoozeRun(store, lost, { due: later(5), reason: 'mine' })).toBe(false)
  expect(await finishRun(store, lost, { state: 'failed' })).toBe(false)
  expect(await read()).toMatchObject({ state: 'running', worker: 'other' })
  expect(await finishRun(store, run, { state: 'partial', warning: 'w' })).toBe(true)
  expect(await finishRun(store, run, { state: 'success' })).toBe(false)
})

test('nor can it while it works on the same run anew, under another job', async () => {
  const { id, claim, read, wake } = await setup()
  const lost = (await claim())!
  await giveFlags(store, id, { 'max-pages': '5' })
  await wake()
  const run = (await claim())!
  const gain = { position: later(1), records: 1, inserted: 1, changed: 0, quarantined: 0 }
  expect(await isHeld(store, lost)).toBe(false)
  expect(await countPage(store, lost, gain)).toBe(false)
  expect(await snoozeRun(store, lost, { due: later(5), reason: 'mine' })).toBe(false)
  expect(await finishRun(store, lost, { state: 'failed' })).toBe(false)
  expect(await read()).toMatchObject({ state: 'running', pages: 0, worker: lost.worker })
  expect(await isHeld(store, run)).toBe(true)
  expect(await finishRun(store, run, { state: 'success' })).toBe(true)
})

test('the newest runs of a slice come first', async () => {
  const { slice, plan, id, claim } = await setup()
  await finishRun(store, (await claim())!, { state: 'success' })
  const next = await plan()
  expect((await latestRuns(store, slice, 5)).map(run => run.id)).toEqual([next.id, id])
})

test('of one account only so many are claimed at a time, however many claim at once', async () => {
  const account = `crowded-${slices}`
  const runs = await Promise.all(
    Array.from({ length: 8 }, async (_, n) => {
      const slice: Slice = { connector: 'acme', account, stream: 'orders', part: { n: String(n) } }
      return (await planRun(store, slice, { span: 'now', cause: 'sync', priority: 'normal', from: noon, to: null })).id
    }),
  )
  const claims = runs.map(id => claimWithin(store, { id, worker: `host:${id}`, job: randomUUID(), attempt: 0 }, 3))
  const answers = await Promise.all(claims)
  expect(answers.filter(answer => answer === 'full')).toHaveLength(5)
  const refused = runs.filter((_, nth) => answers[nth] === 'full')
  await postponeRun(store, refused[0]!, { due: later(5), reason: '3 runs of its account at a time' })
  const waiting = { state: 'waiting', dueAt: later(5), retries: 0, reason: '3 runs of its account at a time' }
  expect(await readRuns(store, [refused[0]!])).toMatchObject([waiting])
  const [held] = await readRuns(
    store,
    runs.filter(id => !refused.includes(id)),
  )
  await finishRun(store, held!, { state: 'success' })
  const again = { id: refused[1]!, worker: 'host:later', job: randomUUID(), attempt: 0 }
  expect(await claimWithin(store, again, 3)).toMatchObject({ state: 'running' })
})

test('a run that is being worked on keeps its place among those of its account, also where others want fewer at a time', async () => {
  const account = `fewer-${slices}`
  const hold = async (n: string) => {
    const slice: Slice = { connector: 'acme', account, stream: 'orders', part: { n } }
    const plan = { span: 'now', cause: 'sync', priority: 'normal', from: noon, to: null } as const
    const claim = { id: (await planRun(store, slice, plan)).id, worker: 'host:many', job: randomUUID(), attempt: 0 }
    await claimRun(store, claim)
    return claim
  }
  const [claim] = [await hold('1'), await hold('2')]
  expect(await claimWithin(store, claim, 1)).toMatchObject({ id: claim.id, worker: 'host:many', deaths: 0 })
  const next = { ...claim, worker: 'host:few', attempt: 1 }
  expect(await claimWithin(store, next, 1)).toMatchObject({ id: claim.id, worker: 'host:few', deaths: 1 })
})

test('old runs are forgotten, but not the newest of a part, nor any that is open', async () => {
  const { store, at } = await setupDatabase()
  const slice: Slice = { connector: 'acme', account: 'old', stream: 'orders', part: {} }
  const ids: string[] = []
  for (let day = 0; day < 5; day++) {
    await at(new Date(noon.getTime() + day * 86_400_000))
    const { id } = await planRun(store, slice, { span: 'now', cause: 'sync', priority: 'normal', from: noon, to: null })
    const run = await claimRun(store, { id, worker: 'host:old', job: randomUUID(), attempt: 0 })
    await finishRun(store, run!, { state: day === 2 ? 'failed' : 'success' })
    ids.push(id)
  }
  const left = async () => (await readRuns(store, ids)).map(({ id }) => id)
  await at(new Date(noon.getTime() + 92 * 86_400_000))
  expect(await pruneRuns(store, 90, 1)).toBe(1)
  expect(await left()).toEqual(ids.slice(1))
  await pruneRuns(store, 90, 100)
  expect(await left()).toEqual(ids.slice(2))
  const { id } = await planRun(store, slice, { span: 'now', cause: 'sync', priority: 'normal', from: noon, to: null })
  await at(new Date(noon.getTime() + 900 * 86_400_000))
  await pruneRuns(store, 90, 100)
  expect(await left()).toEqual([])
  expect(await readRuns(store, [id])).toMatchObject([{ state: 'planned' }])
})

test('runs come in the order in which they were planned, also where their numbers grow by a digit', async () => {
  const { slice } = await setup()
  await store.query(`select setval(pg_get_serial_sequence('sluice.runs', 'id'), 99995)`)
  const planned: string[] = []
  for (let nth = 0; nth < 8; nth++) {
    const plan = { span: `s${nth}`, cause: 'sync', priority: 'normal', from: noon, to: null } as const
    planned.push((await planRun(store, slice, plan)).id)
  }
  expect(planned.at(-1)).toBe('100003')
  expect((await readRuns(store, planned)).map(({ id }) => id)).toEqual(planned)
  expect((await latestRuns(store, slice, 8)).map(({ id }) => id)).toEqual(planned.toReversed())
})
