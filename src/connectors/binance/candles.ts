import { z } from 'zod'
import { count, instant, list, seconds } from '../../core/option.ts'
import { exponential } from '../../core/retry.ts'
import { type Interval, intervals, length, openOf } from './interval.ts'
import { readPage, settle } from './pages.ts'
import { binance } from './vendor.ts'

const time = z.int().min(0)
const number = z.string()

/** The longest candle is a month (ms). */
const month = 31 * 86_400_000

/** One element of the answer of /api/v3/klines (rest-api.md, "Kline/Candlestick data"): twelve fields, told by place. */
const kline = z
  .tuple([time, number, number, number, number, number, time, number, z.int(), number, number, z.unknown()])
  .refine(row => row[0] < row[6] && row[6] - row[0] < month, { path: [6], error: 'is no close time of this open time' })

/**
 * Candles of the spot market, the closed ones, from START_DATE on. Each part (symbol, interval) is one row after the
 * other; all parts share the weight limit. /api/v3/klines costs 2 and answers at most 1000 candles, `startTime` and
 * `endTime` both inclusive by open time (rest-api.md).
 */
export const candles = binance.pull({
  name: 'candles',
  table: 'binance.candles',
  limit: { weight: 2 },
  part: z.strictObject({ symbol: z.string().min(1), interval: z.enum(intervals) }),
  cursor: z.strictObject({ startTime: time, since: time }),
  record: kline,
  options: z.strictObject({
    symbols: list(z.string().min(1))
      .default(['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'XRPUSDT', 'BNBUSDT'])
      .meta({ env: 'SYMBOLS', flag: 'symbols', parts: true, about: 'which symbols, as the exchange writes them' }),
    interval: list(z.enum(intervals))
      .default(['1m'])
      .meta({ env: 'INTERVAL', flag: 'interval', parts: true, about: 'which candle lengths, such as 1m,1h,1d' }),
    start_date: instant(new Date('2017-01-01T00:00:00Z'))
      .default(new Date('2025-01-01T00:00:00Z'))
      .meta({ env: 'START_DATE', about: 'where the history begins (UTC)' }),
    batch_size: count(1, 1000).default(1000).meta({ env: 'BATCH_SIZE', about: 'candles per request, at most 1000' }),
    retry_delay: seconds(3600)
      .default(1)
      .meta({ env: 'RETRY_DELAY', about: 'seconds before the first retry; doubles' }),
    max_retries: count(1, 100)
      .default(5)
      .meta({ env: 'MAX_RETRIES', about: 'tries per request, the first one included' }),
  }),
})({
  key: ['symbol', 'interval', 'timestamp'],
  newer: ['closed', 'trades'],
  mode: 'range',
  time: 'timestamp',
  schedule: [{ every: '1m' }],
  settle,
  partition: { by: 'timestamp', every: 'month' },
  batch: ({ batch_size }) => batch_size,
  retry: ({ retry_delay, max_retries }) => exponential({ retries: max_retries - 1, base: `${retry_delay}s` }),
  parts: ({ symbols, interval }) => symbols.flatMap(symbol => interval.map(each => ({ symbol, interval: each }))),
  origin: ({ start_date }) => start_date,
  horizon: ({ now, part }) => new Date(openOf(part.interval, now.getTime())),
  step: ({ interval }) => length(interval),
  start: ({ from }) => ({ startTime: from.getTime(), since: from.getTime() }),
  request: ({ startTime }, { part, to, options }) => ({
    path: '/api/v3/klines',
    query: {
      symbol: part.symbol,
      interval: part.interval,
      startTime,
      endTime: to.getTime() - 1,
      limit: options.batch_size,
    },
  }),
  parse: (answer, cursor, { part, to, options }) =>
    readPage(answer, cursor, { interval: part.interval, to: to.getTime(), limit: options.batch_size }),
  row: (record, { part, answer }) => toRow(record, part, answer.at),
})

/**
 * The vendor's twelve places under our names. Numbers stay the text they came as. The open candle was left out before: a
 * record that is not closed here is broken, and goes to quarantine for its missing `closed`.
 */
function toRow(record: z.output<typeof kline>, { symbol, interval }: { symbol: string; interval: Interval }, at: Date) {
  const [open, openPrice, high, low, close, volume, closeTime, quoteVolume, trades, takerBase, takerQuote] = record
  return {
    symbol,
    interval,
    timestamp: open,
    open_time: new Date(open),
    close_time: new Date(closeTime),
    open_price: openPrice,
    high_price: high,
    low_price: low,
    close_price: close,
    volume,
    quote_volume: quoteVolume,
    trades,
    taker_buy_volume: takerBase,
    taker_buy_quote_volume: takerQuote,
    closed: closeTime < at.getTime() ? true : undefined,
  }
}
