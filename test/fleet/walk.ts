import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { isFinished } from '../../src/core/run.ts'
import { setupDatabase } from '../setup/database.ts'
import { every, since, type Wishes } from './connector.ts'
import { type Crew, setupCrew, type Worker } from './crew.ts'
import { type Desk, setupDesk } from './desk.ts'
import {
  type Adoption,
  adoptionsOf,
  type Death,
  expectEveryPage,
  expectLanes,
  expectOneByOne,
  expectWithinLimits,
  type Shares,
} from './proof.ts'
import { startVendor, type Vendor } from './vendor.ts'

/** Records a page. */
const batch = 20

/** Three accounts with so many shops each; a name belongs to one account only, as the tables do not tell accounts apart. */
function shopsOf(each: number): Wishes['shops'] {
  const names = ['anna', 'boris', 'cleo']
  return Object.fromEntries(names.map(name => [name, Array.from({ length: each }, (_, nth) => `${name}-${nth + 1}`)]))
}

/** A database, a vendor and a crew that is not there yet. Each list of the vendor has so many pages. */
export async function setupFleet({
  shops,
  pages,
  env,
}: {
  shops: number
  pages: number
  env?: Record<string, string>
}) {
  const wishes: Wishes = { shops: shopsOf(shops), batch }
  const world = { accounts: Object.keys(wishes.shops), since, every, rows: pages * batch }
  const { connection } = await setupDatabase()
  const vendor = await startVendor(world)
  const desk = await setupDesk(connection, vendor.url, wishes, world)
  return { vendor, desk, crew: await setupCrew(connection, vendor.url, wishes, env) }
}

/** One line about a walk, for people. */
export function told({ calls, deaths, adoptions, shares }: Walk): string {
  const slowest = Math.max(...adoptions.map(({ after }) => after))
  const elsewhere = `${adoptions.length} runs went on elsewhere, the last ${slowest} ms after the death`
  return `${calls} calls, ${deaths} deaths; ${elsewhere}; while high runs were there, calls were ${JSON.stringify(shares)}\n`
}

/** What came out of a walk: how long after a death its runs went on elsewhere (ms), and who got how much while high runs were there. */
export type Walk = { calls: number; deaths: number; adoptions: Adoption[]; shares: Shares }

/**
 * Three workers collect 48 lists, planned all at once, while again and again one of them is killed and replaced. Compares runs,
 * tables and the vendor's log with what must be.
 */
export async function walk(pages: number, callsPerDeath: number): Promise<Walk> {
  const { vendor, desk, crew } = await setupFleet({ shops: 4, pages, env: { SLUICE_WORKERS: '16' } })
  await vendor.plant({ kind: 'slow', ms: 30, times: 1e9 })
  const ids = await desk.plan()
  expect(ids).toHaveLength(48)
  for (let nth = 0; nth < 3; nth++) crew.start()
  const deaths = await killNowAndThen({ vendor, desk, crew }, ids, callsPerDeath)
  expect(await crew.stop()).toEqual([0, 0, 0])

  const [runs, calls] = [await desk.runs(ids), await vendor.calls()]
  expect(runs.map(({ state }) => state)).toEqual(ids.map(() => 'success'))
  expect(runs.map(run => [run.pages, run.inserted, run.changed])).toEqual(ids.map(() => [pages, pages * batch, 0]))
  expect(await desk.store.query('select id::text from sluice.runs order by runs.id')).toEqual(ids.map(id => ({ id })))
  await desk.prove()

  expectWithinLimits(calls)
  expectOneByOne(calls, deaths)
  const adoptions = adoptionsOf(await desk.history(), deaths)
  expectEveryPage(
    calls,
    Array.from({ length: pages }, (_, nth) => nth * batch),
    { runs, adoptions },
  )
  return { calls: calls.length, deaths: deaths.length, adoptions, shares: expectLanes(calls, runs) }
}

type Fleet = { vendor: Vendor; desk: Desk; crew: Crew }

/** Kills the oldest worker whenever the vendor has been called so many times more, until all runs have ended. */
async function killNowAndThen({ vendor, desk, crew }: Fleet, ids: readonly string[], calls: number): Promise<Death[]> {
  const deaths: Death[] = []
  while (!(await desk.runs(ids)).every(isFinished)) {
    if ((await vendor.calls()).length >= (deaths.length + 1) * calls) {
      deaths.push(await kill(crew.workers.find(worker => !worker.isOver())!))
      crew.start()
    }
    await sleep(50)
  }
  return deaths
}

async function kill(worker: Worker): Promise<Death> {
  const at = Date.now()
  await worker.kill()
  return { pid: worker.pid, at }
}
