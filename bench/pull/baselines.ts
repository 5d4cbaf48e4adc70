import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Connection } from '../../src/db/store.ts'
import { within } from '../client.ts'
import { columns } from './truth.ts'

/** The rows as COPY reads them, in large pieces: encoded before any clock starts. */
export function encodeCopy(rows: readonly string[][]): Buffer[] {
  const pieces: Buffer[] = []
  for (let at = 0; at < rows.length; at += rowsPerPiece) {
    const lines = rows.slice(at, at + rowsPerPiece).map(row => `${row.join('\t')}\n`)
    pieces.push(Buffer.from(lines.join('')))
  }
  return pieces
}

/** About 400 KB. */
const rowsPerPiece = 2_000

/** One COPY of everything on one connection, which is as fast as PostgreSQL takes rows. Returns seconds. */
export async function copyAll(connection: Connection, pieces: readonly Buffer[]): Promise<number> {
  return timed(connection, async client => {
    const stream = client.query(copyFrom(`copy binance.candles (${columns}) from stdin`))
    Readable.from(pieces).pipe(stream)
    await finished(stream)
  })
}

/** Every row in a statement and a commit of its own, prepared once: what a simple program does. Returns seconds. */
export async function insertRowByRow(connection: Connection, rows: readonly string[][]): Promise<number> {
  const places = rows[0]!.map((_, place) => `$${place + 1}`).join(', ')
  const text = `insert into binance.candles (${columns}) values (${places})`
  return timed(connection, async client => {
    for (const values of rows) await client.query({ name: 'insert', text, values })
  })
}

async function timed(connection: Connection, work: (client: pg.Client) => Promise<void>): Promise<number> {
  return within(connection, async client => {
    const began = performance.now()
    await work(client)
    return (performance.now() - began) / 1000
  })
}
