import type { Span } from './span.ts'
import type { World } from './world.ts'

const hour = 3_600_000

/**
 * The world of the demo: the five default symbols and, on the fifth of every month that lies behind us, an exchange-wide
 * outage from 02:00 to 05:00 UTC. The outages hang on the calendar and not on the moment of the start, so that a demo
 * begun again tomorrow tells the same history.
 */
export function demoWorld(now: number): World {
  const first = Date.UTC(2017, 7, 17, 4)
  return {
    seed: 1,
    outages: monthlyOutages(first, now),
    symbols: [
      { symbol: 'BTCUSDT', listed: first, price: 64_000 },
      { symbol: 'ETHUSDT', listed: first, price: 3_400 },
      { symbol: 'SOLUSDT', listed: Date.UTC(2020, 7, 11, 6), price: 150 },
      { symbol: 'XRPUSDT', listed: Date.UTC(2018, 4, 4, 8), price: 0.6, decimals: 4 },
      { symbol: 'BNBUSDT', listed: Date.UTC(2017, 10, 6, 3), price: 580, quiet: 0.01 },
    ],
  }
}

function monthlyOutages(from: number, to: number): Span[] {
  const outages: Span[] = []
  const start = new Date(from)
  for (let month = start.getUTCMonth(); ; month++) {
    const begin = Date.UTC(start.getUTCFullYear(), month, 5, 2)
    if (begin + 3 * hour > to) return outages
    if (begin >= from) outages.push({ from: begin, to: begin + 3 * hour })
  }
}
