import type { World } from './world.ts'

const day = 86_400_000

/**
 * The world of the demo: a seller with a personal token and one with a service token, whose first orders were placed 90
 * days before the last midnight (UTC), so that a demo begun again an hour later tells the same history. A base token
 * would keep the demo waiting for days: it may ask for two supplies an hour.
 */
export function demoWorld(now: number): World {
  const since = Math.floor(now / day) * day - 90 * day
  return {
    seed: 1,
    sellers: [
      { name: 'romashka', type: 'personal', goods: 40, orders: 120, since },
      { name: 'vesna', type: 'service', goods: 40, orders: 60, since },
    ],
  }
}
