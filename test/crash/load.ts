import pg from 'pg'
import { expect, onTestFinished } from 'vitest'
import type { Connection } from '../../src/db/store.ts'
import { asStored, candleColumns } from '../setup/exchange.ts'
import { type Command, type Ended, type Env, jsonOf, run, start, until } from '../setup/sluice.ts'
import { startExchange } from './exchange.ts'

/** How large a load is: so many symbols, so many pages of each, so many candles a page; an answer takes `slow` ms. */
export type Size = { symbols: string[]; pages: number; batch: number; slow: number }

/** Where the commands store: their folder and database, and what tells them so. */
export type Where = { folder: string; connection: Connection; env: Env }

/** Where a part stands: the next question (epoch ms; infinite when nothing is left to ask), and its rows. */
export type Stand = { symbol: string; next: number; rows: number }

const minute = 60_000
const since = Date.parse('2025-03-10T00:00:00Z')

/**
 * One load of candles that can be begun again and again. The exchange is a process of its own; the database is looked at
 * through one connection, which nobody else uses.
 */
export async function setupLoad(size: Size, { folder, connection, env: more }: Where) {
  const exchange = await startExchange(size.symbols, new Date(since), size.slow)
  const watch = await connect(connection)
  const query = async <R extends object>(text: string, values: unknown[] = []) =>
    (await watch.query(text, values)).rows as R[]
  const living = await sessionsOf(query)
  const [candles, to] = [size.pages * size.batch - 1, since + (size.pages * size.batch - 1) * minute]
  const range = ['--from', new Date(since).toISOString(), '--to', new Date(to).toISOString()]
  const batch = { SYMBOLS: size.symbols.join(','), BATCH_SIZE: String(size.batch) }
  const env: Env = { ...more, ...batch, BINANCE_BASE_URL: exchange.url, LOG_LEVEL: 'debug' }

  const stands = async (): Promise<Stand[]> => {
    const rows = await query<Stand>(standText, [size.symbols, since])
    return rows.map(stand => (stand.rows === candles ? { ...stand, next: Number.POSITIVE_INFINITY } : stand))
  }
  const sluice = (...args: string[]): Promise<Ended> => run(args, { folder, env })

  /** The table holds the truth row for row, coverage proves it, every page was counted once. */
  const prove = async (): Promise<void> => {
    for (const symbol of size.symbols) {
      const text = `select ${candleColumns} from binance.candles where symbol = $1 order by candles.timestamp`
      const truth = await exchange.truth(symbol, since, to)
      expect(truth).toHaveLength(candles)
      expect(await query(text, [symbol])).toEqual(asStored(truth))
    }
    const [all, pages] = [candles * size.symbols.length, size.pages * size.symbols.length]
    expect(await query(counterText)).toEqual([{ pages, records: all, inserted: all, changed: 0, quarantined: 0 }])
    const verified = await sluice('verify', '--json')
    expect(verified.code, verified.out).toBe(0)
    const proofs = jsonOf<{ rows: number; counted: number }[]>(verified)
    expect(proofs.map(proof => [proof.rows, proof.counted])).toEqual(size.symbols.map(() => [candles, candles]))
  }

  return {
    ...exchange,
    query,
    stands,
    prove,
    begin: (): Command => start(['sync', 'binance.candles', ...range, '--json'], { folder, env }),
    /** Resolves when the database has let go of every process that was killed. */
    buried: () => until('the sessions of the dead have ended', async () => (await sessionsOf(query)) <= living),
  }
}

export type Load = Awaited<ReturnType<typeof setupLoad>>

type Query = <R extends object>(text: string, values?: unknown[]) => Promise<R[]>

const standText = `
  select symbol, coalesce((c.cursor ->> 'startTime')::float8, $2::float8) as next,
    (select count(*)::int from binance.candles k where k.symbol = s.symbol) as rows
  from unnest($1::text[]) as s(symbol) left join sluice.checkpoints c on c.part ->> 'symbol' = s.symbol`

const counterText = `
  select sum(pages)::int as pages, sum(records)::int as records, sum(inserted)::int as inserted,
    sum(changed)::int as changed, sum(quarantined)::int as quarantined from sluice.runs`

async function connect(connection: Connection): Promise<pg.Client> {
  const client = new pg.Client({ ...connection, application_name: 'watch' })
  client.on('error', () => undefined)
  await client.connect()
  onTestFinished(() => client.end())
  return client
}

/** How many sessions of Sluice the database has. A statement of the dead that still works is one, too. */
async function sessionsOf(query: Query): Promise<number> {
  const [row] = await query<{ n: number }>(`
    select count(*)::int as n from pg_stat_activity
    where datname = current_database() and application_name like 'sluice%'`)
  return row!.n
}
