import { chance, keyOf } from '../random.ts'
import type { Interval } from './interval.ts'
import type { Slots } from './slots.ts'
import type { Listing } from './world.ts'

/** The candles of one symbol and interval. */
export type Series = {
  listing: Listing
  interval: Interval
  slots: Slots
  /** Randomness of the price, which all intervals of a symbol share. */
  priceKey: number
  /** Randomness of this interval alone. */
  key: number
}

/** Waves of the price: period in ms and how far the logarithm of the price goes with it. */
const waves = [
  [400 * 86_400_000, 0.5],
  [50 * 86_400_000, 0.2],
  [7 * 86_400_000, 0.06],
  [86_400_000, 0.025],
  [3 * 3_600_000, 0.008],
  [20 * 60_000, 0.003],
  [2 * 60_000, 0.001],
] as const

/** An open candle moves in so many steps from its open to its close. */
const steps = 120
const swing = Array.from({ length: steps + 1 }, (_, step) => Math.sin((Math.PI * step) / steps))
const wiggle = Array.from({ length: steps + 1 }, (_, step) => Math.sin((2 * Math.PI * step) / steps))

/** A candle of up to this length may be without a trade. */
const longestQuiet = 60_000
/** Every so many candles one trades for certain: a bound on the way back to the last trade. */
const liveliest = 1024
/** Volumes count lots of 0.00001. */
const lotDecimals = 5
/** What changes hands in a minute, in the quote asset. */
const turnover = 500_000

export function seriesOf(seed: number, listing: Listing, interval: Interval, slots: Slots): Series {
  const priceKey = keyOf(seed, listing.symbol)
  return { listing, interval, slots, priceKey, key: keyOf(seed, listing.symbol, interval.name) }
}

/**
 * The row of a candle as JSON text: twelve elements, prices and volumes as decimal text (rest-api.md, klines). While
 * the candle is open its values follow `now`: high only rises, low only falls, volumes and trades only grow.
 */
export function rowText(series: Series, open: number, now: number): string {
  const end = series.interval.end(open)
  if (isQuiet(series, open)) return quietRow(open, end, lastClose(series, open), series.listing.decimals ?? 2)
  const step = now >= end ? steps : Math.floor(((now - open) * steps) / (end - open))
  const decimals = series.listing.decimals ?? 2
  const { first, high, low, close } = path(series, open, end, step)
  const { lots, takerLots, trades } = amounts(series, open, step)
  const quote = (first / 10 ** decimals) * 10 ** -lotDecimals
  return (
    `[${open},"${fixed(first, decimals)}","${fixed(high, decimals)}","${fixed(low, decimals)}","${fixed(close, decimals)}",` +
    `"${fixed(lots, lotDecimals)}",${end - 1},"${(lots * quote).toFixed(8)}",${trades},` +
    `"${fixed(takerLots, lotDecimals)}","${(takerLots * quote).toFixed(8)}","0"]`
  )
}

/** A candle without a trade still exists: no volume, all prices the last close (dev.binance.vision/t/19490). */
function quietRow(open: number, end: number, ticks: number, decimals: number): string {
  const price = fixed(ticks, decimals)
  const none = '0.00000000'
  return `[${open},"${price}","${price}","${price}","${price}","${none}",${end - 1},"${none}",0,"${none}","${none}","0"]`
}

/** The first candle after a gap always trades, so that its price needs no candle beyond the gap. */
function isQuiet({ listing, interval, key, slots }: Series, open: number): boolean {
  if (!listing.quiet || interval.step > longestQuiet) return false
  if (Math.floor(open / interval.step) % liveliest === 0 || chance(key + 5, open) >= listing.quiet) return false
  return slots.backward(open - 1, 1, open)[0] === open - interval.step
}

/** The close, in ticks, of the last candle before this one that saw a trade. */
function lastClose(series: Series, open: number): number {
  let traded = open
  while (isQuiet(series, traded)) traded -= series.interval.step
  return path(series, traded, series.interval.end(traded), steps).close
}

/** Prices of a candle in ticks after so many of its steps. */
function path({ listing, interval, key, priceKey }: Series, open: number, end: number, step: number) {
  const perTick = 10 ** (listing.decimals ?? 2)
  const from = priceAt(priceKey, listing.price ?? 100, open) * perTick
  const gain = priceAt(priceKey, listing.price ?? 100, end) * perTick - from
  const reach = from * Math.min(0.2, 0.001 * Math.sqrt(interval.step / 60_000))
  const slow = reach * (chance(key + 1, open) - 0.5)
  const fast = reach * (chance(key + 2, open) - 0.5)
  let high = from
  let low = from
  let price = from
  for (let at = 1; at <= step; at++) {
    price = from + (gain * at) / steps + slow * swing[at]! + fast * wiggle[at]!
    if (price > high) high = price
    else if (price < low) low = price
  }
  return { first: ticks(from), high: ticks(high), low: ticks(low), close: ticks(price) }
}

function ticks(price: number): number {
  return Math.max(1, Math.round(price))
}

/** No two states of an open candle have the same number of trades: a price moves by a trade. */
function amounts({ listing, interval, key }: Series, open: number, step: number) {
  const minutes = interval.step / 60_000
  const busy = chance(key + 3, open)
  const whole = ((turnover * minutes * (0.1 + busy)) / (listing.price ?? 100)) * 10 ** lotDecimals
  const lots = Math.max(1, Math.floor((whole * step) / steps))
  const trades = Math.max(1, Math.floor(((2 * steps + 1_000 * minutes * busy) * step) / steps))
  return { lots, trades, takerLots: Math.floor(lots * (0.3 + 0.4 * chance(key + 4, open))) }
}

function priceAt(key: number, around: number, time: number): number {
  let log = 0
  for (let wave = 0; wave < waves.length; wave++) {
    const [period, height] = waves[wave]!
    const place = time / period
    const left = Math.floor(place)
    const part = place - left
    const ease = part * part * (3 - 2 * part)
    const before = chance(key + wave, left)
    log += height * (2 * (before + (chance(key + wave, left + 1) - before) * ease) - 1)
  }
  return around * Math.exp(log)
}

/** A whole number of units of 10^-decimals with eight decimals: fixed(370123, 2) is 3701.23000000. */
function fixed(units: number, decimals: number): string {
  const scale = 10 ** decimals
  const whole = Math.floor(units / scale)
  return `${whole}.${String(scale + units - whole * scale).slice(1)}${'00000000'.slice(decimals)}`
}
