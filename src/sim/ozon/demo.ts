import type { World } from './world.ts'

/** The client id of the demo's shop, and its key. */
export const demoSeller = { clientId: '924336', apiKey: 'demo-ozon-key' }

/** The world of the demo: one shop with three own warehouses, goods at the vendor's, and an archive. */
export function demoWorld(): World {
  return { seed: 1, sellers: [{ ...demoSeller, products: 120, archived: 8 }] }
}
