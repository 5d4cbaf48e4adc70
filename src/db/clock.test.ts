import { expect, test } from 'vitest'
import { setupFileDatabase } from '../../test/setup/database.ts'
import { setClock, storeClock } from './clock.ts'

const { store, clock, at, another } = await setupFileDatabase()
const noon = new Date('2026-03-01T12:00:00Z')
const later = new Date('2026-03-01T18:00:00Z')

test('everybody on the database has the time a test sets', async () => {
  await at(noon)
  expect([await clock.now(), await storeClock(another(1)).now()]).toEqual([noon, noon])
})

test('without one it is the database’s own', async () => {
  await setClock(store, null)
  const [before, now, after] = [Date.now(), (await clock.now()).getTime(), Date.now()]
  expect(now).toBeGreaterThan(before - 5_000)
  expect(now).toBeLessThan(after + 5_000)
})

test('a timer ends when that time has come, and not before', async () => {
  await at(noon)
  let ended = false
  const timer = clock.until(later).then(() => {
    ended = true
  })
  await at(new Date(later.getTime() - 1))
  await clock.until(new Date(later.getTime() - 1))
  expect(ended).toBe(false)
  await at(later)
  await timer
})

test('a time that has passed is not waited for', async () => {
  await at(noon)
  await clock.until(noon)
})

test('a timer ends with the reason of its signal', async () => {
  await at(noon)
  const stopper = new AbortController()
  const timer = clock.until(later, stopper.signal)
  stopper.abort(new Error('enough'))
  await expect(timer).rejects.toThrow('enough')
  await expect(clock.until(later, stopper.signal)).rejects.toThrow('enough')
})
