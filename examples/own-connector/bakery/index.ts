import { join } from 'node:path'
import { BadPage, list, vendor, z } from 'sluice'

const bakery = vendor('bakery', { calls: { kind: 'fixed', max: 60, every: '1m', owner: 'egress' } })

const text = z.string().min(1)
const envelope = z.object({ orders: z.array(z.unknown()), next: z.int().min(0) })

/** GET /v1/orders: every change of an order of a shop, the oldest change first, 50 at a time. */
const orders = bakery.pull({
  name: 'orders',
  table: 'bakery.orders',
  limit: { calls: 1 },
  part: z.strictObject({ shop: text }),
  cursor: z.strictObject({ after: z.int().min(0) }),
  record: z.object({
    id: z.int(),
    version: z.int(),
    placed_at: z.iso.datetime(),
    state: text,
    total: z.string().regex(/^\d+(\.\d+)?$/, 'is no amount'),
    currency: z.string().length(3),
  }),
  options: z.strictObject({
    shops: list(text)
      .default(['north', 'south'])
      .meta({ env: 'BAKERY_SHOPS', flag: 'shops', parts: true, about: 'which shops of the bakery' }),
  }),
  forget: ['buyer'],
})({
  key: ['shop', 'id'],
  newer: ['version'],
  schedule: [{ every: '15m' }],
  parts: ({ shops }) => shops.map(shop => ({ shop })),
  start: () => ({ after: 0 }),
  request: ({ after }, { part }) => ({ path: '/v1/orders', query: { shop: part.shop, after, limit: 50 } }),
  parse: ({ json }) => {
    const page = envelope.safeParse(json)
    if (!page.success) throw new BadPage('bad-page', 'the answer holds no list of orders')
    const { orders, next } = page.data
    return { records: orders, next: { after: next }, done: orders.length < 50 }
  },
  row: ({ placed_at, ...order }, { part }) => ({ ...part, ...order, placed_at: new Date(placed_at) }),
})

export const connector = bakery.connector({
  title: 'Bakery',
  url: 'http://127.0.0.1:18321',
  streams: [orders],
  migrations: join(import.meta.dirname, 'migrations'),
})
