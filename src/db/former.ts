import type { Sql } from './store.ts'
import type { Encoded, Table } from './table.ts'

/** A row of the table, as texts in the order of its columns, and at which place of the list stands whose it is. */
export type Found = { place: number; row: Encoded }

/**
 * Rows that belong to the same as new ones do, and are not among those. `whose` are values of the columns `by`, as texts; `keys` are
 * the keys of the new rows.
 */
export function readFormer(
  sql: Sql,
  { name, columns, key }: Table,
  by: readonly string[],
  whose: readonly Encoded[],
  keys: readonly Encoded[],
): Promise<Found[]> {
  const type = (column: string) => columns.find(each => each.name === column)!.type
  const lists = (names: readonly string[], first: number) =>
    names.map((column, at) => `$${at + first}::text[]::${type(column)}[]`).join(', ')
  const same = by.map(column => `t.${quoted(column)} = u.${quoted(column)}`).join(' and ')
  return sql.query<Found>(
    `select "#"::int - 1 as place, array[${columns.map(column => `t.${quoted(column.name)}::text`).join(', ')}] as row
     from unnest(${lists(by, 1)}) with ordinality as u(${by.map(quoted).join(', ')}, "#") join ${name} t on ${same}
     where (${key.map(column => `t.${quoted(column)}`).join(', ')}) not in (select * from unnest(${lists(key, by.length + 1)}))`,
    [...across(by, whose), ...across(key, keys)],
  )
}

function across(names: readonly string[], rows: readonly Encoded[]): Encoded[] {
  return names.map((_, place) => rows.map(row => row[place]!))
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
