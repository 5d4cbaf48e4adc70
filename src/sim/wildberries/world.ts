/** The kinds of tokens; a seller's kind decides its limits and which methods are closed to it. */
export type TokenType = 'personal' | 'service' | 'base' | 'test'

/** What a token may be used for. */
export type Category = 'statistics' | 'analytics' | 'supplies' | 'marketplace' | 'finance'

/** One seller. What it sells and to whom is made up from the seed and its name. */
export type Seller = {
  name: string
  /** Kind of its tokens; default personal. */
  type?: TokenType
  /** What its tokens may be used for; default everything. */
  categories?: readonly Category[]
  /** Goods in its catalogue, each with one to four sizes; default 40. */
  goods?: number
  /** Orders a day; default 100. A fraction will do. */
  orders?: number
  /** Time (ms) of its first order and of its first supply; default 90 days before the world is made. */
  since?: number
  /** Share of the orders shipped from the seller's own warehouses; default 0.2. */
  own?: number
  /** Ms between two supplies; default four days. */
  supplyEvery?: number
}

/** A time in which nothing is answered: with a 503, or with a connection that breaks. */
export type Outage = { from: number; to: number; kind?: 'status' | 'reset' }

/** All there is to know about the imitated marketplace: the same world and time give the same answers, always. */
export type World = {
  seed?: number
  sellers: readonly Seller[]
  /** Share of the orders that appear in the report of orders hours after their date; default 0.02. */
  late?: number
  /** Times (ms) at which every row of orders and sales that is visible then gets a new and the same lastChangeDate. */
  updates?: readonly number[]
  /** From this time (ms) on the warehouses in Russia are masked; default 2026-08-15 in Moscow. */
  maskedSince?: number
  outages?: readonly Outage[]
}
