import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Schedule } from '../core/schedule.ts'
import { dayIn, isLeftOut, nextCheck, nextTurn, problemOf } from './turns.ts'

/** The turns after a moment, to the minute, UTC. */
function turns(schedule: Schedule, after: string, many: number): string[] {
  const found: string[] = []
  for (let at: Date | undefined = new Date(after); found.length < many; ) {
    at = nextTurn(schedule, at)
    if (!at) return found
    expect(at.getTime() % 60_000).toBe(0)
    found.push(at.toISOString().slice(0, 16))
  }
  return found
}

const warsaw = 'Europe/Warsaw'

describe('an interval', () => {
  test('has its turns on the beat, whenever it is asked', () => {
    expect(turns({ every: '15m' }, '2026-03-01T12:07:10.250Z', 2)).toEqual(['2026-03-01T12:15', '2026-03-01T12:30'])
    expect(turns({ every: '6h' }, '2026-03-01T12:00:00Z', 2)).toEqual(['2026-03-01T18:00', '2026-03-02T00:00'])
  })

  test('has a turn after every moment, at most one length ahead', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.nat(2 ** 41), (seconds, now) => {
        const ahead = nextTurn({ every: `${seconds}s` }, new Date(now))!.getTime() - now
        return ahead > 0 && ahead <= seconds * 1000
      }),
    )
  })
})

describe('a cron', () => {
  test('counts in UTC unless it names a zone', () => {
    expect(turns({ cron: '0 3 * * *' }, '2026-01-31T02:59:59.999Z', 2)).toEqual([
      '2026-01-31T03:00',
      '2026-02-01T03:00',
    ])
    const moscow = { cron: '0 3 * * *', zone: 'Europe/Moscow' }
    expect(turns(moscow, '2026-02-01T00:00:00Z', 2)).toEqual(['2026-02-02T00:00', '2026-02-03T00:00'])
    const newYork = { cron: '30 21 * * 5', zone: 'America/New_York' }
    expect(turns(newYork, '2026-03-01T00:00:00Z', 2)).toEqual(['2026-03-07T02:30', '2026-03-14T01:30'])
  })

  test('knows leap days and the ends of months', () => {
    expect(turns({ cron: '0 0 29 2 *' }, '2026-01-01T00:00:00Z', 2)).toEqual(['2028-02-29T00:00', '2032-02-29T00:00'])
    expect(turns({ cron: '0 0 31 * *' }, '2026-01-31T00:00:00Z', 3)).toEqual([
      '2026-03-31T00:00',
      '2026-05-31T00:00',
      '2026-07-31T00:00',
    ])
    expect(turns({ cron: '0 0 L * *' }, '2028-02-01T00:00:00Z', 2)).toEqual(['2028-02-29T00:00', '2028-03-31T00:00'])
  })

  test('whose time is left out when clocks go forward has its turn at the next time there is', () => {
    const from = '2026-03-28T12:00:00Z'
    expect(turns({ cron: '30 2 * * *', zone: warsaw }, from, 2)).toEqual(['2026-03-29T01:00', '2026-03-30T00:30'])
    expect(turns({ cron: '0 */2 * * *', zone: warsaw }, '2026-03-28T22:30:00Z', 3)).toEqual([
      '2026-03-28T23:00',
      '2026-03-29T01:00',
      '2026-03-29T02:00',
    ])
    expect(turns({ cron: '*/20 2 * * *', zone: warsaw }, from, 2)).toEqual(['2026-03-29T01:00', '2026-03-30T00:00'])
  })

  test('whose time comes twice when clocks go back has its turn the first time only', () => {
    const from = '2026-10-24T12:00:00Z'
    expect(turns({ cron: '30 2 * * *', zone: warsaw }, from, 2)).toEqual(['2026-10-25T00:30', '2026-10-26T01:30'])
    expect(turns({ cron: '30 2 * * *', zone: warsaw }, '2026-10-25T00:30:00Z', 1)).toEqual(['2026-10-26T01:30'])
    expect(turns({ cron: '*/30 2 * * *', zone: warsaw }, from, 3)).toEqual([
      '2026-10-25T00:00',
      '2026-10-25T00:30',
      '2026-10-26T01:00',
    ])
    expect(turns({ cron: '0 1-3/1 * * *', zone: warsaw }, from, 4)).toEqual([
      '2026-10-24T23:00',
      '2026-10-25T00:00',
      '2026-10-25T02:00',
      '2026-10-26T00:00',
    ])
  })

  test('of any hour is an interval, which changed clocks do not stop', () => {
    const through = ['2026-10-25T00:00', '2026-10-25T00:30', '2026-10-25T01:00', '2026-10-25T01:30']
    expect(turns({ cron: '*/30 * * * *', zone: warsaw }, '2026-10-24T23:30:00Z', 4)).toEqual(through)
  })

  test('written as steps has the turns it has when it is written as a list', () => {
    for (const from of ['2026-03-28T12:00:00Z', '2026-10-24T12:00:00Z', '2026-06-01T00:00:00Z']) {
      const list = turns({ cron: '10,25,40,55 0,6,12,18 * * 1-5', zone: warsaw }, from, 30)
      expect(turns({ cron: '10-59/15 */6 * * 1-5', zone: warsaw }, from, 30)).toEqual(list)
    }
  })
})

describe('a daily schedule', () => {
  test('has one turn on every day of a year, at its time on the clocks of its zone', () => {
    const found = turns({ daily: '02:30', zone: warsaw }, '2026-01-01T00:00:00Z', 365)
    expect(new Set(found.map(turn => dayIn(warsaw, new Date(`${turn}Z`)))).size).toBe(365)
    const summer = found.filter(turn => turn.endsWith('00:30'))
    expect([summer[0], summer.at(-1), summer.length]).toEqual(['2026-03-30T00:30', '2026-10-25T00:30', 210])
  })

  test('looks at today every five minutes, or as often as it says, unless what was missed is left out', () => {
    const now = new Date('2026-03-01T12:00:00Z')
    expect(nextCheck({ daily: '03:00' }, now)).toEqual(new Date('2026-03-01T12:05:00Z'))
    expect(nextCheck({ daily: '03:00', check: '30s' }, now)).toEqual(new Date('2026-03-01T12:00:30Z'))
    expect(nextCheck({ daily: '03:00', catchUp: 'skip' }, now)).toBeUndefined()
    expect(nextCheck({ cron: '0 3 * * *' }, now)).toBeUndefined()
  })
})

test('a chain has no time of its own', () => {
  expect(nextTurn({ after: 'orders' }, new Date(0))).toBeUndefined()
})

test('a day is that of the zone', () => {
  const late = new Date('2026-03-01T22:30:00Z')
  expect([dayIn('UTC', late), dayIn('Europe/Moscow', late)]).toEqual(['2026-03-01', '2026-03-02'])
})

test('a turn taken more than a minute late is left out by those who want it so', () => {
  const turn = new Date('2026-03-01T12:00:00Z')
  const late = (seconds: number) => new Date(turn.getTime() + seconds * 1000)
  expect(isLeftOut({ every: '1h', catchUp: 'skip' }, turn, late(60))).toBe(false)
  expect(isLeftOut({ every: '1h', catchUp: 'skip' }, turn, late(61))).toBe(true)
  expect(isLeftOut({ every: '1h' }, turn, late(3_000))).toBe(false)
})

describe('what cannot be used', () => {
  test.each<[Schedule, RegExp]>([
    [{ every: '5 minutes' as '5m' }, /"5 minutes" is not a duration/],
    [{ every: '0s' }, /shorter than a second/],
    [{ cron: '0 3 * *' }, /"0 3 \* \*" has not the five fields/],
    [{ cron: '0 0 3 * * *' }, /has not the five fields/],
    [{ cron: '@daily' }, /has not the five fields/],
    [{ cron: '61 3 * * *' }, /"61 3 \* \* \*" is no cron: Invalid value for minute: 61/],
    [{ cron: '*/0 3 * * *' }, /is no cron/],
    [{ cron: '30-10 3 * * *' }, /is no cron/],
    [{ cron: '0-99/5 3 * * *' }, /is no cron/],
    [{ cron: 'every day at three o' }, /is no cron/],
    [{ cron: '0 0 30 2 *' }, /names a day that never comes/],
    [{ cron: '0 3 * * *', zone: 'Europe/Mosow' }, /there is no time zone "Europe\/Mosow"/],
    [{ daily: '3:00' }, /"3:00" is no time of day; write one as 03:00/],
    [{ daily: '24:00' }, /is no time of day/],
    [{ daily: '03:00', zone: 'MSK+3' }, /there is no time zone "MSK\+3"/],
    [{ daily: '03:00', check: 'often' as '5m' }, /"often" is not a duration/],
    [{ daily: '03:00', after: 'orders' } as Schedule, /one of every, cron, daily and after/],
    [{} as Schedule, /one of every, cron, daily and after/],
  ])('%j is refused', (schedule, problem) => {
    expect(problemOf(schedule)).toMatch(problem)
  })

  test.each<Schedule>([
    { every: '1m' },
    { cron: '*/5 8-18 * * MON-FRI', zone: 'Asia/Shanghai' },
    { cron: '0 0 29 2 *' },
    { daily: '23:59', zone: 'America/St_Johns', check: '1m' },
    { after: 'orders' },
  ])('%j is not', schedule => {
    expect(problemOf(schedule)).toBeUndefined()
  })
})
