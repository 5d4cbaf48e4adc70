import { expect, it } from 'vitest'
import { linesOf, run, setupFolder, start, until } from '../setup/sluice.ts'

type Status = { parts: { rows: number }[] }

it('a demo that is stopped while it loads ends cleanly, and the next one goes on', async () => {
  const folder = await setupFolder()
  const command = start(['demo', '--json'], { folder })
  await until('it loads', () => command.err().includes('[INFO] Progress: '))
  command.signal('SIGINT')
  const ended = await command.ended
  expect(ended.signal).toBe(null)
  expect([0, 3]).toContain(ended.code)
  const again = await run(['demo', '--once', '--json'], { folder })
  expect(again.code, again.err).toBe(0)
  const status = linesOf(again.out).find(line => 'parts' in line) as Status
  expect(status.parts.every(({ rows }) => rows > 30 * 1440 - 180)).toBe(true)
})
