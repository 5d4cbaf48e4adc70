import type { Span } from './span.ts'

/** One symbol of the exchange. Prices and volumes are made up around these numbers. */
export type Listing = {
  symbol: string
  /** First tradable ms. */
  listed: number
  /** First ms without trading for ever; the symbol stays in exchangeInfo, as dead symbols do. */
  delisted?: number
  /** Default: TRADING, and BREAK once it is delisted. */
  status?: string
  /** Price around which it moves, in the quote asset; default 100. */
  price?: number
  /** Decimals of a price that are used, 0 to 8; every price is written with eight. Default 2. */
  decimals?: number
  /** Times in which this symbol alone could not be traded. */
  gaps?: readonly Span[]
  /** Probability that a candle of up to a minute has no trade; default 0. */
  quiet?: number
}

/** A stretch whose minutes open `shift` ms late, as in December 2017 and after 2018-02-09 (binance-public-data#14). */
export type Misalignment = Span & { shift: number }

/**
 * What one candle's field holds in place of its own value: `5E-8`, a ninth decimal, `abc`. The candle is named by its
 * open time; the field is its place in the row, from 0.
 */
export type Quirk = { symbol: string; interval: string; openTime: number; field: number; value: unknown }

/** All there is to know about the imitated exchange. The same world and seed give the same candles, always. */
export type World = {
  seed?: number
  symbols: readonly Listing[]
  /** Times in which nothing could be traded: no candle exists there. */
  outages?: readonly Span[]
  misaligned?: readonly Misalignment[]
  quirks?: readonly Quirk[]
}
