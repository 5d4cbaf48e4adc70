import { expect, test } from 'vitest'
import { dayIn, stockRow } from './stock.ts'

const place = { source: 'Acme', origin: 'acme.stocks', product_id: '1', sku: '2', warehouse_key: '3' } as const
const asked_at = new Date('2026-03-01T22:30:00Z')

test('what a source does not tell is not known, and is never 0', () => {
  const row = stockRow({ ...place, stock_type: 'FBO', current_stock: 5 }, { asked_at, gone_at: null, zone: 'UTC' })
  expect(row).toEqual({
    ...{ ...place, stock_type: 'FBO', warehouse_name: 'Main Warehouse', current_stock: 5 },
    ...{ quantity_present: null, quantity_reserved: null, reserved_stock: null, available_stock: null },
    ...{ in_way_to_client: null, in_way_from_client: null },
    ...{ snapshot_date: '2026-03-01', last_sync_at: asked_at },
  })
})

test('of what is gone everything that was known is 0, since it is gone', () => {
  const gone_at = new Date('2026-03-03T00:00:00Z')
  const told = { ...place, warehouse_name: 'Yard', stock_type: 'FBS', current_stock: 5, reserved_stock: 0 } as const
  expect(stockRow(told, { asked_at, gone_at, zone: 'UTC' })).toMatchObject({
    ...{ warehouse_name: 'Yard', current_stock: 0, reserved_stock: 0, available_stock: null },
    ...{ snapshot_date: '2026-03-03', last_sync_at: gone_at },
  })
})

test.each([
  ['UTC', '2026-03-01'],
  ['Europe/Moscow', '2026-03-02'],
  ['America/New_York', '2026-03-01'],
  ['Pacific/Kiritimati', '2026-03-02'],
])('the day is that of the zone: %s', (zone, day) => {
  expect(dayIn(zone, asked_at)).toBe(day)
})

test('a zone that there is not is no day of any kind', () => {
  expect(() => dayIn('Mars/Olympus', asked_at)).toThrow(RangeError)
})
