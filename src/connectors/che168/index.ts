import { join } from 'node:path'
import { z } from 'zod'
import { seconds } from '../../core/option.ts'
import { adverts } from './adverts.ts'
import { changes } from './changes.ts'
import { fault } from './fault.ts'
import { filters } from './filters.ts'
import { offer } from './offer.ts'
import { offers } from './offers.ts'
import { che168 as vendor } from './vendor.ts'

/** What stands in an address: a label of a host, or a step of a path. */
const label = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/i, 'must be letters, digits and dashes')

const settings = {
  access_name: label
    .default('autobase')
    .meta({ env: 'CHE168_ACCESS_NAME', about: 'the name before .auto-parser.ru that the vendor has given you' }),
  source: label
    .default('che168')
    .meta({ env: 'CHE168_SOURCE', about: 'the name of the site at the vendor, in its addresses' }),
  auth: z
    .enum(['header', 'query'])
    .default('header')
    .meta({ env: 'CHE168_AUTH', about: 'how the key is sent: in the header x-api-key, or in the address (query)' }),
  request_timeout: seconds(600)
    .default(30)
    .meta({ env: 'CHE168_REQUEST_TIMEOUT', about: 'seconds that the first try of a question may take' }),
}

/** Adverts of used cars on che168.com. An account is a key of the vendor, auto-parser.ru. */
export const che168 = vendor.connector({
  title: 'CHE168',
  url: 'https://{access_name}.auto-parser.ru/api/v2/{source}',
  settings,
  credentials: z.strictObject({
    api_key: z.string().trim().min(1).meta({ env: 'CHE168_API_KEY', about: 'the key that the vendor has sent you' }),
  }),
  auth: {
    kind: 'fixed',
    headers: ({ api_key = '' }, { auth }) => (auth === 'query' ? {} : { 'x-api-key': api_key }),
    query: ({ api_key = '' }, { auth }) => (auth === 'query' ? { api_key } : {}),
  },
  fault,
  deadline: ({ request_timeout }) => Math.max(1, Number(request_timeout)) * 1000,
  probe: { ask: { path: '/filters' }, limit: { filters: 1 } },
  streams: [offers, changes, offer, filters, adverts],
  migrations: join(import.meta.dirname, 'migrations'),
})
