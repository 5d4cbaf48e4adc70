import { join } from 'node:path'
import { z } from 'zod'
import type { Answer } from '../../core/ask.ts'
import { details } from './details.ts'
import { fault } from './fault.ts'
import { feed } from './feed.ts'
import { finance } from './finance.ts'
import { incomes } from './incomes.ts'
import { inventory, remainsInventory, sellerInventory, skus } from './inventory.ts'
import { zoned } from './moscow.ts'
import { orders } from './orders.ts'
import { read } from './record.ts'
import { remains } from './remains.ts'
import { sales } from './sales.ts'
import { sellerStocks, stocks } from './stocks.ts'
import { supplies } from './supplies.ts'
import { claimsOf } from './token.ts'
import { wildberries as vendor } from './vendor.ts'

/** The seller API of Wildberries: one account is one seller's token. */
export const wildberries = vendor.connector({
  title: 'Wildberries',
  url: 'https://statistics-api.wildberries.ru',
  hosts: {
    analytics: 'https://seller-analytics-api.wildberries.ru',
    supplies: 'https://supplies-api.wildberries.ru',
    finance: 'https://finance-api.wildberries.ru',
    common: 'https://common-api.wildberries.ru',
  },
  settings: {
    authorization: z.enum(['bare', 'bearer']).default('bare').meta({
      env: 'WILDBERRIES_AUTHORIZATION',
      about: 'how the token is sent: as it is (bare), or behind the word Bearer',
    }),
  },
  credentials: z.strictObject({
    token: z
      .string()
      .refine(
        token => claimsOf(token) !== undefined,
        'is no token of the seller API: that has three parts with dots between them; copy it whole, without the word Bearer',
      )
      .meta({ env: 'WILDBERRIES_TOKEN', about: 'from the seller account: Settings, API access' }),
  }),
  auth: {
    kind: 'fixed',
    headers: ({ token = '' }, { authorization }) => ({
      authorization: authorization === 'bearer' ? `Bearer ${token}` : token,
    }),
  },
  fault,
  probe: { ask: { path: '/ping', host: 'common' }, limit: { ping: 1 }, clock: answer => timeOf(answer) },
  streams: [
    ...[orders, sales, feed, supplies, details, incomes, stocks, sellerStocks, remains, finance],
    ...[inventory, sellerInventory, remainsInventory, skus],
  ],
  migrations: join(import.meta.dirname, 'migrations'),
})

/** `/ping` of any host answers `{"TS": "2024-08-16T11:19:05+03:00", "Status": "OK"}` (01-general), and takes any category. */
function timeOf({ json }: Answer): Date {
  return read(z.looseObject({ TS: zoned }), json, 'time (TS)').TS
}
