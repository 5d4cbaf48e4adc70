import { expect, test } from 'vitest'
import { sumsOf } from './warehouses.ts'

const rows = (quantities: Record<string, number>) =>
  Object.entries(quantities).map(([warehouseName, quantity]) => ({ warehouseName, quantity }))

const [total, to, from] = ['Всего находится на складах', 'В пути до получателей', 'В пути возвраты на склад WB']

test('the sums are taken out of the rows, and never made by adding all of them', () => {
  expect(sumsOf(rows({ [to]: 14, [from]: 4, [total]: 267, 'Склад WB РФ': 144, Минск: 123 }))).toEqual({
    ...{ quantity_total: 267, in_way_to_client: 14, in_way_from_client: 4 },
  })
})

test('a sum that is missing is 0 where the warehouses make up the total', () => {
  expect(sumsOf(rows({ [total]: 7, Коледино: 7 }))).toEqual({
    ...{ quantity_total: 7, in_way_to_client: 0, in_way_from_client: 0 },
  })
  expect(sumsOf(rows({ [to]: 3 }))).toEqual({ quantity_total: 0, in_way_to_client: 3, in_way_from_client: 0 })
  expect(sumsOf([])).toEqual({ quantity_total: 0, in_way_to_client: 0, in_way_from_client: 0 })
})

test('it is unknown where they do not: something has another name', () => {
  expect(sumsOf(rows({ 'In transit': 3, [total]: 7, Коледино: 7 }))).toEqual({
    ...{ quantity_total: 7, in_way_to_client: null, in_way_from_client: null },
  })
  expect(sumsOf(rows({ 'Total on warehouses': 7, Коледино: 7 })).quantity_total).toBeNull()
})
