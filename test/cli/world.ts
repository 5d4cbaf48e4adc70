import type { Options } from '../../src/sim/binance/exchange.ts'
import { type Database, setupDatabase } from '../setup/database.ts'
import { setupExchange } from '../setup/exchange.ts'
import { type Env, run, setupFolder, start, urlOf } from '../setup/sluice.ts'

/** The morning that most tests are about. */
export const midnight = '2025-03-10T00:00:00Z'
export const noon = '2025-03-10T12:00:30Z'

/** How many candles of a minute there are between midnight and noon. */
export const minutes = 720

type Wishes = { symbols?: string[]; world?: Partial<Options>; env?: Env }

/**
 * A folder, a database and an exchange with one morning of minutes, the clocks standing still at noon; and `sluice`,
 * which is told of them by its environment.
 */
export async function setup({ symbols = ['BTCUSDT'], world, env: more }: Wishes = {}) {
  const [folder, database] = [await setupFolder(), await setupDatabase()]
  const exchange = await setupExchange({ symbols, listed: midnight, now: noon }, database, world)
  const env: Env = {
    DATABASE_URL: urlOf(database.connection),
    BINANCE_BASE_URL: exchange.url,
    START_DATE: '2025-03-10',
    SYMBOLS: symbols.join(','),
    BATCH_SIZE: '100',
    RETRY_DELAY: '0',
    ...more,
  }
  return {
    folder,
    database,
    exchange,
    env,
    /** Runs the command to its end. */
    sluice: (...args: string[]) => run(args, { folder, env }),
    /** Starts it. */
    begin: (...args: string[]) => start(args, { folder, env }),
  }
}

/** How many rows each of the tables holds that a sync writes to. */
export async function counted({ store }: Pick<Database, 'store'>): Promise<Record<string, number>> {
  const [row] = await store.query<Record<string, number>>(`
    select (select count(*)::int from binance.candles) as candles, (select count(*)::int from sluice.coverage) as coverage,
      (select count(*)::int from sluice.checkpoints) as checkpoints, (select count(*)::int from sluice.runs) as runs,
      (select count(*)::int from sluice.quarantine) as quarantine`)
  return row!
}

/** What `counted` says of a database that nothing has touched. */
export const untouched = { candles: 0, coverage: 0, checkpoints: 0, runs: 0, quarantine: 0 }
