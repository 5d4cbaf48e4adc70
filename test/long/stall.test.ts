import { expect, it } from 'vitest'
import { setupLoad } from '../crash/load.ts'
import { setupDatabase } from '../setup/database.ts'
import { setupFolder, until, urlOf } from '../setup/sluice.ts'

it('a process that stalls in the middle of a commit hinders another, but never makes it wrong', async () => {
  const [folder, { connection }] = [await setupFolder(), await setupDatabase()]
  const env = { DATABASE_URL: urlOf(connection) }
  const load = await setupLoad({ symbols: ['BTCUSDT'], pages: 12, batch: 20, slow: 5 }, { folder, connection, env })
  const stalled = load.begin()
  await until('pages are committed', async () => (await load.stands())[0]!.rows >= 40)
  await load.query('begin')
  await load.query('lock table sluice.coverage in share mode')
  await until('a commit waits for the ledger', async () => {
    return (
      (await load.query(`select from pg_locks where not granted and relation = 'sluice.coverage'::regclass`)).length > 0
    )
  })
  stalled.signal('SIGSTOP')
  await load.query('rollback')

  await load.begin().ended
  stalled.signal('SIGCONT')
  await stalled.ended
  const last = await load.begin().ended
  expect(last.code, last.err).toBe(0)
  await load.prove()
})
