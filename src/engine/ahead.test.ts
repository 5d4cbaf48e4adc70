import { setImmediate as breathe } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { ahead } from './ahead.ts'

async function* counted(most: number, log: string[]): AsyncGenerator<number> {
  for (let number = 1; number <= most; number++) {
    log.push(`made ${number}`)
    yield number
  }
}

test('the next one is made while the one before is dealt with', async () => {
  const log: string[] = []
  for await (const number of ahead(counted(3, log))) {
    await breathe()
    log.push(`used ${number}`)
  }
  expect(log).toEqual(['made 1', 'made 2', 'used 1', 'made 3', 'used 2', 'used 3'])
})

test('what goes wrong is told when its turn comes, and to nobody who has gone', async () => {
  async function* failing() {
    yield 1
    throw new Error('no more')
  }
  const seen: number[] = []
  const all = async () => {
    for await (const number of ahead(failing())) seen.push(number)
  }
  await expect(all()).rejects.toThrow('no more')
  expect(seen).toEqual([1])
  for await (const _ of ahead(failing())) break
  await breathe()
})
