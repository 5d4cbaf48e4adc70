import type { AccountKey } from '../../db/accounts.ts'
import type { Sql } from '../../db/store.ts'

const tables = ['inventory_data', 'inventory_history', 'sku_map']

/** Deletes what an account's streams have brought into the shared inventory; returns how many rows of each table. */
export async function purgeInventory(sql: Sql, { connector, slug }: AccountKey): Promise<Record<string, number>> {
  const gone: Record<string, number> = {}
  for (const table of tables) {
    const [row] = await sql.query<{ rows: number }>(
      `with gone as (delete from inventory.${table}
         where account = $1 and source in (select source from inventory.sync_types where connector = $2) returning 1)
       select count(*)::float8 as rows from gone`,
      [slug, connector],
    )
    if (row!.rows > 0) gone[`inventory.${table}`] = row!.rows
  }
  return gone
}
