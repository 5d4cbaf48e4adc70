/** A time in which nothing is answered: with a 503, or with a connection that breaks. */
export type Outage = { from: number; to: number; kind?: 'status' | 'reset' }

/** All there is to know about the imitated market: the same world and time give the same answers, always. */
export type World = {
  seed?: number
  /** Adverts in the market when it opens. */
  adverts: number
  /** Default 6 % of the adverts, as 15,000 are of 250,000. */
  eventsPerDay?: number
  /** When the feed of events begins; ms. Adverts of the opening were listed in the 90 days before. */
  since: number
  /** Events that are kept: older ones are purged. Default: all. */
  kept?: number
  /** The id of the first event. Ids are dense. Default 8,350,524, the first one that was ever seen. */
  firstId?: number
  /** The language of the account. Mixed, the default, is what consumers describe: it changes by time. */
  language?: 'ru' | 'en' | 'mixed'
  /** Times in which the feed is dead: nothing is said of what happens until they end, and then all at once. */
  quiet?: readonly { from: number; to: number }[]
  /** One advert in this many has a field that cannot be read; the truth tells which. Default: none. */
  broken?: number
}

/** What the vendor's documents leave open; each can be had either way. */
export type Manners = {
  /** The api key that is let in. */
  key: string
  /** The access name: when given, the first label of the host must be it; other hosts answer 404 in HTML, as the apex does. */
  access?: string
  /** Whether the header `x-api-key` is read on v2; default true. */
  headerAccepted?: boolean
  /** Where adverts that are new stand in the list of offers; default first, so that they push all others down. */
  newest?: 'first' | 'last'
  /** The day boundary of /change_id; default UTC. */
  zone?: 'utc' | 'msk'
  /** How the feed ends (see changes.ts); default mixed. */
  end?: 'null' | 'absent' | 'same' | 'mixed'
  /** Whether /offer puts its answer into { data }, as a sample of the vendor reads it; default false. */
  wrapped?: boolean
  /** Whether /offers and /changes carry the vin, or /offer alone; default true. */
  vinListed?: boolean
  /** The share of the pages of /changes that repeat a row of theirs and give them out of order; default 0. */
  untidy?: number
  /** Limits are not proven to exist; with this there are: `max` calls in `every` ms. */
  limit?: { max: number; every: number; tell?: 'seconds' | 'date' | 'nothing' }
  /** Every answer takes this long; ms. Default 0. */
  slow?: number
  outages?: readonly Outage[]
}
