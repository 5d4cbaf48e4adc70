import { onTestFinished } from 'vitest'
import { connectors } from '../../src/connectors/index.ts'
import type { Source } from '../../src/core/source.ts'
import { isDerived, type PullStream } from '../../src/core/stream.ts'
import { describeOrigin, unflagAll } from '../../src/db/origins.ts'
import { plan } from '../../src/engine/plan.ts'
import { setupDatabase } from '../setup/database.ts'
import { finishRuns, startEngine } from '../setup/engine.ts'

/** Settings of normalizers: `{ 'wildberries.remains_inventory': { feeds_inventory: true } }`. */
type Wishes = Readonly<Record<string, Record<string, unknown>>>

/** Raw tables to be filled by SQL, and all normalizers of all connectors, for one account. */
export async function setup(wishes: Wishes = {}) {
  const database = await setupDatabase()
  const { store } = database
  let now = 0
  const at = async (moment: string | number) => {
    now = +new Date(moment)
    await database.at(new Date(now))
  }
  await at('2026-08-20T12:00:00Z')
  const sources = sourcesOf(wishes)
  const running = await startEngine(database, { sources })
  onTestFinished(() => running.stop())

  /** Makes rows of everything that nobody has dealt with; how each run ended, those that had nothing to do left out. */
  const normalize = async () => {
    const ended: Record<string, Record<string, unknown>> = {}
    for (const source of running.engine.sources) {
      const { runs } = await plan(running.engine, { source, parts: [{}], cause: 'sync' })
      const [run] = await finishRuns({ store, at, now: () => now, calls: () => 0 }, runs)
      if (run!.records > 0) ended[`${source.connector.name}.${source.stream.name}`] = run!
    }
    return ended
  }
  /** Makes rows of everything once more, by other settings. */
  const again = async (others: Wishes) => {
    running.engine.sources = sourcesOf(others)
    for (const { stream, account } of sources) {
      if (isDerived(stream)) await unflagAll(store, await describeOrigin(store, stream.from), account)
    }
    return normalize()
  }
  /** The shared table, each row as a line: what it is about, and what is known of it. */
  const stock = async (table = 'inventory_data') => {
    const rows = await store.query<Record<string, string>>(
      `select concat_ws(' ', source, product_id, sku, stock_type, warehouse_key) as about, concat_ws('/', coalesce(current_stock::text, '?'),
         coalesce(reserved_stock::text, '?'), coalesce(available_stock::text, '?')) as pieces,
         concat_ws('/', coalesce(in_way_to_client::text, '?'), coalesce(in_way_from_client::text, '?')) as way, snapshot_date::text as day
       from inventory.${table} order by 1, day`,
    )
    return rows.map(({ about, pieces, way, day }) => `${about}: ${pieces}, ${way} on ${day}`)
  }
  return { ...database, at, normalize, again, stock }
}

function sourcesOf(wishes: Wishes): Source[] {
  const whose = { account: 'shop', credentials: {}, baseUrl: '', settings: {} }
  return connectors.flatMap(connector =>
    connector.streams.filter(isDerived).map((stream): Source => {
      const options = stream.options.parse(wishes[`${connector.name}.${stream.name}`] ?? {})
      return { ...whose, connector, stream: stream as PullStream, options }
    }),
  )
}
