import type { Limits } from '../core/limits.ts'
import { installation } from '../db/installation.ts'
import { postgresLimits } from '../db/limits.ts'
import type { Store } from '../db/store.ts'
import type { Loaded } from './settings.ts'

/** The buckets of all limits, and the end of our use of them. */
export type OpenLimits = { limits: Limits; close(): Promise<void> }

/** Buckets in the Redis of the settings, or in PostgreSQL when they name none: its library is loaded only for those who have one. */
export async function openLimits({ settings }: Pick<Loaded, 'settings'>, store: Store): Promise<OpenLimits> {
  const limits = postgresLimits(store)
  const url = redisUrl(settings.redis)
  if (!url) return { limits, close: async () => undefined }
  const [{ openRedis }, { redisLimits }] = await Promise.all([
    import('../redis/client.ts'),
    import('../redis/limits.ts'),
  ])
  const redis = await openRedis(url)
  const memory = { limits, installation: () => installation(store) }
  return { limits: redisLimits(redis, memory), close: redis.close }
}

function redisUrl({ url, host, port, password }: Loaded['settings']['redis']): string | undefined {
  if (url || !host) return url
  return `redis://${password ? `:${encodeURIComponent(password)}@` : ''}${host}:${port}`
}
