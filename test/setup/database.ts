import { randomBytes } from 'node:crypto'
import { inject, onTestFinished } from 'vitest'
import { setClock, storeClock } from '../../src/db/clock.ts'
import { type Connection, openStore, type Store } from '../../src/db/store.ts'
import { withStore } from './server.ts'

/** A database of the running test's own. It is dropped when the test ends. */
export type Database = {
  store: Store
  connection: Connection
  clock: ReturnType<typeof storeClock>
  /** Stops the clock of everybody on this database at a moment. */
  at(moment: string | Date): Promise<void>
  /** Another pool on the same database, as another process has it. */
  another(max?: number): Store
}

/** A copy of the migrated template, or an empty database. */
export async function setupDatabase({ empty = false } = {}): Promise<Database> {
  const [server, prefix] = [inject('server'), inject('prefix')]
  const database = `${prefix}_${randomBytes(5).toString('hex')}`
  await withStore(server, root =>
    root.query(`create database ${database} template ${empty ? 'template0' : `${prefix}_template`}`),
  )
  const connection = { ...server, database }
  const stores: Store[] = []
  const another = (max = 10) => {
    const store = openStore(connection, { max })
    stores.push(store)
    return store
  }
  const store = another()
  onTestFinished(async () => {
    await Promise.all(stores.map(each => each.close()))
    await withStore(server, root => root.query(`drop database ${database} with (force)`))
  })
  return { store, connection, clock: storeClock(store), at: moment => setClock(store, new Date(moment)), another }
}
