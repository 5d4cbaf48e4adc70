import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { componentsOf, type Database, openDatabase } from '../app/database.ts'
import { settingsSchema } from '../app/schema.ts'
import type { Connector } from '../core/connector.ts'
import { migrate } from '../db/migrations.ts'
import { createScratch, dropScratch } from '../db/scratch.ts'
import { openStore, type Store } from '../db/store.ts'

/** A database of a check's own; `drop` ends it. */
type Scratch = { store: Store; drop(): Promise<void> }

/** Where checks get databases: a migrated one, or an empty one. */
export type Cellar = { migrated(): Promise<Scratch>; empty(): Promise<Scratch> }

/** How long (ms) the server stays open after the last check that used it: the next one mostly begins at once. */
const patience = 500

/** What is open while any check needs it: the server, and a migrated database that others are copies of. */
type Opened = { database: Database; template: string }

/** The databases of one suite, on the server that is named, that of DATABASE_URL, or the embedded one of this folder. */
export function cellarOf(connector: Connector, url = process.env.DATABASE_URL): Cellar {
  let opened: Promise<Opened> | undefined
  let [users, timer]: [number, NodeJS.Timeout | undefined] = [0, undefined]
  const shut = async () => {
    const ending = opened
    opened = undefined
    if (ending) await close(await ending)
  }
  const leave = () => {
    users--
    if (users === 0) timer = setTimeout(() => void shut(), patience)
  }
  const scratch = async (templateOf: (opened: Opened) => string | undefined): Promise<Scratch> => {
    clearTimeout(timer)
    users++
    try {
      opened ??= open(connector, url)
      const { database, template } = await opened
      return await make(database.store, templateOf({ database, template }), leave)
    } catch (error) {
      opened = undefined
      leave()
      throw error
    }
  }
  return { migrated: () => scratch(({ template }) => template), empty: () => scratch(() => undefined) }
}

async function open(connector: Connector, url: string | undefined): Promise<Opened> {
  const settings = settingsSchema([]).parse({ database: url ? { url } : {} })
  const home = resolve(process.env.SLUICE_HOME || '.sluice')
  const database = await openDatabase({ settings, home }, () => undefined)
  const template = nameOf()
  await createScratch(database.store, template)
  const store = openStore({ ...database.store.connection, database: template }, { max: 2 })
  try {
    await migrate(store, componentsOf([connector]))
    return { database, template }
  } catch (error) {
    await store.close()
    await close({ database, template })
    throw error
  } finally {
    await store.close().catch(() => undefined)
  }
}

async function close({ database, template }: Opened): Promise<void> {
  await dropScratch(database.store, template)
  await database.store.close()
  await database.release()
}

async function make(server: Store, template: string | undefined, leave: () => void): Promise<Scratch> {
  const name = nameOf()
  await createScratch(server, name, template)
  const store = openStore({ ...server.connection, database: name }, { max: 8 })
  const drop = async () => {
    await store.close()
    await dropScratch(server, name).finally(leave)
  }
  return { store, drop }
}

function nameOf(): string {
  return `sluice_kit_${randomBytes(5).toString('hex')}`
}
