import type { Limits } from '../../src/core/limits.ts'

/** A store of buckets under test, with a clock that stands still until it is moved. */
export type World = {
  /** The store as one more process opens it. */
  open(): Promise<Limits>
  /** Moves the clock of the store to a moment (ms). */
  at(moment: number): Promise<void>
  /** Ends everything that holds the buckets in memory and begins it again, as a restart of the server does. */
  restart?(): Promise<void>
}
