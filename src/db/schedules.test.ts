import { beforeEach, describe, expect, test } from 'vitest'
import { setupFileDatabase } from '../../test/setup/database.ts'
import type { Part } from '../core/part.ts'
import type { Schedule } from '../core/schedule.ts'
import { openAlerts, raise, resolve } from './alerts.ts'
import { lift, pause, readPauses } from './pauses.ts'
import {
  confirmSchedules,
  dueSchedules,
  type Entry,
  markChained,
  readSchedules,
  recentParts,
  setSchedules,
  setTimes,
  takeSchedule,
} from './schedules.ts'
import type { Store } from './store.ts'

const { store, at, another } = await setupFileDatabase()
const slice = { connector: 'acme', account: 'main', stream: 'orders', part: { symbol: 'A' } }
const owner = { connector: 'acme', account: 'main', stream: 'orders', variant: 'v1' }
const start = new Date('2026-03-01T12:00:10Z')
const soon = new Date('2026-03-01T12:01:00Z')

beforeEach(async () => {
  await store.query('truncate sluice.schedules, sluice.pauses, sluice.alerts, sluice.runs')
  await at(start)
})

/** A schedule as it is written down: its next turn is due at once unless another moment is given. */
function entry(rule: Schedule, next: Date | undefined = start, check?: Date): Entry {
  return { turn: Object.entries(rule)[0]!.join(' '), rule, next, check }
}

const minutely = entry({ every: '1m' })
const key = { ...owner, turn: 'every 1m' }

/** Takes what is due of these owners and puts it off until `next`; returns what was taken. */
async function takeAll(from: Store, of = [owner], next: Date | null = soon) {
  const taken = []
  for (const { turn, ...whose } of await dueSchedules(from, of)) {
    const due = await from.transaction(async tx => {
      const found = await takeSchedule(tx, { ...whose, turn: turn! })
      if (found) await setTimes(tx, { ...whose, turn: turn! }, { next, check: null, owed: [] })
      return found
    })
    if (due) taken.push({ variant: whose.variant, turn, turnAt: due.turnAt })
  }
  return taken
}

/** A run of the stream in this state; returns its id. */
async function run(state: string, { stream = 'orders', part = slice.part as Part, span = 'now', ended = '' } = {}) {
  const [made] = await store.query<{ id: string }>(
    `insert into sluice.runs (connector, account, stream, part, span, cause, state, from_at, position, planned_at, updated_at, finished_at)
     values ('acme', 'main', $1, $2, $3, 'schedule', $4, now(), now(), now(), now(), $5) returning id::text`,
    [stream, JSON.stringify(part), span, state, ended || null],
  )
  return made!.id
}

const end = (id: string, state: string) =>
  store.query('update sluice.runs set state = $2, finished_at = sluice.now() where id = $1', [id, state])

describe('a schedule', () => {
  test('is due from its time on until it is taken, and then at the next', async () => {
    await setSchedules(store, owner, [minutely])
    expect(await takeAll(store)).toEqual([{ variant: 'v1', turn: 'every 1m', turnAt: start }])
    expect(await takeAll(store)).toEqual([])
    await at('2026-03-01T12:00:59.999Z')
    expect(await takeAll(store)).toEqual([])
    await at(soon)
    expect(await takeAll(store)).toEqual([{ variant: 'v1', turn: 'every 1m', turnAt: soon }])
  })

  test('fires once for many processes, whatever their own clocks say', async () => {
    await setSchedules(store, owner, [minutely])
    const taken = await Promise.all(Array.from({ length: 12 }, () => takeAll(another(1))))
    expect(taken.flat()).toHaveLength(1)
  })

  test('is left alone by everybody else while somebody holds it, and is still due when that one fails', async () => {
    await setSchedules(store, owner, [minutely])
    const failing = store.transaction(async tx => {
      expect(await takeSchedule(tx, key)).toBeDefined()
      expect(await takeAll(another(1))).toEqual([])
      await setTimes(tx, key, { next: soon, check: null, owed: [] })
      throw new Error('the plan failed')
    })
    await expect(failing).rejects.toThrow('the plan failed')
    expect(await takeAll(store)).toHaveLength(1)
  })

  test('that is written down again keeps its next turn', async () => {
    await setSchedules(store, owner, [minutely])
    await takeAll(store)
    await setSchedules(store, owner, [minutely])
    expect(await takeAll(store)).toEqual([])
    expect(await readSchedules(store)).toMatchObject([{ ...key, next: soon }])
  })

  test('that its stream no longer has is dropped, and no other', async () => {
    await setSchedules(store, owner, [minutely, entry({ every: '1h' })])
    await setSchedules(store, { ...owner, variant: 'v2' }, [minutely])
    await setSchedules(store, owner, [entry({ every: '1h' })])
    expect((await readSchedules(store)).map(({ variant, turn }) => [variant, turn])).toEqual([
      ['v1', 'every 1h'],
      ['v2', 'every 1m'],
    ])
  })

  test('that was set when the clock was more than a minute ahead is due to be looked at, and takes no turn by that', async () => {
    await at('2026-03-01T14:00:00Z')
    await setSchedules(store, owner, [entry({ every: '1m' }, new Date('2026-03-01T14:01:00Z'))])
    await at('2026-03-01T13:59:30Z')
    expect(await dueSchedules(store, [owner])).toEqual([])
    await at('2026-03-01T12:00:10Z')
    expect(await takeAll(store)).toEqual([{ variant: 'v1', turn: 'every 1m', turnAt: null }])
    await at(soon)
    expect(await takeAll(store)).toMatchObject([{ turnAt: soon }])
  })

  test('of nothing is never due', async () => {
    expect([await dueSchedules(store, []), await readSchedules(store)]).toEqual([[], []])
  })
})

describe('a configuration', () => {
  const other = { ...owner, variant: 'v2' }

  test('takes its own turns only', async () => {
    for (const each of [owner, other]) await setSchedules(store, each, [minutely])
    expect((await takeAll(store, [other])).map(({ variant }) => variant)).toEqual(['v2'])
    expect((await takeAll(store, [owner, other])).map(({ variant }) => variant)).toEqual(['v1'])
  })

  test('of which nothing is written down is told', async () => {
    await setSchedules(store, owner, [entry({ every: '1m' }, soon)])
    expect(await dueSchedules(store, [owner, other])).toEqual([{ ...other, turn: null }])
  })

  test('that is new takes over the turn that an earlier one has missed', async () => {
    const missed = new Date('2026-03-01T03:00:00Z')
    await setSchedules(store, owner, [entry({ cron: '0 3 * * *' }, missed)])
    await setSchedules(store, other, [entry({ cron: '0 3 * * *' }, new Date('2026-03-02T03:00:00Z'))])
    expect(await takeAll(store, [other])).toEqual([{ variant: 'v2', turn: 'cron 0 3 * * *', turnAt: missed }])
  })

  test('that nobody has confirmed for seven days is dropped', async () => {
    for (const each of [owner, other]) await setSchedules(store, each, [minutely])
    await at('2026-03-08T12:00:10Z')
    await confirmSchedules(store, [owner])
    expect(await readSchedules(store)).toHaveLength(2)
    await at('2026-03-08T12:00:11Z')
    await confirmSchedules(store, [owner])
    expect((await readSchedules(store)).map(({ variant }) => variant)).toEqual(['v1'])
  })
})

describe('a chain', () => {
  const chained = { turn: 'after orders', rule: { after: 'orders' }, next: undefined, check: undefined } as const
  const after = { ...owner, stream: 'invoices' }

  beforeEach(() => setSchedules(store, after, [chained]))

  test('is due when all open runs of its stream have ended, one of them well', async () => {
    const [one, other] = [await run('running'), await run('waiting', { part: { symbol: 'B' }, span: 'a range' })]
    expect(await dueSchedules(store, [after])).toEqual([])
    await end(one, 'success')
    await markChained(store, slice)
    expect(await dueSchedules(store, [after])).toEqual([])
    await at(soon)
    await end(other, 'failed')
    expect(await takeAll(store, [after], null)).toEqual([{ variant: 'v1', turn: 'after orders', turnAt: soon }])
    expect(await dueSchedules(store, [after])).toEqual([])
  })

  test('is due for every configuration, and for no other stream or account', async () => {
    const others = [
      { ...after, variant: 'v2' },
      { ...after, account: 'second' },
    ]
    for (const each of others) await setSchedules(store, each, [chained])
    await setSchedules(store, { ...owner, stream: 'prices' }, [{ ...chained, rule: { after: 'goods' } }])
    await markChained(store, slice)
    const due = (await readSchedules(store)).filter(({ next }) => next !== null)
    expect(due.map(({ account, stream, variant }) => [account, stream, variant])).toEqual([
      ['main', 'invoices', 'v1'],
      ['main', 'invoices', 'v2'],
    ])
  })

  test('fires once for many processes, and once more for what ends while it is taken', async () => {
    await markChained(store, slice)
    const taken = await Promise.all(Array.from({ length: 12 }, () => takeAll(another(1), [after], null)))
    expect(taken.flat()).toHaveLength(1)

    await markChained(store, slice)
    let late: Promise<void> | undefined
    await store.transaction(async tx => {
      await takeSchedule(tx, { ...after, turn: 'after orders' })
      late = markChained(another(1), slice)
      await setTimes(tx, { ...after, turn: 'after orders' }, { next: null, check: null, owed: [] })
    })
    await late
    expect(await takeAll(store, [after], null)).toHaveLength(1)
  })

  test("of many ends at once is marked by all of them without getting in each other's way", async () => {
    for (const variant of ['v2', 'v3', 'v4']) await setSchedules(store, { ...after, variant }, [chained])
    await Promise.all(Array.from({ length: 12 }, () => another(1).transaction(tx => markChained(tx, slice))))
    expect((await readSchedules(store)).filter(({ next }) => next !== null)).toHaveLength(4)
  })
})

describe('a turn that is owed', () => {
  test('is due when the run of its part has ended, though the next turn is far', async () => {
    await setSchedules(store, owner, [minutely])
    const open = await run('running')
    await setTimes(store, key, { next: new Date('2026-03-02T00:00:00Z'), check: null, owed: [slice.part] })
    expect(await dueSchedules(store, [owner])).toEqual([])
    await end(open, 'failed')
    expect(await takeAll(store)).toMatchObject([{ turnAt: null }])
  })
})

describe('a check', () => {
  test('is due at its time and takes no turn', async () => {
    const tomorrow = new Date('2026-03-02T03:00:00Z')
    await setSchedules(store, owner, [entry({ daily: '03:00' }, tomorrow, start)])
    expect(await takeAll(store)).toMatchObject([{ turnAt: null }])
  })

  test('comes at once when the schedule is written down again, as a start does', async () => {
    const tomorrow = new Date('2026-03-02T03:00:00Z')
    await setSchedules(store, owner, [entry({ daily: '03:00' }, tomorrow, start)])
    await setTimes(store, { ...owner, turn: 'daily 03:00' }, { next: tomorrow, check: soon, owed: [] })
    expect(await dueSchedules(store, [owner])).toEqual([])
    await setSchedules(store, owner, [entry({ daily: '03:00' }, tomorrow, start)])
    expect(await dueSchedules(store, [owner])).toHaveLength(1)
  })

  test('sees of each part the open run, and when the last one ended that followed the present and did not fail', async () => {
    const part = (symbol: string): Part => ({ symbol })
    await run('success', { ended: '2026-02-27T13:00:00Z' })
    await run('partial', { ended: '2026-03-01T01:00:00Z' })
    await run('failed', { ended: '2026-03-01T02:00:00Z' })
    await run('success', { span: 'a range', ended: '2026-03-01T03:00:00Z' })
    await run('failed', { part: part('B'), ended: '2026-03-01T02:00:00Z' })
    await run('waiting', { part: part('C') })
    await run('success', { part: part('D'), ended: '2026-02-27T12:00:00Z' })
    await run('success', { stream: 'goods', ended: '2026-03-01T04:00:00Z' })
    const seen = await recentParts(store, owner)
    expect(seen.toSorted((one, other) => (one.part.symbol! < other.part.symbol! ? -1 : 1))).toEqual([
      { part: part('A'), ended: new Date('2026-03-01T01:00:00Z') },
      { part: part('C'), ended: null },
    ])
  })
})

describe('a pause', () => {
  test('holds a part once, with its newest reason and its first moment', async () => {
    await pause(store, slice, 'rejected')
    await at('2026-03-01T12:05:00Z')
    await pause(store, slice, 'rejected again')
    expect(await readPauses(store)).toEqual([
      { ...slice, reason: 'rejected again', since: new Date('2026-03-01T12:00:10Z') },
    ])
  })

  test('is lifted with that of its whole stream, and no other', async () => {
    const [stream, other] = [
      { ...slice, part: {} },
      { ...slice, part: { symbol: 'B' } },
    ]
    for (const each of [slice, stream, other]) await pause(store, each, 'x')
    await lift(store, slice, 'with its stream')
    expect((await readPauses(store)).map(({ part }) => part)).toEqual([{ symbol: 'B' }])
  })
})

describe('an alert', () => {
  const alert = { key: 'k', level: 'warning', code: 'empty', message: 'nothing came', slice } as const

  test('is new once, and then counted', async () => {
    expect(await raise(store, alert)).toBe(true)
    expect(await raise(store, { ...alert, message: 'still nothing', level: 'critical' })).toBe(false)
    expect(await openAlerts(store)).toMatchObject([{ key: 'k', times: 2, message: 'still nothing', level: 'critical' }])
  })

  test('that was resolved holds no longer, and is new when it comes again', async () => {
    await raise(store, alert)
    await resolve(store, 'k')
    await resolve(store, 'k')
    expect(await openAlerts(store)).toEqual([])
    expect(await raise(store, alert)).toBe(true)
  })

  test('is new for one of many that raise it at once', async () => {
    const raised = await Promise.all(Array.from({ length: 8 }, () => raise(another(1), alert)))
    expect(raised.filter(Boolean)).toHaveLength(1)
    expect(await openAlerts(store)).toMatchObject([{ times: 8 }])
  })

  test('the gravest come first, then the oldest', async () => {
    await raise(store, alert)
    await at('2026-03-01T12:01:00Z')
    await raise(store, { ...alert, key: 'later' })
    await raise(store, { ...alert, key: 'grave', level: 'critical' })
    expect((await openAlerts(store)).map(({ key }) => key)).toEqual(['grave', 'k', 'later'])
  })
})
