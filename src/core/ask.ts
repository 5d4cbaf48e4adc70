import type { Format } from './format.ts'

/**
 * A question to the vendor.
 *
 * - path: below the connector's `base_url`, or below another of its hosts (`host`); or `url`, an address on any host, which gets no credentials but those in
 *   `headers`
 * - query: values that are undefined are left out
 * - json, form: the body; the method is then POST, unless it is named
 * - limit: what it costs in each of the vendor's limits, where that is not what its stream costs
 * - format: how the answer is read, where that is not as its stream says
 * - accepts: statuses that are answers here, whatever they usually mean (404: there is none of that). Of such an answer
 *   `json` is the text where it is no JSON, and no records are read one by one
 */
export type Ask = (
  | { path: string; url?: undefined; host?: string }
  | { url: string; path?: undefined; host?: undefined }
) & {
  query?: Readonly<Record<string, string | number | undefined>>
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  headers?: Readonly<Record<string, string>>
  json?: unknown
  form?: Readonly<Record<string, string>>
  limit?: Readonly<Record<string, number>>
  format?: Format
  accepts?: readonly number[]
}

/**
 * The vendor's answer; one with status 204 says that there is nothing: `json` is undefined, and there are no records.
 * `json` is exact (see core/json.ts); where records are read one by one it holds an empty list in
 * their place, and `list` tells of them. `at` is the vendor's clock when it answered.
 */
export type Answer = { status: number; headers: Headers; json: unknown; at: Date; list?: Listing }

/** The records of an answer that are read one by one: how many, the first and the last, and the names of a CSV's columns. */
export type Listing = { count: number; first: unknown; last: unknown; header?: readonly string[] }
