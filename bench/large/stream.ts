import { join } from 'node:path'
import { z } from 'zod'
import { vendor } from '../../src/core/vendor.ts'

const shop = vendor('bench', { calls: { kind: 'bucket', max: 1_000_000, every: '1s', owner: 'egress' } })

const text = z.string()
const money = z.number()

/** Orders as a marketplace sends them: 80,000 in one answer, each kept with its raw record. */
const orders = shop.pull({
  ...{ name: 'orders', table: 'bench.orders', limit: { calls: 1 }, cursor: z.strictObject({ since: text }) },
  record: z.object({
    ...{ srid: text, lastChangeDate: text, warehouseName: text, regionName: text, supplierArticle: text },
    ...{ nmId: z.int(), barcode: text, brand: text, techSize: text, incomeID: z.int(), isCancel: z.boolean() },
    ...{ totalPrice: money, discountPercent: z.int(), finishedPrice: money, priceWithDisc: money },
  }),
  format: { kind: 'json', records: '$.data.items' },
})({
  ...({ key: ['srid'], newer: ['changed_at'], schedule: [{ every: '1h' }] } as const),
  start: () => ({ since: '2026-01-01' }),
  request: ({ since }) => ({ path: '/short', query: { since } }),
  parse: ({ list }) => ({ next: { since: (list!.last as { lastChangeDate: string }).lastChangeDate }, done: true }),
  row: order => ({
    ...{ srid: order.srid, changed_at: new Date(`${order.lastChangeDate}Z`), warehouse: order.warehouseName },
    ...{ region: order.regionName, article: order.supplierArticle, nm_id: order.nmId, barcode: order.barcode },
    ...{ brand: order.brand, size: order.techSize, income_id: order.incomeID, is_cancelled: order.isCancel },
    ...{ total_price: order.totalPrice, discount: order.discountPercent, currency: 'RUB' },
    ...{ finished_price: order.finishedPrice, price: order.priceWithDisc },
  }),
})

export const connector = shop.connector({
  url: 'http://127.0.0.1:9',
  streams: [orders],
  migrations: join(import.meta.dirname, 'migrations'),
})
