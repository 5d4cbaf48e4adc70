import { expect, it } from 'vitest'
import { told, walk } from '../fleet/walk.ts'

it('a minute of deaths: three workers, one of them killed every few seconds', async () => {
  const outcome = await walk(24, 60)
  process.stdout.write(`fleet: ${told(outcome)}`)
  expect(outcome.deaths).toBeGreaterThan(10)
  expect(Math.max(...outcome.adoptions.map(({ after }) => after))).toBeLessThan(30_000)
})
