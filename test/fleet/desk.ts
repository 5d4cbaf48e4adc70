import { expect, onTestFinished } from 'vitest'
import { type App, load, openApp, startEngine } from '../../src/app/app.ts'
import type { Run } from '../../src/core/run.ts'
import { migrate } from '../../src/db/migrations.ts'
import { readRuns } from '../../src/db/runs.ts'
import type { Connection, Store } from '../../src/db/store.ts'
import { plan } from '../../src/engine/plan.ts'
import { verify } from '../../src/engine/verify.ts'
import { type List, rowsOf, type World } from '../../src/sim/acme/world.ts'
import { urlOf } from '../setup/sluice.ts'
import { connector, every, since, sourcesOf, type Wishes } from './connector.ts'

/** One change of a run: who held it then, and how many of its account were held. */
export type Change = { at: Date; run: string; account: string; state: string; worker: string | null; held: number }

/** What a test does from its own process: it plans everything at once, looks on, and proves the outcome. */
export type Desk = {
  app: App
  store: Store
  /** Plans everything there is of every stream of every account, or of one stream; the ids of the runs. */
  plan(stream?: string): Promise<string[]>
  runs(ids: readonly string[]): Promise<Run[]>
  history(): Promise<Change[]>
  /** Every table holds the vendor's truth, row for row, and coverage proves it. */
  prove(): Promise<void>
}

/** A desk on a migrated database; what is `rows` long in the world is collected whole. */
export async function setupDesk(connection: Connection, url: string, wishes: Wishes, world: World): Promise<Desk> {
  const env = { DATABASE_URL: urlOf(connection) }
  const opened = await openApp(await load({ folder: import.meta.dirname, env }), () => undefined, 'never')
  onTestFinished(opened.close)
  const { store } = opened
  await migrate(store, [{ name: connector.name, folder: connector.migrations }])
  const app: App = { ...opened, sources: sourcesOf(url, wishes) }
  const range = { from: new Date(since), to: new Date(since + world.rows * every) }

  const planAll = async (stream?: string) => {
    const { engine, stop } = await startEngine(app, () => undefined, [])
    const ids: string[] = []
    for (const source of app.sources.filter(each => !stream || each.stream.name === stream)) {
      const parts = source.stream.parts(source.options)
      ids.push(...(await plan(engine, { source, parts, cause: 'schedule', ...range })).runs)
    }
    await stop()
    return ids
  }

  const prove = async () => {
    for (const source of app.sources) {
      for (const part of source.stream.parts(source.options)) {
        const list = { account: source.account, method: source.stream.name, part: part.shop } as List
        expect(await stored(store, list)).toEqual(truth(world, list))
        const proof = await verify({ store, clock: app.clock }, source, part)
        expect(proof).toMatchObject({ rows: world.rows, counted: world.rows, wrong: [], open: [], quarantined: 0 })
      }
    }
  }
  return {
    ...{ app, store, prove, plan: planAll },
    runs: ids => readRuns(store, ids),
    history: () =>
      store.query<Change>('select at, run::text, account, state, worker, held from acme.history order by id'),
  }
}

function stored(store: Store, { method, part }: List) {
  const text = `select shop, at::text, id, amount::text, state from acme.${method} where shop = $1 order by ${method}.at`
  return store.query<Record<string, string>>(text, [part])
}

/** The vendor's records as the table holds them: amounts with four digits. */
function truth(world: World, list: List): Record<string, string>[] {
  return rowsOf(world, list, 0, world.rows).map(({ id, at, amount, state }) => {
    const [whole, digits = ''] = amount.split('.')
    return { shop: list.part, at: String(at), id, amount: `${whole}.${digits.padEnd(4, '0')}`, state }
  })
}
