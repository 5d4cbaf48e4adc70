import { expect, it } from 'vitest'
import { openEmbedded } from '../src/db/embedded/open.ts'
import { embeddedStatus } from '../src/db/embedded/status.ts'
import { afterCommit, atRandom, beforeCommit, die, live } from './crash/death.ts'
import { setupLoad } from './crash/load.ts'
import { setupDatabase } from './setup/database.ts'
import { type Env, run, setupFolder, until, urlOf } from './setup/sluice.ts'

const symbols = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT']

it('a sync that is killed before a commit, after one and anywhere resumes without repeating a committed page', async () => {
  const [folder, { connection }] = [await setupFolder(), await setupDatabase()]
  const env = { DATABASE_URL: urlOf(connection) }
  const load = await setupLoad({ symbols, pages: 25, batch: 20, slow: 20 }, { folder, connection, env })
  for (const moment of [beforeCommit(6), afterCommit(10), beforeCommit(1), atRandom(12), afterCommit(9), atRandom(1)]) {
    expect(await die(load, moment)).toBe(false)
  }
  await live(load)
  await load.prove()
})

it('on the embedded store, too: its server outlives the process group of the command', async () => {
  const folder = await setupFolder()
  const home = `${folder}/.sluice`
  expect((await run(['migrate'], { folder })).code).toBe(0)
  const { connection, release } = await openEmbedded({ home })
  try {
    const { pid } = await embeddedStatus(home)
    const load = await setupLoad({ symbols, pages: 15, batch: 20, slow: 20 }, { folder, connection, env: {} })
    for (const moment of [atRandom(9), beforeCommit(6), afterCommit(9)]) expect(await die(load, moment)).toBe(false)
    expect((await embeddedStatus(home)).pid).toBe(pid)
    await live(load)
    await load.prove()
  } finally {
    await release()
  }
})

it('a stalled process that wakes after another took over commits nothing', async () => {
  const [folder, { connection }] = [await setupFolder(), await setupDatabase()]
  const env: Env = { DATABASE_URL: urlOf(connection) }
  const load = await setupLoad({ symbols: ['BTCUSDT'], pages: 12, batch: 20, slow: 5 }, { folder, connection, env })
  const everything = async () => [
    await load.query('select xmin, c.* from binance.candles c order by c.timestamp'),
    await load.query('select xmin, c.* from sluice.coverage c order by c.from_at'),
    await load.query('select xmin, c.* from sluice.checkpoints c'),
    await load.query('select xmin, r.* from sluice.runs r order by id'),
  ]
  const hold = await load.plant({ kind: 'hold', match: { path: '/api/v3/klines', nth: 5 } })
  const stalled = load.begin()
  await until('four pages are committed', async () => (await load.stands())[0]?.rows === 80)
  stalled.signal('SIGSTOP')
  await load.remove(hold)

  const other = await load.begin().ended
  expect(other.code, other.err).toBe(0)
  const before = await everything()
  stalled.signal('SIGCONT')
  const woken = await stalled.ended
  // Whichever it learns first: that its answer may not be committed, or that the run has ended, which aborts the question.
  expect(woken.err).toMatch(/another worker took this run over; nothing of this page was written|aborted in \d+ ms/)
  expect(await everything()).toEqual(before)
  await load.prove()
})
