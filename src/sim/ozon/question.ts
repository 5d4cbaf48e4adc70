import type { Body } from './body.ts'
import type { Wish } from './faults.ts'
import type { Reports } from './reports.ts'
import type { Shop } from './shop.ts'
import type { Seller } from './world.ts'

/** What an endpoint may look at to answer; `now` in ms. */
export type Question = {
  seller: Seller
  shop: Shop
  body: Body
  now: number
  reports: Reports
  manners: Manners
  /** What a fault wants of a report that is made now. */
  wish: Wish
}

/** How the vendor behaves where its documents leave room, or differ from the field. */
export type Manners = {
  /** Calls a second of one client to one method; field reports tell of 2, the documents of none. Default 2. */
  perMethod: number
  /** Calls a second of one client to all methods; default 50. */
  perClient: number
  /** ms between two calls of one client to /v1/analytics/stocks that are answered; default 4000. */
  analyticsGap: number
  /** Status of all that is wrong with a key: no source tells which. Default 403. */
  authStatus: 403 | 404
  /** Errors carry their code as text, `RESOURCE_EXHAUSTED`; default false. */
  stringCodes: boolean
  /** /v1/report/warehouse/stock answers as its example, without `result`; default false. */
  bareCode: boolean
  /** ms from the order of a report to its file; default 12,000. */
  reportTakes: number
  /** Where files lie, without a slash at its end: another host than the API's. */
  cdnUrl: string
  /** So many equal calls that are rejected in a row, and the account is blocked; default 20. */
  patience: number
}

export const usualManners: Manners = {
  perMethod: 2,
  perClient: 50,
  analyticsGap: 4000,
  authStatus: 403,
  stringCodes: false,
  bareCode: false,
  reportTakes: 12_000,
  cdnUrl: 'https://cdn.sim.example',
  patience: 20,
}
