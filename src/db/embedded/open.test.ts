import { mkdirSync, writeFileSync } from 'node:fs'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { expect, test } from 'vitest'
import { Misuse } from '../../core/failure.ts'
import { gone, homes, serverOf, usedHome } from './fixtures/homes.ts'
import { openEmbedded } from './open.ts'
import { findPlace } from './place.ts'
import { poll } from './poll.ts'
import type { Connection } from './presence.ts'
import { embeddedStatus } from './status.ts'

const { fresh, at } = homes()
const home = usedHome()

async function query(connection: Connection, text: string) {
  const client = new pg.Client({ ...connection, ssl: false })
  await client.connect()
  return (await client.query(text).finally(() => client.end())).rows
}

async function placeOf(home: string) {
  const place = await findPlace(home)
  if (!place) throw new Error(`no place for ${home}`)
  return place
}

const nothing = { data: null, running: false, pid: null, port: null, version: null, bytes: null }

test('the first use creates a durable store behind a password, on loopback only, and the last release stops it', async () => {
  const home = fresh(`a "home" of $HOME's \`own\``)
  expect(await embeddedStatus(home)).toEqual(nothing)
  const commandLines = watchCommandLines()
  const store = await openEmbedded({ home })
  expect(store.fresh).toBe(true)
  const [settings] = await query(
    store.connection,
    `select current_setting('fsync') fsync, current_setting('synchronous_commit') commits,
       current_setting('listen_addresses') listens, current_setting('unix_socket_directories') sockets,
       current_setting('server_encoding') encoding, upper('ä') upper, current_database() database`,
  )
  expect(settings).toEqual({
    fsync: 'on',
    commits: 'on',
    listens: '127.0.0.1',
    sockets: '',
    encoding: 'UTF8',
    upper: 'Ä',
    database: 'sluice',
  })
  const { port, password } = store.connection
  expect(await embeddedStatus(home)).toMatchObject({ running: true, port, version: '18' })
  await store.release()
  const after = await embeddedStatus(home)
  expect(after).toMatchObject({ running: false, pid: null, port: null, version: '18' })
  expect(after.bytes).toBeGreaterThan(20_000_000)
  const seen = await commandLines()
  expect(seen.some(line => line.includes('initdb') || process.platform !== 'linux')).toBe(true)
  expect(seen.filter(line => line.includes(password))).toEqual([])
})

test('the password is in one file, which only its owner can read, and the server insists on it', async () => {
  const store = await openEmbedded({ home })
  const { connection, release } = store
  await expect(query({ ...connection, password: 'wrong' }, 'select 1')).rejects.toMatchObject({ code: '28P01' })
  expect((await stat(join(home, 'postgres', 'password'))).mode & 0o777).toBe(0o600)
  const { folder } = await placeOf(home)
  expect((await readdir(folder)).filter(name => name.startsWith('initdb-'))).toEqual([])
  await release()
})

/** Collects the command lines of all processes until it is asked for them. */
function watchCommandLines(): () => Promise<string[]> {
  const lines = new Set<string>()
  let enough = false
  const watching = poll(60_000, async () => {
    for (const pid of (await readdir('/proc')).filter(name => Number(name) > 0)) {
      lines.add(await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''))
    }
    return enough || undefined
  })
  return async () => {
    enough = true
    await watching
    return [...lines]
  }
}

test('a later use finds the data again, on the same port', async () => {
  const first = await openEmbedded({ home })
  await query(first.connection, 'create table kept as select 42 as answer')
  await first.release()
  const second = await openEmbedded({ home })
  expect(second.fresh).toBe(false)
  expect(second.connection).toEqual(first.connection)
  expect(await query(second.connection, 'table kept')).toEqual([{ answer: 42 }])
  await second.release()
  await second.release()
})

test('the server stays as long as anybody is connected', async () => {
  const first = await openEmbedded({ home })
  const second = await openEmbedded({ home })
  const stranger = new pg.Client({ ...first.connection, ssl: false })
  await stranger.connect()
  await first.release()
  await second.release()
  expect((await stranger.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  const third = await openEmbedded({ home })
  await stranger.end()
  await third.release()
  expect((await embeddedStatus(home)).running).toBe(false)
})

test('a killed server comes back under those who use it, with all that was committed', async () => {
  const notes: string[] = []
  const holder = await openEmbedded({ home, note: line => notes.push(line) })
  await query(holder.connection, 'create table saved as select 42 as answer')
  const killed = await serverOf(home)
  process.kill(killed, 'SIGKILL')
  await gone(killed)
  const other = await openEmbedded({ home })
  expect(other.fresh).toBe(false)
  expect(await query(other.connection, 'table saved')).toEqual([{ answer: 42 }])
  await other.release()
  expect(await query(holder.connection, 'table saved')).toEqual([{ answer: 42 }])
  expect(notes).toContain('The connection to the embedded store was cut; opening it again.')
  await holder.release()
  expect((await embeddedStatus(home)).running).toBe(false)
})

test('a pid file that a crash left is no obstacle, even when its number now belongs to another program', async () => {
  const { data } = await placeOf(home)
  await writeFile(join(data, 'postmaster.pid'), `${process.pid}\n${data}\n1\n5432\n\n127.0.0.1\n 1 1\nready\n`)
  expect((await embeddedStatus(home)).running).toBe(false)
  const store = await openEmbedded({ home })
  expect(await serverOf(home)).not.toBe(process.pid)
  await store.release()
})

test('a cluster of another major version is refused and left alone', async () => {
  const { data } = await placeOf(home)
  await writeFile(join(data, 'PG_VERSION'), '17\n')
  const again = openEmbedded({ home })
  await expect(again).rejects.toThrow(Misuse)
  await expect(again).rejects.toThrow(/made by PostgreSQL 17; this Sluice brings PostgreSQL 18/)
  expect(await readFile(join(data, 'PG_VERSION'), 'utf8')).toBe('17\n')
  await writeFile(join(data, 'PG_VERSION'), '18\n')
})

test('a home that is a file, or lies below one, is refused', async () => {
  const home = fresh()
  writeFileSync(home, '')
  for (const wrong of [home, at(join(home, 'below'))]) {
    await expect(openEmbedded({ home: wrong })).rejects.toMatchObject({ code: 'home-not-a-folder' })
  }
})

test('a lost or foreign password is told apart from a lost store', async () => {
  const file = join(home, 'postgres', 'password')
  const password = await readFile(file, 'utf8')
  await writeFile(file, 'another')
  const foreign = openEmbedded({ home })
  await expect(foreign).rejects.toMatchObject({ code: 'embedded-password' })
  await expect(foreign).rejects.not.toThrow('another')
  await writeFile(file, '')
  await expect(openEmbedded({ home })).rejects.toThrow(/password of the store in .* is missing/)
  await writeFile(file, password)
  await (await openEmbedded({ home })).release()
})

test('what a crashed initdb left does not count as a store', async () => {
  const { folder } = await placeOf(home)
  mkdirSync(join(folder, 'initdb-dead', 'data'), { recursive: true })
  await writeFile(join(folder, 'initdb-dead', 'data', 'PG_VERSION'), '18\n')
  const store = await openEmbedded({ home })
  expect(store.fresh).toBe(false)
  await store.release()
})
