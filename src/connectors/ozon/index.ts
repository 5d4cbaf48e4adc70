import { join } from 'node:path'
import { z } from 'zod'
import { analytics } from './analytics.ts'
import { fault } from './fault.ts'
import { fbo } from './fbo.ts'
import { fbs } from './fbs.ts'
import { fbsInventory, inventory, skus } from './inventory.ts'
import { products } from './products.ts'
import { report } from './report.ts'
import { stocks } from './stocks.ts'
import { ozon as vendor } from './vendor.ts'
import { warehouses } from './warehouses.ts'

const clientId = z
  .string()
  .trim()
  .regex(/^\d{1,19}$/, 'must be the number that stands beside the key')
  .meta({ env: 'OZON_CLIENT_ID', about: 'Client ID, under Settings, Seller API, API keys', open: true })

const apiKey = z
  .string()
  .trim()
  .min(1)
  .meta({ env: 'OZON_API_KEY', about: 'a key with a role that may read products, warehouses, stocks and reports' })

/** Stock, products and warehouses of sellers on Ozon. An account is a client id with one of its keys. */
export const ozon = vendor.connector({
  title: 'Ozon',
  url: 'https://api-seller.ozon.ru',
  credentials: z.strictObject({ client_id: clientId, api_key: apiKey }),
  auth: {
    kind: 'fixed',
    headers: ({ client_id = '', api_key = '' }) => ({ 'client-id': client_id, 'api-key': api_key }),
  },
  fault,
  probe: { ask: { path: '/v1/roles', json: {} }, limit: { calls: 1, roles: 1 } },
  streams: [products, stocks, fbs, fbo, warehouses, report, analytics, inventory, fbsInventory, skus],
  migrations: join(import.meta.dirname, 'migrations'),
})
