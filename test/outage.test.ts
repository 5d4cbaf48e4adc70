import { expect, it } from 'vitest'
import { componentsOf } from '../src/app/database.ts'
import { connectors } from '../src/connectors/index.ts'
import { startPostgres } from './outage/postgres.ts'
import { databaseKilled } from './outage/walks.ts'
import { setupFolder, start, until, urlOf } from './setup/sluice.ts'

/** How long something is broken here (ms); test/long breaks more, and for longer. */
const length = 6_000

it(
  'nothing is lost or doubled, no limit is broken, and work goes on by itself after the database was killed',
  {
    timeout: 180_000,
  },
  () => databaseKilled(length),
)

it('a process that is told to stop ends, although its database stands still', async () => {
  const postgres = await startPostgres(componentsOf(connectors).slice(1))
  const env = { DATABASE_URL: urlOf(postgres.connection), BINANCE_BASE_URL: 'http://127.0.0.1:9', SLUICE_GRACE: '1' }
  const command = start(['up'], { folder: await setupFolder(), env })
  await until('it has begun to work', () => /USDT/.test(command.out()))
  await postgres.freeze()
  command.signal('SIGTERM')
  const { code, err } = await command.ended
  postgres.thaw()
  expect(code).toBe(1)
  expect(err).toMatch(/Stopping took longer than 11 s .* what was committed is kept\.\n$/)
})
