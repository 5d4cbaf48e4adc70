import { onTestFinished } from 'vitest'
import { type Binance, imitateBinance, type Options } from '../../src/sim/binance/exchange.ts'
import type { Row } from '../../src/sim/binance/market.ts'
import { serve, type Vendor } from '../../src/sim/serve.ts'
import type { Database } from './database.ts'

/** An imitated exchange on a port of its own. */
export type Exchange = Binance & { url: string }

/** Puts a vendor on a port for the running test. */
export async function setupVendor(vendor: Vendor): Promise<string> {
  const { url, close } = await serve(vendor)
  onTestFinished(close)
  return url
}

/** An exchange that lists symbols since a moment and whose clock stands still at another, as that of the store does. */
export async function setupExchange(
  { symbols = ['BTCUSDT'], listed, now }: { symbols?: string[]; listed: string; now: string },
  database: Database,
  options: Partial<Options> = {},
): Promise<Exchange & { at(moment: string): Promise<void> }> {
  let clock = Date.parse(now)
  const binance = imitateBinance({
    symbols: symbols.map(symbol => ({ symbol, listed: Date.parse(listed) })),
    now: () => clock,
    ...options,
  })
  await database.at(now)
  const at = async (moment: string) => {
    clock = Date.parse(moment)
    await database.at(moment)
  }
  return { ...binance, url: await setupVendor(binance), at }
}

/** The calls for candles among an exchange's calls. */
export function klinesOf({ calls }: Pick<Binance, 'calls'>): Binance['calls'] {
  return calls.filter(({ path }) => path === '/api/v3/klines')
}

/** A candle as the table holds it, every value as text. */
export const candleColumns = `timestamp::text, open_price::text, high_price::text, low_price::text, close_price::text,
  volume::text, (extract(epoch from close_time) * 1000)::bigint::text as close_time, quote_volume::text, trades::text,
  taker_buy_volume::text, taker_buy_quote_volume::text`

/** What the table must hold for rows of the vendor: the same order, the same columns, every value as text. */
export function asStored(rows: readonly Row[]): Record<string, string>[] {
  return rows.map(([open, o, h, l, c, volume, close, quote, trades, base, takerQuote]) => ({
    timestamp: String(open),
    open_price: eight(o),
    high_price: eight(h),
    low_price: eight(l),
    close_price: eight(c),
    volume: eight(volume),
    close_time: String(close),
    quote_volume: eight(quote),
    trades: String(trades),
    taker_buy_volume: eight(base),
    taker_buy_quote_volume: eight(takerQuote),
  }))
}

/** The candles of a part in the table. */
export function storedCandles({ store }: Database, symbol: string, interval: string) {
  return store.query<Record<string, string>>(
    `select ${candleColumns} from binance.candles where symbol = $1 and interval = $2 order by candles.timestamp`,
    [symbol, interval],
  )
}

/** Eight decimals, as the vendor writes them and the columns keep them; 3701.23 is 3701.23000000. */
function eight(text: string): string {
  const [whole, decimals = ''] = text.split('.')
  return `${whole}.${decimals.padEnd(8, '0')}`
}
