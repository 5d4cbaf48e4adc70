import type { Clock } from '../clock.ts'
import * as sim from '../control.ts'
import type { Vendor } from '../serve.ts'
import type { Binance } from './exchange.ts'

/**
 * The exchange with a back door (see ../control.ts) and a clock, and beside them:
 *
 *   GET    truth             ?symbol=&interval=&from=&to=
 */
export function control(binance: Binance, clock: Clock): Vendor {
  return sim.control(binance, { ...sim.clockRooms(clock), 'GET truth': ({ query }) => truth(binance, query) })
}

function truth(binance: Binance, query: URLSearchParams) {
  const [from = 0, to = Number.MAX_SAFE_INTEGER] = sim.numbers(query, 'from', 'to')
  return binance.truth(query.get('symbol') ?? '', query.get('interval') ?? '1m', from, to)
}
