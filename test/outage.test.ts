import { describe, it } from 'vitest'
import { noSmallDisk } from './outage/disk.ts'
import { databaseFrozen, databaseKilled, diskFull, redisKilled } from './outage/walks.ts'
import { noRedis } from './setup/redis.ts'

/** How long something is broken here (ms); test/long breaks it for longer. */
const length = 6_000

/** A name that says why its test is not run, where it is not. */
const named = (name: string, why: string | undefined) => (why ? `${name} (${why})` : name)

describe('nothing is lost or doubled, no limit is broken, and work goes on by itself', { timeout: 180_000 }, () => {
  it('after the database was killed in the middle of a load', () => databaseKilled(length))

  it('after the database stood still', () => databaseFrozen(length))

  it.skipIf(noRedis)(named('after Redis was killed', noRedis), () => redisKilled(length, 'kept'))

  it.skipIf(noSmallDisk)(named('after the disk of the database was full', noSmallDisk), () => diskFull(length))
})
