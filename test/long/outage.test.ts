import { describe, it } from 'vitest'
import { noSmallDisk } from '../outage/disk.ts'
import { databaseFrozen, databaseKilled, diskFull, logFull, redisFrozen, redisKilled } from '../outage/walks.ts'
import { noRedis } from '../setup/redis.ts'

/** How long something is broken here (ms). */
const length = 20_000

/** A name that says why its test is not run, where it is not. */
const named = (name: string, why: string | undefined) => (why ? `${name} (${why})` : name)

describe('a load outlives 20 s', () => {
  it('without the database', () => databaseKilled(length))

  it('of a database that stands still', () => databaseFrozen(length))

  it.skipIf(noRedis)(named('without Redis', noRedis), () => redisKilled(length, 'kept'))

  it.skipIf(noRedis)(named('without a Redis, which then has lost its memory', noRedis), () =>
    redisKilled(length, 'lost'),
  )

  it.skipIf(noRedis)(named('of a Redis that stands still', noRedis), () => redisFrozen(length))

  it.skipIf(noSmallDisk)(named('of a full disk', noSmallDisk), () => diskFull(length))

  it.skipIf(noSmallDisk)(named('of a disk without room for the log of changes', noSmallDisk), () => logFull(length))
})
