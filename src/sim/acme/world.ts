import { chance, keyOf } from '../random.ts'

/** What the vendor sells data about; each is a method of its API and a list of its own in every account. */
export const methods = ['orders', 'stocks', 'prices', 'events'] as const
export type Method = (typeof methods)[number]

/** Accounts by their tokens, and how many records each part of each method holds: one every `every` ms from `since` on. */
export type World = { seed?: number; accounts: readonly string[]; since: number; every: number; rows: number }

/** One record as the vendor sends it. `at` is epoch ms; amounts are decimal text with two to four digits. */
export type Row = { id: string; at: number; amount: string; state: string }

/** Which list is meant. */
export type List = { account: string; method: Method; part: string }

const states = ['new', 'paid', 'sent', 'done']

/** Record number `nth` (from 0) of a list: the same on every machine, whichever is asked for first. */
function rowOf({ seed = 1, since, every }: World, { account, method, part }: List, nth: number): Row {
  const key = keyOf(seed, account, method, part)
  const cents = Math.floor(chance(key, nth) * 100_000_000)
  const [whole, rest] = [Math.floor(cents / 10_000), String(cents % 10_000).padStart(4, '0')]
  return {
    id: `${method}-${part}-${nth}`,
    at: since + nth * every,
    amount: `${whole}.${nth % 2 ? rest : rest.slice(0, 2)}`,
    state: states[Math.floor(chance(key, nth + 0.5 * 2 ** 32) * states.length)]!,
  }
}

/** Records `from` to `to` (exclusive) of a list, as far as there are any. */
export function rowsOf(world: World, list: List, from: number, to: number): Row[] {
  const [first, end] = [Math.max(0, from), Math.min(to, world.rows)]
  return Array.from({ length: Math.max(0, end - first) }, (_, nth) => rowOf(world, list, first + nth))
}
