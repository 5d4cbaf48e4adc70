import type { World } from './world.ts'

const day = 86_400_000

/**
 * The market of a demo that began at a time (ms): some 3,000 adverts and three whole days of changes before the midnight (UTC)
 * then. A demo begun again hours or days later, which is told by the same time, tells the same history and a little more.
 */
export function demoWorld(began: number): World {
  return { seed: 1, adverts: 3_000, eventsPerDay: 180, since: Math.floor(began / day) * day - 3 * day }
}
