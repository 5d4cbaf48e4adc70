import pg from 'pg'
import { Misuse } from '../core/failure.ts'
import { parseExact } from '../core/json.ts'
import type { Store } from './store.ts'

/** The answer to one statement of a user: numeric and bigint as text, instants as ISO text, JSON as it is. */
export type Answered = { columns: string[]; rows: Record<string, unknown>[]; command: string; count: number }

/**
 * Runs one statement of the user's own. Without `write` it runs in a read-only transaction, which no statement can leave,
 * because the protocol used takes only one.
 * @throws Misuse with the server's own words when the statement is wrong.
 */
export async function runStatement(store: Store, text: string, { write }: { write: boolean }): Promise<Answered> {
  return store.transaction(async tx => {
    if (!write) await tx.query('set transaction read only')
    try {
      const query = { text, types: { getTypeParser }, queryMode: 'extended' }
      const { fields, rows, command, rowCount } = await tx.client.query<Record<string, unknown>>(
        query as pg.QueryConfig,
      )
      return { columns: fields.map(({ name }) => name), rows, command, count: rowCount ?? 0 }
    } catch (error) {
      throw refused(error, write)
    }
  })
}

function refused(error: unknown, write: boolean): unknown {
  if (!(error instanceof pg.DatabaseError)) return error
  const advice = error.code === '25006' && !write ? '; add --write to change data' : ''
  return new Misuse('bad-sql', `${error.message}${advice}${error.hint ? ` (${error.hint})` : ''}`, { cause: error })
}

const { builtins } = pg.types
const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  [builtins.BOOL]: text => text === 't',
  [builtins.INT2]: Number,
  [builtins.INT4]: Number,
  [builtins.FLOAT4]: floating,
  [builtins.FLOAT8]: floating,
  [builtins.JSON]: parseExact,
  [builtins.JSONB]: parseExact,
  [builtins.TIMESTAMPTZ]: iso,
}

function getTypeParser(type: number): (text: string) => unknown {
  return parsers[type] ?? (text => text)
}

/** JSON knows no NaN and no infinity. */
function floating(text: string): number | string {
  return Number.isFinite(Number(text)) ? Number(text) : text
}

/** `2019-01-01 00:00:00.5+00` as ISO 8601 writes it; every digit stays. Sessions run in UTC. */
function iso(text: string): string {
  return text.replace(' ', 'T').replace(/\+00$/, 'Z')
}
