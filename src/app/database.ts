import { parse } from 'pg-connection-string'
import type { Connector } from '../core/connector.ts'
import { Misuse } from '../core/failure.ts'
import { keepSecret } from '../core/secret.ts'
import { openEmbedded } from '../db/embedded/open.ts'
import { type Component, engineComponent, migrate, pending } from '../db/migrations.ts'
import { installQueue, queueIsInstalled } from '../db/queue.ts'
import { type Connection, openStore, type Store } from '../db/store.ts'
import { inventoryComponent } from '../models/inventory/component.ts'
import type { Loaded } from './settings.ts'

/** An open database and whether it is our own. `release` ends our use of an embedded one, after the store is closed. */
export type Database = { store: Store; embedded: boolean; release(): Promise<void> }

/** Opens the database of the settings, or the embedded one when they name none. Nothing in it is changed. */
export async function openDatabase(
  { settings, home }: Pick<Loaded, 'settings' | 'home'>,
  note: (line: string) => void,
): Promise<Database> {
  const { url, host, pool } = settings.database
  if (url || host) {
    return {
      store: openStore(url ? fromUrl(url) : fromFields(settings.database), { max: pool }),
      embedded: false,
      release: async () => undefined,
    }
  }
  const { connection, release } = await openEmbedded({ home, note })
  keepSecret(connection.password)
  return { store: openStore({ ...connection, ssl: false }, { max: pool }), embedded: true, release }
}

/** All components with tables, in the order in which they need each other. */
export function componentsOf(connectors: readonly Connector[]): Component[] {
  const own = connectors.map(({ name, migrations }) => ({ name, folder: migrations }))
  return [engineComponent, inventoryComponent, ...own]
}

/**
 * Makes sure the tables are there and current. The embedded store is ours and is migrated at once; another one is
 * migrated when its owner says so.
 * @throws Misuse when `sluice migrate` has to be run first.
 */
export async function prepare({ store, embedded }: Database, components: readonly Component[]): Promise<void> {
  const todo = await pending(store, components)
  if (todo.length === 0 && (await queueIsInstalled(store))) return
  if (!embedded)
    throw new Misuse(
      'schema-older',
      `The database at ${store.where} lacks tables this version needs; run: sluice migrate`,
    )
  await install(store, components)
}

/** Applies all migrations, ours and the queue's. Returns the names of ours. */
export async function install(store: Store, components: readonly Component[]): Promise<string[]> {
  const applied = await migrate(store, components)
  await installQueue(store)
  return applied.map(({ component, name }) => `${component}/${name}`)
}

function fromUrl(url: string): Connection {
  const { host, port, user, password, database, ssl } = parsed(url)
  if (!host || !database) {
    throw new Misuse(
      'bad-setting',
      'DATABASE_URL must read postgres://user:password@host:5432/name; its host or name is missing',
    )
  }
  const secured = ssl === undefined ? {} : { ssl: ssl as NonNullable<Connection['ssl']> }
  return { host, port: Number(port || 5432), user: user ?? '', password: String(password ?? ''), database, ...secured }
}

/** The parser's own message may quote the address, and with it the password. */
function parsed(url: string): ReturnType<typeof parse> {
  try {
    return parse(url)
  } catch {
    const advice = 'a password with signs such as # / @ : must be percent-encoded (%23 %2F %40 %3A)'
    throw new Misuse(
      'bad-setting',
      `DATABASE_URL is no address of the form postgres://user:password@host:5432/name; ${advice}`,
    )
  }
}

function fromFields(fields: Loaded['settings']['database']): Connection {
  const { host = '', port, user, password, name } = fields
  return { host, port, user, password, database: name }
}
