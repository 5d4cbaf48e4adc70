import { expect } from 'vitest'
import { connector } from '../fleet/connector.ts'
import { setupDatabase } from '../setup/database.ts'
import { startRedis } from '../setup/redis.ts'
import { until } from '../setup/sluice.ts'
import { fill } from './disk.ts'
import { alerts, beginLoad, disturb, expectRecovery, type Load, said, told } from './load.ts'
import { startPostgres } from './postgres.ts'

const components = [{ name: connector.name, folder: connector.migrations }]

/** PostgreSQL is killed in the middle of a load, and begun again after so many ms. */
export async function databaseKilled(length: number): Promise<void> {
  const postgres = await startPostgres(components)
  const load = await beginLoad(postgres.connection)
  const outage = await disturb(length, postgres.kill, postgres.start)
  await expectRecovery(load, outage)
  for (const errors of said(load, 'error')) {
    const [[text, times] = [], ...more] = Object.entries(errors)
    expect(text).toMatch(/^The database at .* does not answer: .*\. Start it, or correct .* when it is back\.$/)
    expect([times, more]).toEqual([1, []])
  }
  for (const infos of said(load, 'info')) {
    expect(infos['The database at N.N.N.N:N/sluice can be written to again after N s.']).toBe(1)
  }
  await expectAlerts(load, 'store-away', 2)
  told('the database was killed', load)
}

/** PostgreSQL stands still in the middle of a load for so many ms, and does not even refuse. */
export async function databaseFrozen(length: number): Promise<void> {
  const postgres = await startPostgres(components)
  const load = await beginLoad(postgres.connection)
  const outage = await disturb(length, postgres.freeze, postgres.thaw)
  await expectRecovery(load, outage)
  for (const errors of said(load, 'error')) expect(Object.values(errors).every(times => times === 1)).toBe(true)
  told('the database stood still', load)
}

/** Redis, which keeps the limits, is killed in the middle of a load, and begun again after so many ms. */
export async function redisKilled(length: number, memory: 'kept' | 'lost'): Promise<void> {
  const [{ connection }, redis] = [await setupDatabase(), await startRedis()]
  try {
    const load = await beginLoad(connection, { REDIS_URL: redis.url })
    await disturb(length, redis.kill, () => redis.restart(memory)).then(outage => expectRecovery(load, outage))
    await expectLimitsAway(load)
    told(`Redis was killed, its memory ${memory}`, load)
  } finally {
    await redis.stop()
  }
}

/** Redis stands still in the middle of a load for so many ms. */
export async function redisFrozen(length: number): Promise<void> {
  const [{ connection }, redis] = [await setupDatabase(), await startRedis()]
  try {
    const load = await beginLoad(connection, { REDIS_URL: redis.url })
    const signal = (name: NodeJS.Signals) => async () => void process.kill(redis.pid(), name)
    await expectRecovery(load, await disturb(length, signal('SIGSTOP'), signal('SIGCONT')))
    await expectLimitsAway(load)
    told('Redis stood still', load)
  } finally {
    await redis.stop()
  }
}

/** So many times in all was it raised, which a success may have ended in between; and it is over. */
async function expectAlerts(load: Load, code: string, times: number): Promise<void> {
  const raised = await alerts(load)
  expect(raised.map(alert => ({ ...alert, times: 0 }))).toEqual(
    raised.map(() => ({ code, level: 'critical', times: 0, over: true })),
  )
  expect(raised.reduce((sum, alert) => sum + alert.times, 0)).toBe(times)
}

/** Told once by all workers together, and over. */
async function expectLimitsAway(load: Load): Promise<void> {
  const lines = said(load, 'error').flatMap(Object.entries)
  expect(lines).toEqual([[expect.stringMatching(/^The Redis at .*, which keeps the limits, does not answer: /), 1]])
  expect(await alerts(load)).toEqual([
    { code: 'limits-away', level: 'critical', times: expect.any(Number), over: true },
  ])
}

/** The disk of PostgreSQL is filled to its last byte in the middle of a load, and has room again so many ms after that was noticed. */
export async function diskFull(length: number): Promise<void> {
  const postgres = await startPostgres(components, 256)
  const load = await beginLoad(postgres.connection)
  await load.desk.store.query('select pg_switch_wal()')
  let ballast: ReturnType<typeof fill> | undefined
  const noticed = async () => {
    ballast = fill(postgres.folder)
    await until('both workers wait', () => said(load, 'error').every(errors => Object.keys(errors).length > 0))
  }
  const outage = await disturb(length, noticed, () => ballast!.remove())
  await expectRecovery(load, outage)
  const full = expect.stringMatching(
    /^The disk of the database at .* is full: .*\. Make room on it\. .* when it is back\.$/,
  )
  for (const errors of said(load, 'error')) expect(Object.entries(errors)).toEqual([[full, 1]])
  await expectAlerts(load, 'store-full', 2)
  told('the disk was full', load)
}

/**
 * The disk is full, and so is PostgreSQL's log of changes, which it cannot live without: it ends itself, and cannot come back.
 * After so many ms there is room, and it is started again.
 */
export async function logFull(length: number): Promise<void> {
  const postgres = await startPostgres(components, 256)
  const load = await beginLoad(postgres.connection)
  let ballast: ReturnType<typeof fill> | undefined
  const panic = async () => {
    ballast = fill(postgres.folder)
    const message = 'select pg_logical_emit_message(false, $1, repeat($1, 1000000))'
    await until('the server has given up', () => load.desk.store.query(message, ['x']).then(() => false, isAway))
    await until('both workers wait', () => said(load, 'error').every(errors => Object.keys(errors).length > 0))
  }
  const mend = async () => {
    ballast!.remove()
    await postgres.start()
  }
  await expectRecovery(load, await disturb(length, panic, mend))
  for (const errors of said(load, 'error')) {
    expect(Object.entries(errors)).toEqual([[expect.stringMatching(/does not answer|is full/), 1]])
  }
  told('the disk had no room for the log', load)
}

/** A statement that finds no room fails; only the end of the server ends the connection. */
function isAway(error: { code?: string }): boolean {
  return error.code === 'store-away'
}
