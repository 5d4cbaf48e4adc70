import { randomBytes } from 'node:crypto'
import { afterAll, inject, onTestFinished } from 'vitest'
import { setClock, storeClock } from '../../src/db/clock.ts'
import { createScratch, dropScratch } from '../../src/db/scratch.ts'
import { type Connection, openStore, type Store } from '../../src/db/store.ts'
import { withStore } from './server.ts'

/** A database of the test's own. It is dropped when the test, or its file, has ended. */
export type Database = {
  store: Store
  connection: Connection
  clock: ReturnType<typeof storeClock>
  /** Stops the clock of everybody on this database at a moment. */
  at(moment: string | Date): Promise<void>
  /** Another pool on the same database, as another process has it. */
  another(max?: number): Store
}

type Kind = { empty?: boolean }

/** A database for the running test alone: a copy of the migrated template, or an empty one. */
export async function setupDatabase(kind: Kind = {}): Promise<Database> {
  const { database, drop } = await make(kind)
  onTestFinished(drop)
  return database
}

/** A database for all tests of a file; called at its top. */
export async function setupFileDatabase(kind: Kind = {}): Promise<Database> {
  const { database, drop } = await make(kind)
  afterAll(drop)
  return database
}

async function make({ empty = false }: Kind): Promise<{ database: Database; drop(): Promise<void> }> {
  const [server, prefix] = [inject('server'), inject('prefix')]
  const name = `${prefix}_${randomBytes(5).toString('hex')}`
  const template = empty ? 'template0' : `${prefix}_template`
  await withStore(server, root => createScratch(root, name, template))
  const connection = { ...server, database: name }
  const stores: Store[] = []
  const another = (max = 10) => {
    const store = openStore(connection, { max })
    stores.push(store)
    return store
  }
  const store = another()
  const drop = async () => {
    await Promise.all(stores.map(each => each.close()))
    await withStore(server, root => dropScratch(root, name))
  }
  const at = (moment: string | Date) => setClock(store, new Date(moment))
  return { database: { store, connection, clock: storeClock(store), at, another }, drop }
}
