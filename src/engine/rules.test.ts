import { expect, onTestFinished, test, vi } from 'vitest'
import { setupDatabase } from '../../test/setup/database.ts'
import { binance } from '../connectors/binance/index.ts'
import { CircuitOpen, Throttled } from '../core/failure.ts'
import type { Rule } from '../core/limit.ts'
import type { Priority } from '../core/priority.ts'
import type { Source } from '../core/source.ts'
import { postgresLimits } from '../db/limits.ts'
import type { Tools } from './engine.ts'
import { gateOf } from './gate.ts'
import { emptyPurse } from './purse.ts'

const noon = Date.parse('2026-03-01T12:00:00Z')

/** Gates of a vendor with these limits, over one database whose clock stands still at noon; a question costs 1 of each, or more. */
async function setup(rules: Record<string, Rule>) {
  const database = await setupDatabase()
  await database.at(new Date(noon))
  const log: string[] = []
  let asked = 0
  const count = <T>(answer: T): T => {
    asked++
    return answer
  }
  const limits = postgresLimits(database.store)
  const counting = { ...limits, spend: (...of: Parameters<typeof limits.spend>) => count(limits.spend(...of)) }
  const process = (): Tools => ({
    ...{ store: database.store, clock: database.clock, limits: counting, purse: emptyPurse() },
    ...{ egress: 'default', userAgent: 'sluice/test', transport: async () => expect.fail('sent') },
    log: (level, message) => void log.push(`${level}: ${message}`),
  })
  const connector = { ...binance, name: 'acme', title: 'Acme', limits: rules }
  const source = (account: string): Source => ({
    ...{
      connector,
      stream: binance.streams[0]!,
      account,
      credentials: {},
      baseUrl: 'http://acme.example',
      settings: {},
      options: {},
    },
  })
  const gate = (account = 'main', priority: Priority = 'normal', tools = process(), units = 1) => {
    const costs = Object.fromEntries(Object.keys(rules).map(name => [name, units]))
    return gateOf(tools, { source: source(account), costs, priority })
  }
  return {
    ...database,
    limits,
    log,
    process,
    gate,
    asked: () => asked,
    pass: (ms: number) => database.at(new Date(noon + ms)),
  }
}

const told = (headers: Record<string, string>, status = 200) => new Response(null, { status, headers })
const own = ({ slug }: { slug: string }) => slug

test('every account has a bucket of its own where the quota is the account’s, and one together where it is the address’s', async () => {
  const { gate } = await setup({
    calls: { kind: 'bucket', max: 1, every: '1m', burst: 2, owner: own },
    all: { kind: 'sliding', max: 4, every: '1m', burst: 4, owner: 'egress' },
  })
  for (const account of ['berlin', 'berlin', 'paris']) await gate(account).acquire()
  await expect(gate('berlin').acquire()).rejects.toMatchObject({ bucket: 'acme/calls/berlin' })
  await gate('paris').acquire()
  await expect(gate('rome').acquire()).rejects.toMatchObject({ bucket: 'acme/all/default' })
  expect(gate('rome').name).toBe('acme/calls/rome + acme/all/default')
})

test('a bucket that other programs know has their name', async () => {
  const { gate } = await setup({
    calls: { kind: 'sliding', max: 9000, every: '1m', share: 0.6, owner: () => 'client-1', key: 'allegro_rate_limit' },
  })
  expect(gate().name).toBe('allegro_rate_limit:client-1')
})

test('an answer that tells how little is left is believed by all processes', async () => {
  const rule: Rule = {
    kind: 'bucket',
    max: 1,
    every: '1m',
    burst: 10,
    owner: own,
    learn: { header: 'x-left', tells: 'left' },
  }
  const { gate } = await setup({ calls: rule })
  const first = gate()
  await first.acquire()
  await first.learn(told({ 'X-Left': '9' }))
  await gate().acquire()
  await first.learn(told({ 'X-Left': '0' }))
  const refused = await gate()
    .acquire()
    .catch(error => error)
  expect(refused).toBeInstanceOf(Throttled)
  expect(refused.until).toEqual(new Date(noon + 60_000))
})

test('an answer that costs more than its question is charged', async () => {
  const rule: Rule = { kind: 'bucket', max: 60, every: '1m', burst: 15, owner: own, penalty: { 409: 10, '4xx': 3 } }
  const { gate, limits } = await setup({ calls: rule })
  const first = gate()
  await first.acquire()
  await first.learn(told({}, 409))
  await first.acquire()
  await first.learn(told({}, 404))
  expect(await limits.list()).toMatchObject([{ used: 13, hour: 13 }])
})

test('a refusal that our numbers did not foresee makes us slower for a stated time, however many hear of it at once', async () => {
  const slower = { factor: 2, most: 4, until: '10m' } as const
  const { gate, limits, log, pass } = await setup({ calls: { kind: 'fixed', max: 8, every: '1m', owner: own, slower } })
  for (let refusal = 0; refusal < 3; refusal++) await gate().close(new Date(noon + 30_000), 'too many requests')
  expect(await limits.list()).toMatchObject([
    { slow: 2, slowUntil: new Date(noon + 630_000), closedUntil: new Date(noon + 30_000) },
  ])
  expect(log).toEqual([
    'warn: acme/calls/main: refused although our share was kept; we go slower for 10m (too many requests)',
  ])
  await pass(60_000)
  for (let call = 0; call < 4; call++) await gate().acquire()
  await expect(gate().acquire()).rejects.toBeInstanceOf(Throttled)
  await pass(660_000)
  for (let call = 0; call < 8; call++) await gate().acquire()
})

test('a refusal that names one of several limits leaves the others open', async () => {
  const { gate, limits } = await setup({
    calls: { kind: 'fixed', max: 8, every: '1m', owner: own },
    changes: { kind: 'fixed', max: 8, every: '1m', owner: own },
  })
  await gate().close(new Date(noon + 30_000), 'too many changes', 'changes')
  const closed = (await limits.list()).filter(({ closedUntil }) => closedUntil)
  expect(closed.map(({ bucket }) => bucket)).toEqual(['acme/changes/main'])
})

test('after ten tries without an answer nobody asks, but for one who looks whether it answers again', async () => {
  const { gate, log, pass } = await setup({ calls: { kind: 'fixed', max: 600, every: '1m', owner: own } })
  const ask = (account = 'main') => gate(account).acquire()
  for (let failure = 0; failure < 10; failure++) {
    await ask()
    await gate().failed('no answer within 30 s')
  }
  expect(log).toEqual([
    'warn: Acme is left alone for a while: no answer for 10 tries in a row, the last one: no answer within 30 s',
  ])
  const refused = await ask('another').catch(error => error)
  expect(refused).toBeInstanceOf(CircuitOpen)
  expect(refused).toMatchObject({ code: 'circuit-open', until: new Date(noon + 30_000) })
  await pass(30_000)
  const looks = gate()
  await looks.acquire()
  await expect(ask()).rejects.toBeInstanceOf(CircuitOpen)
  await looks.failed('no answer within 30 s')
  expect(await ask().catch(error => error.until)).toEqual(new Date(noon + 90_000))
  await pass(90_000)
  const answered = gate()
  await answered.acquire()
  await answered.answered()
  await ask()
  await ask('another')
})

test('a process that asks often pays in advance where there is plenty, and question by question where quota is short', async () => {
  const rule: Rule = { kind: 'fixed', max: 400, every: '1m', owner: own, lease: '200ms' }
  const { gate, process, asked, limits } = await setup({ calls: rule })
  const mine = gate('main', 'normal', process())
  for (let call = 0; call < 300; call++) await mine.acquire()
  expect(asked()).toBeLessThan(250)
  const [bucket] = await limits.list()
  expect(bucket!.used).toBeGreaterThanOrEqual(300)
  let granted = 300
  for (; granted < 500; granted++) if (await mine.acquire().catch(() => true)) break
  expect(granted).toBeLessThanOrEqual(400)
  expect((await limits.list())[0]!.used).toBe(400)
})

test('what was paid in advance for cheap questions pays for no dear ones', async () => {
  const { gate, process, limits } = await setup({
    calls: { kind: 'fixed', max: 4_000, every: '1m', owner: own, lease: '200ms' },
  })
  const tools = process()
  const [cheap, dear] = [gate('main', 'normal', tools), gate('main', 'normal', tools, 10)]
  for (let call = 0; call < 100; call++) {
    await cheap.acquire()
    await dear.acquire()
  }
  expect((await limits.list())[0]!.used).toBeGreaterThanOrEqual(1_100)
})

test('what was paid in advance lets nobody through for longer than its lease when another process has closed the bucket', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const { gate, process } = await setup({
    calls: { kind: 'fixed', max: 4_000, every: '1m', owner: own, lease: '200ms' },
  })
  const tools = process()
  const mine = gate('main', 'normal', tools)
  const left = () => [...tools.purse.leases.values()].some(({ questions }) => questions > 2)
  while (!left()) await mine.acquire()
  await gate().close(new Date(noon + 40_000), 'banned')
  vi.advanceTimersByTime(201)
  await expect(mine.acquire()).rejects.toMatchObject({ name: 'Throttled', until: new Date(noon + 40_000) })
})

test('what was paid in advance is of use after its lease, where nobody has closed the bucket', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const { gate, process, limits } = await setup({
    calls: { kind: 'fixed', max: 4_000, every: '1m', owner: own, lease: '200ms' },
  })
  const tools = process()
  const mine = gate('main', 'normal', tools)
  const left = () => [...tools.purse.leases.values()].reduce((sum, { questions }) => sum + questions, 0)
  while (left() < 3) await mine.acquire()
  const [before] = await limits.list()
  vi.advanceTimersByTime(30_000)
  for (let call = left(); call > 0; call--) await mine.acquire()
  expect((await limits.list())[0]!.used).toBe(before!.used)
})

test('those who wait behind each other in a process wait no longer than one alone would', async () => {
  const { gate, process, asked, pass } = await setup({
    calls: { kind: 'bucket', max: 1, every: '4s', burst: 1, owner: own },
  })
  const mine = gate('main', 'normal', process())
  await mine.acquire()
  const waiting = [1, 2, 3].map(() =>
    mine.acquire().then(
      () => 'granted',
      error => error.until,
    ),
  )
  await vi.waitFor(() => expect(asked()).toBe(2))
  await pass(4_000)
  expect(await Promise.all(waiting)).toEqual(['granted', new Date(noon + 8_000), new Date(noon + 12_000)])
})

test('a question that never fits its limit is a fault of the connector, and told as one', async () => {
  const { gate } = await setup({ calls: { kind: 'sliding', max: 400, every: '1m', burst: 1, owner: own } })
  expect(() => gate()).not.toThrow()
  const { gate: narrow } = await setup({ calls: { kind: 'fixed', max: 4, every: '1m', share: 0.2, owner: own } })
  expect(() => narrow()).toThrow('less than one')
})
