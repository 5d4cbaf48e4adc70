import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { from as copyFrom } from 'pg-copy-streams'
import type { App } from '../../src/app/app.ts'
import type { Connection, Sql } from '../../src/db/store.ts'
import { imitateChe168 } from '../../src/sim/che168/che168.ts'
import { type Bench, type Figure, median } from '../bench.ts'
import { within } from '../client.ts'
import { forkOf } from '../fork.ts'
import { inTemporaryHome } from '../home.ts'
import type { Derived } from './deriver.ts'

type Note = (line: string) => void

/** So many adverts of the imitated market, each so many times under another number. */
const [distinct, times] = [25_000, 10]
const rows = distinct * times

/** Both take turns and are compared turn by turn, so that a machine that grows slower does so for both. */
const rounds = 2

/**
 * A quarter of a million adverts as the vendor writes them become typed rows, by the normaliser as users run it, in an embedded
 * store. Against SQL alone: the finished rows copied into a table with the same indexes, and the flags of the raw rows.
 */
export const adverts: Bench = {
  about: '250,000 adverts normalised, against copying the finished rows in SQL',
  measure: note => inTemporaryHome(note, (app, home) => compare(app, home, note)),
}

async function compare({ store }: App, home: string, note: Note): Promise<Figure[]> {
  note(`writing ${rows} raw adverts`)
  await fill(store, store.connection)
  const deriver = await forkOf<Derived>(fileURLToPath(import.meta.resolve('./deriver.ts')), [home])
  const turns: Turn[] = []
  try {
    for (let round = 1; round <= rounds; round++) {
      await store.query('truncate che168.processed_data')
      await unprocessed(store.connection)
      const derived = await deriver.measure()
      await check(store, derived)
      const copySeconds = await copy(store.connection)
      turns.push({ ...derived, copySeconds })
      note(`round ${round}: ${told(derived)}; copied in ${copySeconds.toFixed(1)} s`)
    }
  } finally {
    await deriver.stop()
  }
  return figures(turns)
}

type Turn = Derived & { copySeconds: number }

function told({ seconds, cpuSeconds, rssMb, late }: Derived): string {
  return `${(rows / seconds).toFixed(0)} rows/s, ${cpuSeconds.toFixed(1)} s of processor, ${rssMb.toFixed(0)} MB, blocks ${late.toFixed(0)} ms`
}

/** @throws when anything was left out. */
async function check(sql: Sql, { runs }: Derived): Promise<void> {
  const failed = runs.find(({ state }) => state !== 'success')
  if (failed) throw new Error(`the run ended as ${failed.state}: ${failed.error ?? failed.warning}`)
  const [found] = await sql.query<{ rows: number }>('select count(*)::int as rows from che168.processed_data')
  if (found!.rows !== rows) throw new Error(`the table holds ${found!.rows} rows, and ${rows} were to be made`)
}

function figures(turns: readonly Turn[]): Figure[] {
  const middle = (measure: (turn: Turn) => number) => median(turns.map(measure))
  const worst = (measure: (turn: Turn) => number) => Math.max(...turns.map(measure))
  const ratio = middle(({ seconds, copySeconds }) => seconds / copySeconds)
  return [
    { title: 'normalised', value: rows / middle(({ seconds }) => seconds), unit: 'rows/s', key: 'rowsPerSecond' },
    { title: 'copied', value: rows / middle(({ copySeconds }) => copySeconds), unit: 'rows/s' },
    { title: 'time / time of the copy', value: ratio, unit: '', key: 'normalizeRatio', goal: { most: 3 } },
    { title: 'memory (peak RSS)', value: worst(({ rssMb }) => rssMb), unit: 'MB', key: 'rssMb', goal: { most: 250 } },
    { title: 'longest block', value: worst(({ late }) => late), unit: 'ms' },
    { title: 'processor time', value: middle(({ cpuSeconds }) => cpuSeconds), unit: 's' },
  ]
}

/** Adverts as they lie in the raw table after the first load. */
async function fill(sql: Sql, connection: Connection): Promise<void> {
  const since = Date.UTC(2026, 9, 1)
  const sim = imitateChe168({ seed: 3, adverts: distinct, since, now: () => since, key: 'key' })
  await within(connection, async client => {
    await client.query('create temp table sent (inner_id text, data jsonb)')
    await pipeline(Readable.from(lines(sim)), client.query(copyFrom('copy sent from stdin')))
    await client.query(
      `insert into che168.raw_data (account, inner_id, vendor_id, change_type, created_at, data, first_loaded_at,
         last_updated_at, source, active_status, is_processed, last_change_id, is_whole, is_asked)
       select 'main', inner_id || '0' || n, null, 'added', $1, data, $1, $1, 'initial_load', 0, false, 1, true, true
       from sent, generate_series(0, $2::int - 1) n`,
      [new Date(since), times],
    )
  })
  await sql.query('analyze che168.raw_data')
}

function* lines(sim: ReturnType<typeof imitateChe168>): Generator<string> {
  const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
  for (const { innerId } of sim.truth()) {
    const text = JSON.stringify(sim.sent(innerId)).replace(/[\\\t\n\r]/g, each => escapes[each]!)
    yield `${innerId}\t${text}\n`
  }
}

/** Every raw row waits to be dealt with, and the server's own housekeeping is done before a clock starts. */
async function unprocessed(connection: Connection): Promise<void> {
  await within(connection, async client => {
    await client.query('update che168.raw_data set is_processed = false where is_processed')
    await client.query('vacuum analyze che168.raw_data')
    await client.query('checkpoint')
  })
}

/** The finished rows in a table like theirs, and the flags: what it takes at the least. Returns seconds. */
async function copy(connection: Connection): Promise<number> {
  await unprocessed(connection)
  let seconds = 0
  await within(connection, async client => {
    await client.query('create table che168.copied (like che168.processed_data including all)')
    const began = performance.now()
    await client.query('insert into che168.copied select * from che168.processed_data')
    await client.query('update che168.raw_data set is_processed = true')
    seconds = (performance.now() - began) / 1000
    await client.query('drop table che168.copied')
  })
  return seconds
}
