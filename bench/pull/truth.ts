import { imitateBinance } from '../../src/sim/binance/exchange.ts'
import type { World } from '../../src/sim/binance/world.ts'
import { from, interval, rowCount, symbols, to } from './load.ts'

/**
 * What the table must hold, from the imitated world itself and not from the engine: one array of texts per row, in the
 * order of `columns`.
 */
export function truthOf(world: World): string[][] {
  const binance = imitateBinance({ ...world, cacheBytes: 0 })
  const rows = symbols.flatMap(symbol =>
    binance.truth(symbol, interval, from.getTime(), to.getTime()).map(candle => rowOf(symbol, candle)),
  )
  if (rows.length !== rowCount) throw new Error(`the imitated vendor has ${rows.length} candles, not ${rowCount}`)
  return rows
}

export const columns = `symbol, interval, timestamp, open_time, close_time, open_price, high_price, low_price, close_price,
  volume, quote_volume, trades, taker_buy_volume, taker_buy_quote_volume, closed`

type Candle = ReturnType<ReturnType<typeof imitateBinance>['truth']>[number]

function rowOf(symbol: string, candle: Candle): string[] {
  const [open, openPrice, high, low, close, volume, end, quoteVolume, trades, taker, takerQuote] = candle
  const times = [String(open), new Date(open).toISOString(), new Date(end).toISOString()]
  const prices = [openPrice, high, low, close, volume, quoteVolume]
  return [symbol, interval, ...times, ...prices, String(trades), taker, takerQuote, 'true']
}
