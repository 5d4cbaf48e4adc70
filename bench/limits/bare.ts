import type { Store } from '../../src/db/store.ts'
import { openRedis } from '../../src/redis/client.ts'

/** What people write instead of a limiter: a counter. */
export type Bare = { spend(): Promise<unknown>; close(): Promise<void> }

/** One row, one statement, a commit that nobody waits for: the least that PostgreSQL can do. */
export async function bareUpdate({ lightly }: Store, bucket: string): Promise<Bare> {
  await lightly.query(
    'create table if not exists public.bare (bucket text primary key, used bigint) with (fillfactor = 50)',
  )
  await lightly.query('insert into public.bare values ($1, 0) on conflict do nothing', [bucket])
  const text = 'update public.bare set used = used + 1 where bucket = $1 returning used'
  return { spend: () => lightly.query(text, [bucket]), close: async () => undefined }
}

/** One INCR. */
export async function bareIncrement(url: string, bucket: string): Promise<Bare> {
  const redis = await openRedis(url)
  return { spend: () => redis.command('INCR', `bare:${bucket}`), close: redis.close }
}
