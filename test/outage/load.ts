import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { isFinished } from '../../src/core/run.ts'
import type { Connection } from '../../src/db/store.ts'
import { every, since, type Wishes } from '../fleet/connector.ts'
import { type Crew, setupCrew } from '../fleet/crew.ts'
import { type Desk, setupDesk } from '../fleet/desk.ts'
import { expectOneByOne, expectWithinLimits } from '../fleet/proof.ts'
import { startVendor, type Vendor } from '../fleet/vendor.ts'
import { type Env, until } from '../setup/sluice.ts'

/** Records a page, and pages of each of the 24 lists: some twelve seconds of work for the quota there is. */
const [batch, pages] = [20, 8]

/** A load by two worker processes, which a test disturbs in the middle. */
export type Load = { vendor: Vendor; desk: Desk; crew: Crew; ids: string[] }

/** Begins a load on this database, and resolves in the middle of it. */
export async function beginLoad(connection: Connection, env: Env = {}): Promise<Load> {
  const names = ['anna', 'boris', 'cleo']
  const shops = Object.fromEntries(names.map(name => [name, [`${name}-1`, `${name}-2`]]))
  const wishes: Wishes = { shops, batch }
  const world = { accounts: names, since, every, rows: pages * batch }
  const vendor = await startVendor(world)
  const desk = await setupDesk(connection, vendor.url, wishes, world)
  const crew = await setupCrew(connection, vendor.url, wishes, env)
  const ids = await desk.plan()
  for (let nth = 0; nth < 2; nth++) crew.start()
  await until('the load is in full swing', async () => (await vendor.calls()).length >= 40)
  return { vendor, desk, crew, ids }
}

/** From when to when (epoch ms) something was broken. */
export type Outage = { from: number; to: number }

/** Breaks something for so many ms. */
export async function disturb(length: number, broken: () => Promise<unknown>, mended: () => unknown): Promise<Outage> {
  await broken()
  const from = Date.now()
  await sleep(length)
  const to = Date.now()
  await mended()
  return { from, to }
}

/**
 * What must hold afterwards: the work ended by itself, nothing is lost or doubled, no limit was broken, nothing was asked while it
 * could not be kept, and nobody but the outage is told of.
 */
export async function expectRecovery({ vendor, desk, crew, ids }: Load, { from, to }: Outage): Promise<void> {
  await until('every run has ended', async () => (await desk.runs(ids)).every(isFinished))
  expect(await crew.stop()).toEqual([0, 0])
  const [runs, calls] = [await desk.runs(ids), await vendor.calls()]
  expect(runs.map(({ state, error }) => [state, error])).toEqual(ids.map(() => ['success', null]))
  expect(runs.map(run => [run.pages, run.inserted, run.changed])).toEqual(ids.map(() => [pages, pages * batch, 0]))
  await desk.prove()
  expectWithinLimits(calls)
  expectOneByOne(calls, [])
  const inFlight = 2_000
  expect(calls.filter(({ at }) => at > from + inFlight && at < to)).toEqual([])
  expect(calls.filter(({ at }) => at > to).length).toBeGreaterThan(0)
}

/** What the workers said that was no everyday matter: how often each, by its text without numbers. */
export function said({ crew }: Load, level: string): Record<string, number>[] {
  return crew.workers.map(({ log }) => {
    const lines = log.filter(line => line.level === level).map(({ message }) => message.replaceAll(/\d+/g, 'N'))
    return Object.fromEntries(
      Map.groupBy(lines, line => line)
        .entries()
        .map(([line, same]) => [line, same.length]),
    )
  })
}

/** All alerts there were, and whether they hold no more. */
export function alerts({ desk }: Load): Promise<{ code: string; level: string; times: number; over: boolean }[]> {
  return desk.store.query(
    'select code, level, times, resolved_at is not null as over from sluice.alerts a order by a.id',
  )
}

/** What the workers said that was no everyday matter, for people. */
export function told(what: string, load: Load): void {
  const lines = ['error', 'warn'].flatMap(level => said(load, level).flatMap(Object.entries))
  const seconds = load.crew.workers.flatMap(({ log }) =>
    log.map(({ message }) => /again after (\d+) s/.exec(message)?.[1] ?? []),
  )
  process.stdout.write(`${what}: back after ${seconds.flat().join(' and ') || '?'} s; ${JSON.stringify(lines)}\n`)
}
