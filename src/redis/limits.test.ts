import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { limitsSuite } from '../../test/limits/suite.ts'
import { setupFileDatabase } from '../../test/setup/database.ts'
import { type RedisServer, startRedis } from '../../test/setup/redis.ts'
import { termsOf } from '../core/limit.ts'
import { installation } from '../db/installation.ts'
import { postgresLimits } from '../db/limits.ts'
import { openRedis, type Redis } from './client.ts'
import { redisLimits } from './limits.ts'

const database = await setupFileDatabase()
const missing = inject('redis') ? '' : ' (not run: redis-server is missing)'
let server: RedisServer
let redis: Redis

const open = async () =>
  redisLimits(redis, { limits: postgresLimits(database.store), installation: () => installation(database.store) })

const at = async (moment: number) => {
  await database.at(new Date(moment))
  await redis.command('SET', 'sluice_clock', String(moment))
}

/** A restart, until our connection has come back too. */
const restart = async (memory: 'kept' | 'lost') => {
  await server.restart(memory)
  await vi.waitFor(() => redis.command('PING'), { timeout: 10_000 })
}

describe.skipIf(missing !== '')(`a Redis${missing}`, () => {
  beforeAll(async () => {
    server = await startRedis()
    redis = await openRedis(server.url)
  })
  afterAll(async () => {
    await redis.close()
    await server.stop()
  })

  limitsSuite('buckets in Redis', async () => ({ open, at, restart: () => restart('kept') }))

  const terms = termsOf({ kind: 'bucket', max: 1, every: '5s', burst: 3, owner: 'egress' })
  const one = (bucket: string) => [{ bucket, terms, cost: 1 }]
  const noon = Date.parse('2026-03-01T12:00:00Z')

  test('a Redis that has lost its memory counts as used up, and what was closed is still closed', async () => {
    const limits = await open()
    await at(noon)
    await limits.spend(one('acme/calls/lost'), 'normal', 0)
    await limits.tell('acme/calls/banned', terms, { kind: 'close', length: 600_000, note: 'banned' })
    await restart('lost')
    await at(noon + 1_000)
    expect(await limits.spend(one('acme/calls/lost'), 'normal', 0)).toMatchObject({ granted: false, wait: 5_000 })
    expect(await limits.spend(one('acme/calls/never-seen'), 'normal', 0)).toMatchObject({ granted: false, wait: 5_000 })
    const refused = { granted: false, why: 'closed', note: 'banned', wait: 599_000 }
    expect(await limits.spend(one('acme/calls/banned'), 'normal', 0)).toMatchObject(refused)
    await at(noon + 6_000)
    expect(await limits.spend(one('acme/calls/lost'), 'normal', 0)).toMatchObject({ granted: true })
  })

  test('what was closed when a Redis lost its memory is used up besides, and keeps to its rule afterwards', async () => {
    const limits = await open()
    const fixed = termsOf({ kind: 'fixed', max: 3, every: '10s', owner: 'egress' })
    await at(noon)
    for (const [bucket, rule] of [
      ['acme/calls/paced-shut', terms],
      ['acme/calls/fixed-shut', fixed],
    ] as const) {
      await limits.tell(bucket, rule, { kind: 'close', length: 2_000, note: 'banned' })
    }
    await restart('lost')
    await at(noon + 1_000)
    const paced = one('acme/calls/paced-shut')
    const windowed = [{ bucket: 'acme/calls/fixed-shut', terms: fixed, cost: 1 }]
    expect(await limits.spend(paced, 'normal', 60_000)).toMatchObject({ granted: false, wait: 5_000 })
    expect(await limits.spend(windowed, 'normal', 60_000)).toMatchObject({ granted: false, wait: 9_000 })
    await at(noon + 3_000)
    expect(await limits.spend(paced, 'normal', 60_000)).toMatchObject({ granted: false, wait: 3_000 })
    expect(await limits.spend(windowed, 'normal', 60_000)).toMatchObject({ granted: false, wait: 7_000 })
    await at(noon + 10_000)
    for (const granted of [true, true, true, false]) {
      expect(await limits.spend(windowed, 'normal', 60_000)).toMatchObject({ granted })
    }
  })

  test('whoever is lost while a Redis without memory is told what is closed, nothing is spent before it knows', async () => {
    const memory = { limits: postgresLimits(database.store), installation: () => installation(database.store) }
    const banned = one('acme/calls/told-late')
    await at(noon)
    await (await open()).tell('acme/calls/told-late', terms, { kind: 'close', length: 600_000, note: 'banned' })
    for (let most = 0; most < 8; most++) {
      await redis.command('FLUSHALL')
      await at(noon + 60_000)
      const away = new Error('away')
      let commands = 0
      const weak: Redis = {
        ...redis,
        command: (...words) => (commands++ < most ? redis.command(...words) : Promise.reject(away)),
        run: () => Promise.reject(away),
      }
      await expect(redisLimits(weak, memory).spend(banned, 'normal', 0)).rejects.toBe(away)
      const refused = { granted: false, why: 'closed', note: 'banned', wait: 540_000 }
      expect(await (await open()).spend(banned, 'normal', 0)).toMatchObject(refused)
    }
  })

  test('a bucket that other programs know keeps the key they know it by; idle keys go after an hour, not before', async () => {
    const limits = await open()
    await at(noon)
    await limits.spend(one('allegro_rate_limit:client-1'), 'normal', 0)
    await limits.spend(one('acme/calls/ours'), 'normal', 0)
    await limits.tell('acme/calls/shut', terms, { kind: 'close', length: 86_400_000, note: 'banned' })
    const lives = async (key: string) => Number(await redis.command('PTTL', key))
    for (const key of ['allegro_rate_limit:client-1', 'sluice_rate_limit:acme/calls/ours']) {
      expect(await lives(key)).toBeGreaterThan(3_590_000)
      expect(await lives(key)).toBeLessThan(3_700_000)
    }
    expect(await lives('sluice_rate_limit:acme/calls/shut')).toBeGreaterThan(86_400_000)
  })

  test('while Redis is away, or hangs, nobody gets anything; afterwards everything is as it was', async () => {
    const limits = await open()
    await at(noon + 3_600_000)
    await limits.spend(one('acme/calls/away'), 'normal', 0)
    const away = expect.objectContaining({ name: 'LimitsAway', code: 'limits-away' })
    process.kill(server.pid(), 'SIGSTOP')
    await expect(limits.spend(one('acme/calls/away'), 'normal', 0)).rejects.toEqual(away)
    process.kill(server.pid(), 'SIGCONT')
    await server.kill()
    await expect(limits.spend(one('acme/calls/away'), 'normal', 0)).rejects.toEqual(away)
    await server.start()
    await vi.waitFor(() => limits.list(), { timeout: 10_000 })
    expect(await limits.spend(one('acme/calls/away'), 'normal', 0)).toMatchObject({ granted: true })
    expect((await limits.list()).find(({ bucket }) => bucket === 'acme/calls/away')!.hour).toBeGreaterThan(1)
  })

  test('what nobody has used for long is not listed any more, and what is shut is listed before anything was spent', async () => {
    const limits = await open()
    await at(noon + 7_200_000)
    await limits.spend(one('acme/calls/gone'), 'normal', 0)
    await limits.tell('acme/calls/new', terms, { kind: 'close', length: 60_000, note: 'banned' })
    await redis.command('PEXPIRE', 'sluice_rate_limit:acme/calls/gone', '0')
    const names = (await limits.list()).map(({ bucket }) => bucket)
    expect([names.includes('acme/calls/gone'), names.includes('acme/calls/new')]).toEqual([false, true])
    expect(await redis.command('SISMEMBER', 'sluice_rate_limit:index', 'sluice_rate_limit:acme/calls/gone')).toBe(0)
  })

  test('a password that Redis does not take is told as such', async () => {
    await redis.command('CONFIG', 'SET', 'requirepass', 'secret')
    const wrong = server.url.replace('redis://', 'redis://:wrong@')
    await expect(openRedis(wrong)).rejects.toMatchObject({ name: 'Misuse', code: 'redis-refused' })
    await redis.command('CONFIG', 'SET', 'requirepass', '')
  })

  test('a password that Redis takes no more is waited for, since it may be taken again', async () => {
    await redis.command('CONFIG', 'SET', 'requirepass', 'secret')
    const other = await openRedis(server.url.replace('redis://', 'redis://:secret@'))
    await redis.command('CONFIG', 'SET', 'requirepass', 'another')
    await redis.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
    const refused = { name: 'LimitsAway', message: expect.stringContaining('WRONGPASS') }
    await vi.waitFor(() => expect(other.command('GET', 'any')).rejects.toMatchObject(refused))
    await redis.command('CONFIG', 'SET', 'requirepass', 'secret')
    await vi.waitFor(() => other.command('GET', 'any'), { timeout: 10_000 })
    await other.close()
    await redis.command('CONFIG', 'SET', 'requirepass', '')
  })
})
