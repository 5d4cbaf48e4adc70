import { z } from 'zod'
import { read } from './answer.ts'
import { patience, policy, retry } from './settings.ts'
import { che168 } from './vendor.ts'

const lists = z.looseObject({ mark: z.record(z.string(), z.unknown()) })

/** The models of a mark: a list, or the names of an object. */
const models = z.looseObject({
  model: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown()).transform(named => Object.keys(named))]),
})

/**
 * GET /filters: the words that the vendor knows for marks, models, colours and so on, in the language of the account, those
 * of adverts that are gone included.
 */
export const filters = che168.pull({
  name: 'filters',
  table: 'che168.filters',
  limit: { filters: 1 },
  cursor: z.strictObject({}),
  record: z.strictObject({ kind: z.string(), mark: z.string(), value: z.string() }),
  options: z.strictObject(patience),
})({
  mode: 'snapshot',
  ...({ key: ['account', 'kind', 'mark', 'value'], schedule: [{ every: '7d' }] } as const),
  ...{ retry, policy },
  start: () => ({}),
  request: () => ({ path: '/filters' }),
  parse: ({ json }) => ({ records: wordsIn(read(lists, json)), next: {}, done: true }),
  row: word => word,
})

function wordsIn({ mark, ...others }: z.output<typeof lists>): unknown[] {
  const marks = Object.entries(mark).flatMap(([name, its]) => [
    { kind: 'mark', mark: '', value: name },
    ...unique(models.safeParse(its).data?.model ?? []).map(value => ({ kind: 'model', mark: name, value })),
  ])
  const words = Object.entries(others).flatMap(([kind, values]) =>
    Array.isArray(values) ? unique(values).map(value => ({ kind, mark: '', value })) : [],
  )
  return [...marks, ...words]
}

function unique(values: readonly unknown[]): unknown[] {
  return [...new Set(values)]
}
