import type { Credentials } from '../core/account.ts'
import type { Vendor } from './wire.ts'

/** What the kit is told beside the connector. */
export type Settings = {
  /**
   * An imitation of the vendor, fresh each time: what one check does to it no other one meets. It answers the same to the same
   * questions. `now` is the kit's clock (epoch ms), for one that counts calls or tells times.
   */
  vendor(world: { now(): number }): Vendor
  /** The account's credentials, for a connector that needs some. */
  account?: Credentials
  /** Settings of streams by the stream's name, as they would stand in sluice.yaml; the defaults without them. */
  options?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** The moment at which the kit's clock begins: the present without it. It matters where records have a time. */
  now?: Date | string
  /** Which streams are looked at; all of them without it. */
  streams?: readonly string[]
  /** More pages than this are taken for pages without an end: 1000 without it. */
  pages?: number
  /** How many records go through `parse`, the schema and `row` to see that memory stays flat: a million without it. */
  records?: number
  /** The server on which databases are made for the checks: DATABASE_URL without it, or else the embedded store. */
  database?: string
  /** Hears of what looks wrong and need not be; without it, the standard error output does. */
  warn?(line: string): void
}
