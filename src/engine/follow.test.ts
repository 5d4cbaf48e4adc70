import { expect, test } from 'vitest'
import { setupDatabase } from '../../test/setup/database.ts'
import { StoreAway } from '../core/failure.ts'
import type { Engine } from './engine.ts'
import { follow } from './follow.ts'

test('who plans more while runs are followed, and finds the database away, is told again when it is back', async () => {
  const { store } = await setupDatabase()
  const engine = { store, stopping: new AbortController().signal } as Engine
  let looks = 0
  const runs = await follow(engine, [], async () => {
    looks++
    if (looks === 1) throw new StoreAway('store-away', 'the database is away')
  })
  expect(runs).toEqual([])
  expect(looks).toBe(2)
})
