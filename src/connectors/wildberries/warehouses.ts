import { z } from 'zod'

/** What a row of the stock report says of warehouses: real ones, and rows that are none. */
export const warehouses = z.array(z.looseObject({ warehouseName: z.string(), quantity: z.int() }))

/** The rows that are no warehouses, as the report calls them in Russian, in which it is asked for (12-reports). */
const sums = {
  quantity_total: 'Всего находится на складах',
  in_way_to_client: 'В пути до получателей',
  in_way_from_client: 'В пути возвраты на склад WB',
} as const

type Sums = Record<keyof typeof sums, number | null>

/**
 * The sums among the rows. One that is missing is 0, since rows are only there for what is not 0, provided that the
 * warehouses make up the total; where they do not, the vendor calls something by another name, and it is unknown.
 */
export function sumsOf(rows: z.output<typeof warehouses>): Sums {
  const found = (name: string) => rows.find(({ warehouseName }) => warehouseName === name)?.quantity
  const isWhole =
    warehousesIn(rows).reduce((sum, { quantity }) => sum + quantity, 0) === (found(sums.quantity_total) ?? 0)
  const entries = Object.entries(sums).map(([column, name]) => [column, found(name) ?? (isWhole ? 0 : null)])
  return Object.fromEntries(entries) as Sums
}

const names: readonly string[] = Object.values(sums)

/** The rows that are warehouses. */
export function warehousesIn(rows: z.output<typeof warehouses>): z.output<typeof warehouses> {
  return rows.filter(({ warehouseName }) => !names.includes(warehouseName))
}
