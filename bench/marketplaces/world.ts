import type { Options } from '../../src/sim/wildberries/wildberries.ts'

/** What is collected: a million orders of four sellers, of the 90 days that the vendor keeps, as of one moment. */
const now = Date.UTC(2026, 9, 1, 12)
const since = now - 90 * 86_400_000
export const sellers = ['anna', 'boris', 'vera', 'gleb']
export const options: Options = {
  ...{ seed: 5, unlimited: true, now: () => now },
  sellers: sellers.map(name => ({ name, type: 'personal', goods: 200, orders: 2_780, since })),
}
