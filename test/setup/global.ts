import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { componentsOf } from '../../src/app/database.ts'
import { connectors } from '../../src/connectors/index.ts'
import { migrate } from '../../src/db/migrations.ts'
import { installQueue } from '../../src/db/queue.ts'
import { createScratch } from '../../src/db/scratch.ts'
import { type Connection, openStore } from '../../src/db/store.ts'
import { haveRedis } from './programs.ts'
import { startServer, withStore } from './server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The server's own database, from which others are made. */
    server: Connection
    /** Names of this run's databases begin so; the template's ends in `_template`. */
    prefix: string
    /** Whether a Redis server can be started. */
    redis: boolean
    /** Where commands that tests start keep what they have compiled: each of them would take a third longer. */
    cache: string
  }
}

/** Starts one PostgreSQL for the whole run and makes the database that every test gets a copy of. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cache = mkdtempSync(join(tmpdir(), 'sluice-compiled-'))
  chmodSync(cache, 0o777)
  project.provide('cache', cache)
  project.provide('redis', haveRedis())
  const { connection, stop } = await startServer()
  const prefix = `sluice_test_${randomBytes(4).toString('hex')}`
  const end = async () => {
    await withStore(connection, store => dropAll(store, prefix))
    await stop()
    rmSync(cache, { recursive: true, force: true })
  }
  try {
    await makeTemplate(connection, `${prefix}_template`)
  } catch (error) {
    await end()
    throw error
  }
  project.provide('server', connection)
  project.provide('prefix', prefix)
  return end
}

/** With all components and the queue installed. */
async function makeTemplate(server: Connection, database: string): Promise<void> {
  await withStore(server, store => createScratch(store, database))
  const store = openStore({ ...server, database }, { max: 2 })
  try {
    await migrate(store, componentsOf(connectors))
    await installQueue(store)
  } finally {
    await store.close()
  }
}

async function dropAll(store: Parameters<Parameters<typeof withStore>[1]>[0], prefix: string): Promise<void> {
  const rows = await store.query<{ name: string }>(
    'select datname as name from pg_database where starts_with(datname, $1)',
    [prefix],
  )
  for (const { name } of rows) await store.query(`drop database ${name} with (force)`)
}
