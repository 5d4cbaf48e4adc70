import { describe, expect, it } from 'vitest'
import type { PullStream } from '../../core/stream.ts'
import { wildberries } from './index.ts'

const streamOf = (name: string) => wildberries.streams.find(stream => stream.name === name)!

/** The row of a record, or the first thing its schema has to say. */
function rowOf(name: string, record: object, rows: Parameters<PullStream['row']>[1]['rows'] = []) {
  const stream = streamOf(name)
  const parsed = stream.record.safeParse(record)
  const at = { part: {}, answer: { at: new Date(0), headers: new Headers() }, rows }
  return parsed.success ? stream.row(parsed.data, at as never) : `${parsed.error.issues[0]!.path.join('.')} is refused`
}

const order = {
  ...{
    date: '2026-03-04T18:08:31',
    lastChangeDate: '2026-03-06T10:11:07.5',
    srid: '7.1.0',
    nmId: 12,
    totalPrice: 1887,
  },
  ...{ finishedPrice: 1145.5, isCancel: true, cancelDate: '2026-03-09T00:00:00', spp: 26, discountPercent: 18 },
}

describe('an order', () => {
  it('has instants, exact sums and their currency', () => {
    expect(rowOf('orders', { ...order, orderType: 'new' })).toMatchObject({
      ...{
        srid: '7.1.0',
        date: new Date('2026-03-04T15:08:31Z'),
        last_change_at: new Date('2026-03-06T07:11:07.500Z'),
      },
      ...{ total_price: 1887, finished_price: 1145.5, currency: 'RUB', spp: 26, discount_percent: 18, is_cancel: true },
      cancel_date: new Date('2026-03-08T21:00:00Z'),
    })
  })

  it('that is not cancelled has no such time, and what is not there is not invented', () => {
    const row = rowOf('orders', { ...order, cancelDate: '0001-01-01T00:00:00', totalPrice: undefined })
    expect(row).toMatchObject({ cancel_date: null, total_price: undefined })
  })

  it('of long numbers keeps every digit', () => {
    expect(rowOf('orders', { ...order, totalPrice: '1234567890123.4567' })).toMatchObject({
      total_price: '1234567890123.4567',
    })
  })

  it.each([
    ['srid', ''],
    ['srid', undefined],
    ['lastChangeDate', 'soon'],
    ['nmId', 'abc'],
    ['totalPrice', '12,5'],
    ['totalPrice', '1887'],
    ['discountPercent', 1.5],
    ['cancelDate', '0000-00-00'],
    ['isCancel', 'yes'],
  ])('whose %s is %j is refused', (field, value) => {
    expect(rowOf('orders', { ...order, [field]: value })).toBe(`${field} is refused`)
  })
})

it('a sale is one whatever its number begins with', () => {
  for (const saleID of ['S1', 'R1', 'D1', 'X'])
    expect(rowOf('sales', { ...order, saleID, forPay: 0 })).toMatchObject({ sale_id: saleID, for_pay: 0 })
})

describe('a supply', () => {
  const supply = { createDate: '2026-03-04T18:08:31+03:00', statusID: 2 }

  it('is called by its preorder, before and after it has a number of its own', () => {
    expect(rowOf('supplies', { ...supply, supplyID: null, preorderID: 34 })).toMatchObject({
      supply_key: 'p34',
      supply_id: null,
    })
    expect(rowOf('supplies', { ...supply, supplyID: 26, preorderID: 34 })).toMatchObject({
      supply_key: 'p34',
      supply_id: 26,
    })
    expect(rowOf('supplies', { ...supply, supplyID: 26, preorderID: 0 })).toMatchObject({ supply_key: 's26' })
  })

  it('that is called by nothing is refused', () => {
    expect(rowOf('supplies', { ...supply, supplyID: null, preorderID: 0 })).toBe(' is refused')
  })

  it('has goods in the columns of the old report, with the dates of the supply', () => {
    const about = {
      ...{ supply_key: 'p34', supply_id: '26', preorder_id: '34', status_id: '5' },
      ...{ fact_date: null, supply_date: '2026-03-05 00:00:00+00', updated_date: '2026-03-06 07:30:00.5+00' },
    }
    const goods = { barcode: '20', vendorCode: 'a/1', nmID: 9, techSize: 'S', quantity: 10, acceptedQuantity: 8 }
    expect(rowOf('incomes', goods, [about as never])).toMatchObject({
      ...{ supply_key: 'p34', income_id: '26', nm_id: 9, supplier_article: 'a/1', quantity: 8, announced_quantity: 10 },
      ...{
        date: new Date('2026-03-05T00:00:00Z'),
        date_close: new Date('2026-03-06T07:30:00.500Z'),
        total_price: null,
      },
    })
    expect(rowOf('incomes', goods, [{ ...about, status_id: '4' } as never])).toMatchObject({ date_close: null })
  })
})

it('stock lies in warehouses whose ids may be negative, and never in fewer pieces than none', () => {
  const stock = {
    nmId: 1,
    chrtId: 2,
    warehouseId: -999_999,
    warehouseName: 'Склад WB',
    regionName: 'Склад WB',
    quantity: 43,
  }
  const way = { inWayToClient: 14, inWayFromClient: 11 }
  expect(rowOf('stocks', { ...stock, ...way })).toMatchObject({ warehouse_id: -999_999, in_way_from_client: 11 })
  expect(rowOf('stocks', stock)).toBe('inWayToClient is refused')
  expect(rowOf('seller_stocks', { ...stock, quantity: -1 })).toBe('quantity is refused')
})
