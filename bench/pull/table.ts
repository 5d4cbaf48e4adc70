import type { Sql } from '../../src/db/store.ts'

/** What the table holds, in two numbers: how many rows, and the sum of the digests of all their values. */
export type Content = { rows: number; checksum: string }

export async function contentOf(sql: Sql): Promise<Content> {
  const [row] = await sql.query<Content>(
    `select count(*)::int as rows, coalesce(sum(hashtextextended(c::text, 0)), 0)::text as checksum
     from binance.candles c`,
  )
  return row!
}

/** An empty table and an engine that remembers nothing, with the server's own housekeeping done before the clock starts. */
export async function clear(sql: Sql): Promise<void> {
  await sql.query('truncate binance.candles, sluice.checkpoints, sluice.coverage, sluice.holes, sluice.runs')
  await sql.query('checkpoint')
}
