import type { Answer } from './answer.ts'
import type { Metered } from './meter.ts'
import type { Origin } from './refuse.ts'
import type { Shop } from './shop.ts'
import type { Category, TokenType } from './world.ts'

/** A question that has passed the gate. */
export type Ask = Origin & {
  shop: Shop
  /** The time (ms) up to which the reports know the world: the last refresh. */
  known: number
  query: URLSearchParams
  body: unknown
  /** What stands in the path for an id; empty where there is none. */
  id: string
  /** Reports ordered with this call end so, and not as done. */
  end?: 'canceled' | 'purged'
}

/** A method of the API: whose tokens may call it, from which bucket it is paid, and its answer. */
export type Endpoint = {
  name: string
  method: 'GET' | 'POST'
  /** Its first group is the id. */
  path: RegExp
  /** Null: a token for anything will do. */
  category: Category | null
  limit: Metered
  /** Types of tokens that get a 403. */
  closed?: readonly TokenType[]
  /** @throws Refusal */
  answer(ask: Ask): Answer
}
