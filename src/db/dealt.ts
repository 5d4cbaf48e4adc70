import type { OriginTable } from './origins.ts'
import type { Sql } from './store.ts'

/** How many rows of an account its normalizer has dealt with, and how many it has yet to. */
export type Dealt = { done: number; left: number }

/** Counts them by the indexes of the table: of all rows, and of those that are to be dealt with. */
export async function countDealt(sql: Sql, { table, flag, hasAccount }: OriginTable, account: string): Promise<Dealt> {
  const own = hasAccount ? 'account = $1' : '$1::text is not null'
  const [counted] = await sql.query<{ all: string; left: string }>(
    `select (select count(*) from ${table} where ${own}) as all,
       (select count(*) from ${table} where ${own} and not "${flag.replaceAll('"', '""')}") as left`,
    [account],
  )
  const left = Number(counted!.left)
  return { done: Number(counted!.all) - left, left }
}
