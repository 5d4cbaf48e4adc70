/** How one candle follows the other. Times are ms since 1970, UTC. */
export type Interval = {
  name: string
  /** Length in ms; for months a typical one, good for amounts and not for borders. */
  step: number
  /** Open time of the candle that holds this time, were all candles aligned. */
  floor(time: number): number
  /** The first ms after a candle that opened then. */
  end(open: number): number
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
/** 1970 began on a Thursday; candles of a week open on Monday. */
const firstMonday = 4 * day

function steady(name: string, step: number, anchor = 0): Interval {
  return {
    name,
    step,
    floor: time => Math.floor((time - anchor) / step) * step + anchor,
    end: open => open + step,
  }
}

function monthStart(time: number, later = 0): number {
  const date = new Date(time)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later)
}

const month: Interval = {
  name: '1M',
  step: 30 * day,
  floor: time => monthStart(time),
  end: open => monthStart(open, 1),
}

/** All documented intervals by name; the names are case sensitive (rest-api.md, Kline intervals). */
export const intervals: ReadonlyMap<string, Interval> = new Map(
  [
    steady('1s', 1_000),
    steady('1m', minute),
    steady('3m', 3 * minute),
    steady('5m', 5 * minute),
    steady('15m', 15 * minute),
    steady('30m', 30 * minute),
    steady('1h', hour),
    steady('2h', 2 * hour),
    steady('4h', 4 * hour),
    steady('6h', 6 * hour),
    steady('8h', 8 * hour),
    steady('12h', 12 * hour),
    steady('1d', day),
    steady('3d', 3 * day),
    steady('1w', 7 * day, firstMonday),
    month,
  ].map(interval => [interval.name, interval]),
)
