import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Page } from './page.ts'
import { exponential } from './retry.ts'
import { vendor } from './vendor.ts'

const acme = vendor('acme', { calls: { kind: 'fixed', max: 10, every: '1m', owner: 'egress' } })

const shape = {
  name: 'orders',
  table: 'acme.orders',
  limit: { calls: 1 },
  part: z.object({ shop: z.string() }),
  cursor: z.strictObject({ after: z.int() }),
  record: z.object({ id: z.int(), at: z.int() }),
  options: z.strictObject({ shops: z.array(z.string()) }),
} as const

const steps = {
  time: 'at',
  schedule: [{ every: '1m' }],
  settle: '10s',
  retry: () => exponential({ retries: 1, base: '1s' }),
  origin: () => new Date(0),
  horizon: ({ now }: { now: Date }) => now,
  step: () => 1_000,
  start: () => ({ after: 0 }),
  parse: (): Page<{ after: number }> => {
    throw new Error('not asked here')
  },
} as const

/** Every `@ts-expect-error` below fails the type check when the line under it compiles. */
test('a stream whose shape and steps agree compiles, and what does not agree does not', () => {
  const orders = acme.pull(shape)({
    ...steps,
    key: ['shop', 'id'],
    newer: ['at'],
    parts: ({ shops }) => shops.map(shop => ({ shop })),
    request: ({ after }, { part }) => ({ path: '/orders', query: { shop: part.shop, after } }),
    row: ({ id, at }, { part }) => ({ shop: part.shop, id, at }),
  })
  expect(orders.kind).toBe('pull')

  // @ts-expect-error the vendor has no limit of this name
  acme.pull({ ...shape, limit: { weight: 1 } })

  const pull = acme.pull(shape)
  const right = {
    ...steps,
    key: ['id'] as const,
    newer: ['at'] as const,
    parts: ({ shops }: { shops: string[] }) => shops.map(shop => ({ shop })),
    request: ({ after }: { after: number }) => ({ path: `/orders/${after}` }),
  }
  const row = ({ id, at }: { id: number; at: number }) => ({ id, at })
  pull({ ...right, row })
  pull({ ...right, row, schedule: ({ shops }) => [{ cron: '0 3 * * *', zone: shops[0], overlap: 'queue' }] })
  // @ts-expect-error the settings have no such field to make schedules of
  pull({ ...right, row, schedule: ({ zone }) => [{ cron: '0 3 * * *', zone }] })
  // @ts-expect-error there is no such kind of schedule
  pull({ ...right, row, schedule: [{ weekly: 'MON' }] })
  // @ts-expect-error the row has no such column, so it cannot be its key
  pull({ ...right, row, key: ['number'] })
  // @ts-expect-error nor can it tell newer from older
  pull({ ...right, row, newer: ['changed_at'] })
  // @ts-expect-error nor be its time
  pull({ ...right, row, time: 'changed_at' })
  // @ts-expect-error the record has no such field
  pull({ ...right, row: ({ id, at, price }) => ({ id, at, price }) })
  // @ts-expect-error the cursor has no such field
  pull({ ...right, row, request: ({ before }) => ({ path: `/orders/${before}` }) })
  // @ts-expect-error the part has no such field
  pull({ ...right, row, request: (_, { part }) => ({ path: `/orders/${part.warehouse}` }) })
  // @ts-expect-error the settings have no such field
  pull({ ...right, row, parts: ({ warehouses }) => warehouses })
  // @ts-expect-error the cursor it begins with is not one of its cursors
  pull({ ...right, row, start: () => ({ page: 1 }) })
})
