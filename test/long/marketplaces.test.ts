import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { readPauses } from '../../src/db/pauses.ts'
import { wrongOfOzon, wrongOfWildberries } from '../marketplaces/books.ts'
import { wrongOfInventory } from '../marketplaces/stock.ts'
import { pass, type Wait } from '../marketplaces/time.ts'
import { brokenWaits, toldOf } from '../marketplaces/waits.ts'
import { setupMarketplaces, type World } from '../marketplaces/world.ts'
import { until } from '../setup/sluice.ts'

const [minute, hour] = [60_000, 3_600_000]

/** Five minutes past midnight in Moscow. */
const began = Date.parse('2026-10-20T21:05:00Z')
const days = Number(process.env.SLUICE_TEST_DAYS ?? 10)

/** Processes of `sluice up`. */
const crew = 2

/** What happens, and how many hours after the beginning; the outage lies over the hour at which stock is collected. */
const story: readonly (readonly [hours: number, happens: (world: World) => Promise<void>])[] = [
  [29.9, dieAsking],
  [60, async world => world.revoke()],
  [84, rotate],
  [101, async world => world.archive()],
  [125.5, async world => void world.wildberries.outages.push({ from: world.now(), to: world.now() + 3 * hour })],
  [183, world => dieTogether(world)],
]

/** Processes take over new credentials within ten seconds, which here are hours: nobody moves the clock meanwhile. */
async function rotate(world: World) {
  await world.rotate()
  await sleep(11_000)
}

/** One worker dies while the vendor answers it, in the very hour of the stocks. */
async function dieAsking(world: World) {
  await world.at(Math.ceil(world.now() / (10 * minute)) * 10 * minute)
  const asked = world.calls()
  await until('they ask', () => world.calls() > asked)
  await world.kill(1)
  await world.begin(1)
}

/** All processes die while they ask, and nobody is there for half an hour. */
async function dieTogether(world: World) {
  await world.at(Math.ceil((world.now() + 1) / (10 * minute)) * 10 * minute)
  const asked = world.calls()
  await until('they ask', () => world.calls() > asked)
  await world.kill(crew)
  await world.at(world.now() + 33 * minute)
  await world.begin(crew)
}

it(`${days} days: two crashes, a withdrawn token and three hours without the vendor, and every table is true`, async () => {
  const world = await setupMarketplaces(began)
  await world.begin(crew)
  const waits: Wait[] = []
  const real = performance.now()
  for (const [hours, happens] of [...story, [days * 24, async () => undefined] as const]) {
    if (hours > days * 24) continue
    waits.push(...(await pass(world, began + hours * hour)))
    process.stdout.write(`${hours} h: ${Math.round((performance.now() - real) / 1000)} s, ${world.calls()} calls\n`)
    await happens(world)
  }

  const told = toldOf(waits)
  const kinds = Object.entries(Object.groupBy(told, ({ kind }) => kind)).map(([kind, all]) => `${all!.length} ${kind}`)
  process.stdout.write(`${world.calls()} calls; waits: ${kinds.join(', ')}\n`)
  expect(brokenWaits(world, told)).toEqual([])
  expect(told.filter(({ kind }) => kind === 'throttled').length).toBeGreaterThan(days)
  expect([...world.wildberries.calls, ...world.ozon.calls].filter(({ status }) => status === 429)).toEqual([])
  expect((await readPauses(world.store)).map(({ connector }) => connector)).toEqual(['binance'])
  for (const seller of ['romashka', 'vesna']) expect(await wrongOfWildberries(world, seller)).toEqual([])
  expect(await wrongOfOzon(world)).toEqual([])
  const { wrong, gone } = await wrongOfInventory(world)
  expect(wrong).toEqual([])
  if (days > 5) expect(gone).toBeGreaterThan(2)
})
