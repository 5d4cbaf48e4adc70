import { beforeEach, describe, expect, test } from 'vitest'
import { setupFileDatabase } from '../../test/setup/database.ts'
import { openAlerts, raise, resolve } from './alerts.ts'
import { lift, pause, readPauses } from './pauses.ts'
import { nextDue, setSchedules, takeDue } from './schedules.ts'

const { store, at, another } = await setupFileDatabase()
const schedule = { connector: 'acme', account: 'main', stream: 'orders', every: 60_000 }
const slice = { connector: 'acme', account: 'main', stream: 'orders', part: { symbol: 'A' } }

beforeEach(async () => {
  await store.query('truncate sluice.schedules, sluice.pauses, sluice.alerts')
  await at('2026-03-01T12:00:10Z')
})

describe('a schedule', () => {
  test('is due at once when it is new, and then on the beat of its interval', async () => {
    await setSchedules(store, [schedule])
    expect(await takeDue(store)).toEqual([schedule])
    expect([await takeDue(store), await nextDue(store)]).toEqual([[], new Date('2026-03-01T12:01:00Z')])
    await at('2026-03-01T12:00:59.999Z')
    expect(await takeDue(store)).toEqual([])
    await at('2026-03-01T12:01:00Z')
    expect(await takeDue(store)).toEqual([schedule])
  })

  test('fires once for many processes', async () => {
    await setSchedules(store, [schedule])
    const taken = await Promise.all(Array.from({ length: 8 }, () => takeDue(another(1))))
    expect(taken.flat()).toEqual([schedule])
  })

  test('that was missed for an hour fires once', async () => {
    await setSchedules(store, [schedule])
    await takeDue(store)
    await at('2026-03-01T13:00:10Z')
    expect([await takeDue(store), await takeDue(store)]).toEqual([[schedule], []])
  })

  test('that is written down again does not fire again', async () => {
    await setSchedules(store, [schedule])
    await takeDue(store)
    await setSchedules(store, [schedule])
    expect(await takeDue(store)).toEqual([])
  })

  test('with a shorter interval does not wait for the end of the longer one', async () => {
    await setSchedules(store, [{ ...schedule, every: 86_400_000 }])
    await takeDue(store)
    await setSchedules(store, [schedule])
    expect(await nextDue(store)).toEqual(new Date('2026-03-01T12:01:10Z'))
  })

  test('of nothing is never due', async () => {
    expect([await takeDue(store), await nextDue(store)]).toEqual([[], undefined])
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
    await lift(store, slice)
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
