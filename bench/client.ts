import pg from 'pg'
import type { Connection } from '../src/db/store.ts'

/** Works with a connection of its own, without the time-outs of the product. */
export async function within<Result>(
  connection: Connection,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ ...connection, application_name: 'bench' })
  await client.connect()
  return work(client).finally(() => client.end())
}
