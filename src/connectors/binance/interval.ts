/**
 * The candle intervals of the spot API (rest-api.md, "Kline/Candlestick chart intervals"); case sensitive: 1m is a
 * minute, 1M a month.
 */
export const intervals = [
  '1s',
  '1m',
  '3m',
  '5m',
  '15m',
  '30m',
  '1h',
  '2h',
  '4h',
  '6h',
  '8h',
  '12h',
  '1d',
  '3d',
  '1w',
  '1M',
] as const // prettier-ignore
export type Interval = (typeof intervals)[number]

const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, M: 2_592_000_000 }

/** The nominal length of a candle in ms; a month counts 30 days. */
export function length(interval: Interval): number {
  return Number.parseInt(interval, 10) * units[interval.at(-1) as keyof typeof units]
}

/** Monday, 5 January 1970: weeks are counted from a Monday, everything shorter from the epoch. */
const firstMonday = 345_600_000

/** The open time (ms) of the candle that `moment` (ms) falls into. Months follow the UTC calendar. */
export function openOf(interval: Interval, moment: number): number {
  if (interval === '1M') {
    const day = new Date(moment)
    return Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), 1)
  }
  const anchor = interval === '1w' ? firstMonday : 0
  return Math.floor((moment - anchor) / length(interval)) * length(interval) + anchor
}
