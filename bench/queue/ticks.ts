import { z } from 'zod'
import type { Connector } from '../../src/core/connector.ts'
import { exponential } from '../../src/core/retry.ts'
import type { Source } from '../../src/core/source.ts'
import type { PullStream } from '../../src/core/stream.ts'
import { vendor } from '../../src/core/vendor.ts'
import type { Sql } from '../../src/db/store.ts'

/**
 * The smallest thing there is to collect: a part has one record an hour, a question brings one of them, and the vendor
 * answers in this process and at once. Its quota is counted and never used up.
 */
const hour = 3_600_000
const beginning = Date.parse('2025-01-01T00:00:00Z')

/** How many hours there are to collect by now; one more before each round makes a run of each part. */
export const world = { hours: 0 }

const acme = vendor('acme', {
  calls: {
    kind: 'fixed',
    max: 1_000_000_000,
    every: '1m',
    owner: 'egress',
    learn: { header: 'x-used', tells: 'used' },
  },
})

const ticks = acme.pull({
  name: 'ticks',
  table: 'bench.ticks',
  limit: { calls: 1 },
  part: z.strictObject({ id: z.string() }),
  cursor: z.strictObject({ time: z.int() }),
  record: z.tuple([z.int(), z.string()]),
  options: z.strictObject({}),
})({
  key: ['id', 'time'],
  newer: ['time'],
  mode: 'range',
  time: 'time',
  schedule: [{ every: '1h' }],
  settle: '0s',
  retry: () => exponential({ retries: 0, base: '1s' }),
  parts: () => [],
  origin: () => new Date(beginning),
  horizon: () => new Date(beginning + world.hours * hour),
  step: () => hour,
  start: ({ from }) => ({ time: from.getTime() }),
  request: ({ time }, { part }) => ({ path: '/ticks', query: { id: part.id, time } }),
  parse: ({ json }, { time }, { to }) => ({
    records: json as unknown[],
    next: { time: to.getTime() },
    done: true,
    covered: { from: new Date(time), to },
    holes: [],
  }),
  row: ([time, value], { part }) => ({ id: part.id, time, value }),
})

const connector: Connector = {
  name: acme.name,
  title: 'Acme',
  account: 'public',
  limits: acme.limits,
  options: z.strictObject({}),
  fault: () => undefined,
  probe: { ask: { path: '/' }, limit: { calls: 1 }, clock: () => new Date() },
  streams: [ticks as unknown as PullStream],
  migrations: '',
}

export const source: Source = {
  connector,
  stream: ticks as unknown as PullStream,
  account: 'public',
  credentials: {},
  baseUrl: 'http://acme.test',
  settings: {},
  options: {},
}

/** The parts of a number of runs. */
export function partsOf(count: number): { id: string }[] {
  return Array.from({ length: count }, (_, id) => ({ id: String(id) }))
}

/** Where a part's newest record is asked for. */
export function newestUrl(id: string): string {
  return `${source.baseUrl}/ticks?id=${id}&time=${beginning + (world.hours - 1) * hour}`
}

/** The vendor: one record, at the time that was asked for. */
export async function answer({ url }: Request): Promise<Response> {
  return Response.json([[Number(new URL(url).searchParams.get('time')), '1.25']], { headers: { 'x-used': '1' } })
}

/** The table, and beside it what a program that keeps its own checkpoints would have. */
export async function makeTables(sql: Sql): Promise<void> {
  await sql.query('create schema bench')
  await sql.query(
    'create table bench.ticks (id text, time bigint, value numeric(20, 8) not null, primary key (id, time))',
  )
  await sql.query('create table bench.checkpoints (id text primary key, time bigint not null)')
}

/** How many rows there are. */
export async function rowsOf(sql: Sql): Promise<number> {
  return (await sql.query<{ rows: number }>('select count(*)::int as rows from bench.ticks'))[0]!.rows
}
