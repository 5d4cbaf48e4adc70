import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { readPauses } from '../../src/db/pauses.ts'
import { wrongOfOzon, wrongOfWildberries } from '../marketplaces/books.ts'
import { wrongOfInventory } from '../marketplaces/stock.ts'
import { pass, type Wait } from '../marketplaces/time.ts'
import { brokenWaits, toldOf } from '../marketplaces/waits.ts'
import { setupMarketplaces, type World } from '../marketplaces/world.ts'

const [minute, hour] = [60_000, 3_600_000]

/** Five minutes past midnight in Moscow. */
const began = Date.parse('2026-10-20T21:05:00Z')
const days = 10

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

/** One process dies in the very hour of the stocks, while the vendor is about to answer. */
async function dieAsking(world: World) {
  const answer = await held(world, Math.ceil(world.now() / (10 * minute)) * 10 * minute)
  await world.kill(1)
  answer.remove()
  await world.begin(1)
}

/** All processes die while the vendor is about to answer one of them, and nobody is there for half an hour. */
async function dieTogether(world: World) {
  const answer = await held(world, Math.ceil((world.now() + 1) / (10 * minute)) * 10 * minute)
  await world.kill(crew)
  answer.remove()
  const lost = await world.store.query("select from sluice.runs where state = 'running'")
  expect(lost.length).toBeGreaterThan(0)
  await world.at(world.now() + 33 * minute)
  await world.begin(crew)
}

/** Goes to a moment at which orders are asked for, and holds an answer back. */
async function held({ at, wildberries }: World, moment: number) {
  const answer = wildberries.faults.add({ kind: 'hold', match: { endpoint: 'orders' } })
  await at(moment)
  await answer.reached
  return answer
}

it(`${days} days of vendor life: two crashes, a withdrawn token and three hours without the vendor, and every table is true`, async () => {
  const world = await setupMarketplaces(began)
  await world.begin(crew)
  const waits: Wait[] = []
  const real = performance.now()
  for (const [hours, happens] of [...story, [days * 24, async () => undefined] as const]) {
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
  const refused = world.wildberries.calls.filter(({ status }) => status === 401)
  expect(new Set(refused.map(({ seller }) => seller))).toEqual(new Set(['vesna']))
  expect(world.wildberries.calls.filter(({ fault }) => fault === 'outage').length).toBeGreaterThan(10)
  expect((await readPauses(world.store)).map(({ connector }) => connector)).toEqual(['binance'])
  for (const seller of ['romashka', 'vesna']) expect(await wrongOfWildberries(world, seller)).toEqual([])
  expect(await wrongOfOzon(world)).toEqual([])
  const { wrong, gone } = await wrongOfInventory(world)
  expect(wrong).toEqual([])
  expect(gone).toBeGreaterThan(2)
})
