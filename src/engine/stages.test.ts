import { expect, test } from 'vitest'
import type { Source } from '../core/source.ts'
import { stagesOf } from './stages.ts'

function sourceOf(name: string, stream: object): { source: Source } {
  return { source: { connector: { name: 'acme' }, account: 'main', stream: { name, ...stream } } as unknown as Source }
}

const supplies = sourceOf('supplies', { table: 'acme.supplies' })
const goods = sourceOf('goods', { table: 'acme.goods', for: { table: 'acme.supplies' } })
const stock = sourceOf('stock', { table: 'acme.stock' })
const inventory = sourceOf('inventory', { mode: 'derived', table: 'shared.stock', from: { table: 'acme.goods' } })

const names = (stages: { source: Source }[][]) => stages.map(stage => stage.map(({ source }) => source.stream.name))

test('what asks about rows, or is made of them, comes after the streams that bring them', () => {
  expect(names(stagesOf([inventory, goods, stock, supplies]))).toEqual([
    ['stock', 'supplies'],
    ['goods'],
    ['inventory'],
  ])
})

test('what needs rows that nobody here brings is worked with the first', () => {
  expect(names(stagesOf([goods, stock]))).toEqual([['goods', 'stock']])
})

test('streams that write to the table they read do not wait for themselves, nor for each other', () => {
  const own = sourceOf('own', { table: 'acme.tree', for: { table: 'acme.tree' } })
  const other = sourceOf('other', { table: 'acme.tree', for: { table: 'acme.tree' } })
  expect(names(stagesOf([own])).flat()).toEqual(['own'])
  expect(
    names(stagesOf([own, other]))
      .flat()
      .toSorted(),
  ).toEqual(['other', 'own'])
})
