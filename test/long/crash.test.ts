import { expect, it } from 'vitest'
import { afterCommit, atRandom, beforeCommit, die, live, type Moment } from '../crash/death.ts'
import { setupLoad } from '../crash/load.ts'
import { setupDatabase } from '../setup/database.ts'
import { setupFolder, urlOf } from '../setup/sluice.ts'

const symbols = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT']
const seed = Number(process.env.SLUICE_TEST_SEED ?? Date.now() % 1_000_000)

it(`300 slow pages come through forty deaths (SLUICE_TEST_SEED=${seed})`, async () => {
  const [folder, { connection }] = [await setupFolder(), await setupDatabase()]
  const env = { DATABASE_URL: urlOf(connection) }
  const load = await setupLoad({ symbols, pages: 100, batch: 20, slow: 40 }, { folder, connection, env })
  const chance = mulberry(seed)
  let deaths = 0
  while (deaths < 40 && !(await die(load, momentOf(deaths, chance)))) deaths++
  expect(deaths).toBeGreaterThan(20)
  await live(load)
  await load.prove()
})

/** Every second life is long enough for every part to commit something: three barren ones would end a run. */
function momentOf(death: number, chance: () => number): Moment {
  const few = 1 + Math.floor(chance() * 12)
  if (death % 2 === 1) return afterCommit(9 + few)
  return chance() < 0.5 ? beforeCommit(few) : atRandom(few)
}

/** A small generator of numbers from 0 to 1, the same for the same seed. */
function mulberry(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
