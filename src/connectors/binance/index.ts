import { join } from 'node:path'
import { z } from 'zod'
import type { Connector } from '../../core/connector.ts'
import { BadPage } from '../../core/failure.ts'
import { candles } from './candles.ts'
import { fault } from './fault.ts'
import { binance as vendor } from './vendor.ts'

/** Binance spot market data without an API key: the account is called `public`. */
export const binance: Connector = {
  name: vendor.name,
  title: 'Binance',
  account: 'public',
  limits: vendor.limits,
  options: z.strictObject({
    base_url: z
      .url({ protocol: /^https?$/ })
      .refine(url => !/\/\/[^/]*@/.test(url), 'must not hold a user or password: the exchange asks for none')
      .default('https://api.binance.com')
      .meta({ env: 'BINANCE_BASE_URL', about: 'where the REST API answers' }),
  }),
  fault,
  probe: { ask: { path: '/api/v3/time' }, limit: { weight: 1 }, clock: ({ json }) => serverTime(json) },
  streams: [candles],
  migrations: join(import.meta.dirname, 'migrations'),
}

/** GET /api/v3/time answers `{"serverTime": epoch ms}` (rest-api.md, "Check server time"). */
function serverTime(json: unknown): Date {
  const answer = z.object({ serverTime: z.int() }).safeParse(json)
  if (answer.success) return new Date(answer.data.serverTime)
  throw new BadPage('bad-page', 'the answer of /api/v3/time holds no serverTime')
}
