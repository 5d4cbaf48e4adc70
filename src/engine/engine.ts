import type { Clock } from '../core/clock.ts'
import type { Limits } from '../core/limits.ts'
import type { Log } from '../core/log.ts'
import type { Source } from '../core/source.ts'
import type { Queue } from '../db/queue.ts'
import type { Store } from '../db/store.ts'
import type { Vault } from '../db/vault.ts'
import type { Fetch } from '../http/fetch.ts'
import type { Outage } from './outage.ts'
import type { Purse } from './purse.ts'
import type { Wallet } from './wallet.ts'

/** What it takes to ask a vendor: the buckets of its limits, what we hold of them, and the clock that times the waits. */
export type Tools = {
  store: Store
  clock: Clock
  limits: Limits
  purse: Purse
  /** The wire, without limits and retries: the engine wraps it for each source (engine/line.ts). */
  transport: Fetch
  /** Whose address requests leave from, for limits by address. */
  egress: string
  userAgent: string
  log: Log
}

/** What it takes to ask on behalf of an account. */
export type Asker = Tools & {
  /** What opens stored credentials, and what this process holds of them. */
  vault: Vault
  wallet: Wallet
  /** The name of this process among the workers (db/presence.ts). */
  worker: string
  /** What can be planned and worked. They are replaced when accounts change; what is asked of one account alone needs none. */
  sources?: readonly Source[]
}

/** The tools the engine works with, handed to every function of it as one object. */
export type Engine = Asker & {
  queue: Queue
  /** Whether the database is away, and what waits for it. */
  outage: Outage
  sources: readonly Source[]
  /** How many runs of one account all processes together may work on at a time; undefined: as many as there are. */
  perAccount: number | undefined
  /** Aborted when this process shall stop: pages in hand are finished, nothing new is begun. */
  stopping: AbortSignal
}
