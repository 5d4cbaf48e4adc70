import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import type { App } from '../../src/app/app.ts'
import type { Connection, Sql } from '../../src/db/store.ts'
import { type Bench, type Figure, median } from '../bench.ts'
import { within } from '../client.ts'
import { forkOf } from '../fork.ts'
import { inTemporaryHome } from '../home.ts'
import type { Collected } from './collector.ts'

type Note = (line: string) => void

/** Both take turns and are compared turn by turn, so that a machine that grows slower does so for both. */
const rounds = 2

/**
 * A million orders of four sellers from an imitated marketplace, in pages of 80,000 over loopback HTTP, through queue, limiter,
 * reader, checks, sheets and checkpoint into an embedded store; each row keeps its raw record. Against the same rows copied
 * into the same table.
 */
export const marketplaces: Bench = {
  about: 'a million orders of a marketplace, with their raw records, against COPY; memory',
  measure: note => inTemporaryHome(note, (app, home) => compare(app, home, note)),
}

async function compare({ store }: App, home: string, note: Note): Promise<Figure[]> {
  note('making a million orders')
  const vendor = await startVendor()
  const program = fileURLToPath(import.meta.resolve('./collector.ts'))
  const collector = await forkOf<Collected>(program, [home, vendor.url, JSON.stringify(vendor.tokens)])
  const turns: Turn[] = []
  try {
    for (let round = 0; round <= rounds; round++) {
      await clear(store)
      const collected = await collector.measure()
      await check(store, collected, vendor.rows)
      const pieces = await copyOut(store.connection)
      await store.query('truncate wildberries.orders')
      await store.query('checkpoint')
      const copySeconds = await copyIn(store.connection, pieces)
      note(
        `${round === 0 ? 'warming up' : `round ${round}`}: ${told(collected, vendor.rows)}; copy ${copySeconds.toFixed(1)} s`,
      )
      if (round > 0) turns.push({ ...collected, copySeconds })
    }
  } finally {
    await collector.stop()
    await vendor.stop()
  }
  return figures(turns, vendor.rows)
}

type Turn = Collected & { copySeconds: number }

function told({ seconds, cpuSeconds, rssMb, late }: Collected, rows: number): string {
  return `${(rows / seconds).toFixed(0)} rows/s, ${cpuSeconds.toFixed(1)} s of processor, ${rssMb.toFixed(0)} MB, blocks ${late.toFixed(0)} ms`
}

/** @throws when anything was left out. */
async function check(sql: Sql, { runs }: Collected, rows: number): Promise<void> {
  const failed = runs.find(({ state }) => state !== 'success')
  if (failed) throw new Error(`a run ended as ${failed.state}: ${failed.error ?? failed.warning}`)
  const [found] = await sql.query<{ rows: number }>('select count(*)::int as rows from wildberries.orders')
  if (found!.rows !== rows) throw new Error(`the table holds ${found!.rows} rows, and the vendor has ${rows}`)
}

function figures(turns: readonly Turn[], rows: number): Figure[] {
  const middle = (measure: (turn: Turn) => number) => median(turns.map(measure))
  const worst = (measure: (turn: Turn) => number) => Math.max(...turns.map(measure))
  const ratio = middle(({ seconds, copySeconds }) => copySeconds / seconds)
  return [
    { title: 'collected', value: rows / middle(({ seconds }) => seconds), unit: 'rows/s', key: 'rowsPerSecond' },
    { title: 'copy', value: rows / middle(({ copySeconds }) => copySeconds), unit: 'rows/s' },
    { title: 'collected / copy', value: ratio, unit: '', key: 'copyRatio', goal: { least: 0.4 } },
    { title: 'memory (peak RSS)', value: worst(({ rssMb }) => rssMb), unit: 'MB', key: 'rssMb', goal: { most: 250 } },
    { title: 'longest block', value: worst(({ late }) => late), unit: 'ms', key: 'longestBlockMs', goal: { most: 50 } },
    { title: 'processor time', value: middle(({ cpuSeconds }) => cpuSeconds), unit: 's' },
  ]
}

/** An empty table and an engine that remembers nothing, with the server's own housekeeping done before the clock starts. */
async function clear(sql: Sql): Promise<void> {
  await sql.query('truncate wildberries.orders, sluice.checkpoints, sluice.coverage, sluice.holes, sluice.runs')
  await sql.query('checkpoint')
}

const columns =
  "select string_agg(quote_ident(attname), ', ' order by attnum) as names from pg_attribute where attrelid = to_regclass('wildberries.orders') and attnum > 0 and not attisdropped"

/** The rows as COPY writes them, to be copied in again: encoded before any clock starts. */
async function copyOut(connection: Connection): Promise<Buffer[]> {
  const pieces: Buffer[] = []
  await within(connection, async client => {
    const { rows } = await client.query<{ names: string }>(columns)
    const stream = client.query(copyTo(`copy wildberries.orders (${rows[0]!.names}) to stdout`))
    for await (const piece of stream) pieces.push(piece as Buffer)
  })
  return pieces
}

/** One COPY of everything on one connection, which is as fast as PostgreSQL takes rows. Returns seconds. */
async function copyIn(connection: Connection, pieces: readonly Buffer[]): Promise<number> {
  let seconds = 0
  await within(connection, async client => {
    const { rows } = await client.query<{ names: string }>(columns)
    const began = performance.now()
    const stream = client.query(copyFrom(`copy wildberries.orders (${rows[0]!.names}) from stdin`))
    Readable.from(pieces).pipe(stream)
    await finished(stream)
    seconds = (performance.now() - began) / 1000
  })
  return seconds
}

type Vendor = { url: string; tokens: Record<string, string>; rows: number; stop(): Promise<void> }

async function startVendor(): Promise<Vendor> {
  const program = fileURLToPath(import.meta.resolve('./vendor.ts'))
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const line = await Promise.race([once(createInterface(child.stdout), 'line'), ended.then(() => undefined)])
  if (line === undefined) throw new Error('the imitated vendor did not start')
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
  }
  return { ...JSON.parse(line[0]), stop }
}
