import { join } from 'node:path'
import { BadPage, vendor, z } from 'sluice'

/** Thirty questions in ten seconds for each key (the tea house's description, "Fair use"). */
const tea = vendor('tea', { calls: { kind: 'sliding', max: 30, every: '10s', owner: ({ slug }) => slug } })

const listing = z.object({ teas: z.array(z.unknown()), count: z.int() })

/** GET /teas: what is on the shelf now, all of it. */
const shelf = tea.pull({
  name: 'shelf',
  table: 'tea.shelf',
  limit: { calls: 1 },
  cursor: z.strictObject({ page: z.int().min(1) }),
  record: z.object({
    id: z.int(),
    name: z.string().min(1),
    grams: z.int().min(0),
    price: z.string().regex(/^\d+\.\d\d$/, 'is no price'),
    currency: z.string().length(3),
  }),
})({
  mode: 'snapshot',
  key: ['account', 'id'],
  schedule: [{ every: '10m' }],
  start: () => ({ page: 1 }),
  request: ({ page }) => ({ path: '/teas', query: { page } }),
  parse: ({ json }, { page }) => {
    const answer = listing.safeParse(json)
    if (!answer.success) throw new BadPage('bad-page', 'the answer holds no list of teas')
    const { teas, count } = answer.data
    return { records: teas, total: count, next: { page: page + 1 }, done: page * 20 >= count }
  },
  row: record => record,
})

export const connector = tea.connector({
  title: 'Tea house',
  url: 'http://127.0.0.1:18322',
  credentials: z.strictObject({
    key: z.string().min(8).meta({ env: 'TEA_KEY', about: 'from the page "My keys" of the tea house' }),
  }),
  auth: { kind: 'fixed', headers: ({ key = '' }) => ({ 'x-key': key }) },
  probe: { ask: { path: '/teas' }, limit: { calls: 1 } },
  streams: [shelf],
  migrations: join(import.meta.dirname, 'migrations'),
})
