import { type Cache, cacheOf } from './cache.ts'
import { rowText, type Series, seriesOf } from './candle.ts'
import { intervals } from './interval.ts'
import { slotsOf } from './slots.ts'
import type { Listing, Quirk, World } from './world.ts'

/** A row as it is sent: [openTime, open, high, low, close, volume, closeTime, quoteVolume, trades, taker, takerQuote, "0"]. */
export type Row = [number, string, string, string, string, string, number, string, number, string, string, string]

/** A question for candles. Times are open times in ms, both inclusive. */
type Question = { symbol: string; interval: string; start?: number; end?: number; limit: number }

/** Candles as JSON text, with their number and the open times of the first and the last of them. */
type Page = { body: Uint8Array; rows: number; first: number | null; last: number | null }

/** The candles of the exchange, those of the present moment included. */
export type Market = {
  listing(symbol: string): Listing | undefined
  page(question: Question, now: number): Page
  truth(symbol: string, interval: string, from: number, to: number, now: number): Row[]
  alter(quirk: Quirk): void
}

export function openMarket(world: World, cacheBytes: number): Market {
  const listings = new Map(world.symbols.map(listing => [listing.symbol, listing]))
  const known = new Map<string, Series>()
  const quirks = quirksOf(world.quirks ?? [])
  const pages = cacheOf(cacheBytes)

  const series = (symbol: string, name: string): Series => {
    const key = `${symbol} ${name}`
    const found = known.get(key) ?? discover(world, listings.get(symbol), name)
    known.set(key, found)
    return found
  }

  return {
    listing: symbol => listings.get(symbol),
    page(question, now) {
      const asked = series(question.symbol, question.interval)
      const opens = opensOf(asked, question, now)
      return { body: bodyOf(asked, opens, now, pages, quirks), rows: opens.length, ...ends(opens) }
    },
    truth(symbol, interval, from, to, now) {
      const asked = series(symbol, interval)
      const opens = asked.slots.forward(from, to - 1, Number.POSITIVE_INFINITY, now)
      const closed = opens.filter(open => asked.interval.end(open) <= now)
      return JSON.parse(`[${closed.map(open => quirks.apply(asked, open, now)).join()}]`)
    },
    alter(quirk) {
      quirks.add(quirk)
      pages.clear()
    },
  }
}

function discover(world: World, listing: Listing | undefined, name: string): Series {
  const interval = intervals.get(name)
  if (listing === undefined || interval === undefined) throw new RangeError(`this world has no such candles (${name})`)
  return seriesOf(world.seed ?? 1, listing, interval, slotsOf(world, listing, interval))
}

/** No times: the most recent. A start: the oldest from there. Only an end: the most recent up to there (rest-api.md). */
function opensOf({ slots }: Series, { start, end, limit }: Question, now: number): number[] {
  if (start === undefined) return slots.backward(end ?? now, limit, now)
  return slots.forward(start, end ?? now, limit, now)
}

function ends(opens: number[]) {
  return { first: opens[0] ?? null, last: opens.at(-1) ?? null }
}

/** Pages of closed candles never change and are kept; a page with the open candle is written anew each time. */
function bodyOf(series: Series, opens: number[], now: number, pages: Cache, quirks: Quirks): Uint8Array {
  const last = opens.at(-1)
  const final = last !== undefined && series.interval.end(last) <= now
  const key = `${series.listing.symbol} ${series.interval.name} ${opens[0]} ${last} ${opens.length}`
  const kept = final ? pages.get(key) : undefined
  if (kept !== undefined) return kept
  const body = Buffer.from(`[${opens.map(open => quirks.apply(series, open, now)).join()}]`)
  if (final) pages.set(key, body)
  return body
}

type Quirks = { add(quirk: Quirk): void; apply(series: Series, open: number, now: number): string }

function quirksOf(given: readonly Quirk[]): Quirks {
  const byCandle = new Map<string, Quirk[]>()
  const keyOf = (symbol: string, interval: string, open: number) => `${symbol} ${interval} ${open}`

  const add = (quirk: Quirk) => {
    const key = keyOf(quirk.symbol, quirk.interval, quirk.openTime)
    byCandle.set(key, [...(byCandle.get(key) ?? []), quirk])
  }

  const apply = (series: Series, open: number, now: number) => {
    const text = rowText(series, open, now)
    if (byCandle.size === 0) return text
    const found = byCandle.get(keyOf(series.listing.symbol, series.interval.name, open))
    if (found === undefined) return text
    const row: unknown[] = JSON.parse(text)
    for (const { field, value } of found) row[field] = value
    return JSON.stringify(row)
  }

  for (const quirk of given) add(quirk)
  return { add, apply }
}
