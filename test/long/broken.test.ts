import { it } from 'vitest'
import { walkBroken } from '../wildberries/broken.ts'

it('an answer of 80,000 orders with one in a hundred broken is stored but for those, which are rows once they can be read', async () => {
  await walkBroken(80_000)
})
