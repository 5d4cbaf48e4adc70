import type { World } from './world.ts'

const day = 86_400_000

/**
 * The market of the demo: some 3,000 adverts and three whole days of changes before the last midnight (UTC), so that a
 * demo begun again an hour later tells the same history and a little more.
 */
export function demoWorld(now: number): World {
  return { seed: 1, adverts: 3_000, eventsPerDay: 180, since: Math.floor(now / day) * day - 3 * day }
}
