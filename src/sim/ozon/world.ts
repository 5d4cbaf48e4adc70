import type { Layout } from './layout.ts'

/** One shop of the imitated vendor, and how its key and its account behave. */
export type Seller = {
  clientId: string
  apiKey: string
  /** Products that are not in the archive. */
  products: number
  /** Products of the archive, which only a report of their own shows; default 0. */
  archived?: number
  /** Articles of the first products; all others are made up. */
  offers?: readonly string[]
  /** What has become of the key; default active. */
  key?: 'active' | 'deactivated' | 'restricted'
  /** Roles of the key; without, one role that may call everything. */
  roles?: readonly Role[]
  /** Some accounts do not have the beta method of FBO stock by warehouse (field reports); default true. */
  fboByWarehouse?: boolean
  /** Own warehouses, every third of which is rFBS; default 3. */
  warehouses?: number
  /** Warehouses of the vendor that hold this seller's goods; default 5. */
  fulfilment?: number
  /** How the file of the product report looks to this seller. */
  layout?: Layout
}

/** Paths that a key with this role may call. */
type Role = { name: string; methods: readonly string[] }

/** A stretch of time in ms in which nothing is answered but a page of the gateway: `from` belongs to it, `to` does not. */
export type Outage = { from: number; to: number }

/** All there is to know about the vendor. The same world and the same time give the same bytes, always. */
export type World = {
  seed?: number
  sellers: readonly Seller[]
  outages?: readonly Outage[]
}
