import { join } from 'node:path'
import { z } from 'zod'
import type { Connector } from '../../src/core/connector.ts'
import { BadPage } from '../../src/core/failure.ts'
import type { Rule } from '../../src/core/limit.ts'
import type { Priority } from '../../src/core/priority.ts'
import { exponential, noRetry, type Policy } from '../../src/core/retry.ts'
import type { Source } from '../../src/core/source.ts'
import type { PullStream } from '../../src/core/stream.ts'
import { vendor } from '../../src/core/vendor.ts'
import type { Method } from '../../src/sim/acme/world.ts'

/** Records lie a minute apart, from here on. */
export const since = Date.parse('2025-03-10T00:00:00Z')
export const every = 60_000

/** 10 calls a second of each account and method, 20 of them saved up. A call may be late by 1.5 s on a busy machine. */
const perMethod: Rule = { kind: 'bucket', max: 10, every: '1s', burst: 20, owner: ({ slug }) => slug, settle: '1500ms' }

const acme = vendor('acme', {
  orders: perMethod,
  stocks: perMethod,
  prices: perMethod,
  events: perMethod,
  together: { kind: 'sliding', max: 200, every: '10s', owner: 'egress', settle: '1500ms' },
})

const envelope = z.object({ rows: z.array(z.unknown()), next: z.int().nullable() })

/** One method as a stream: its records lie a minute apart, so that coverage can be told by time. */
function listOf<M extends Method>(name: M, limit: Record<M | 'together', number>, priority: Priority): PullStream {
  const stream = acme.pull({
    name,
    table: `acme.${name}`,
    limit: limit as Record<'together', number>,
    part: z.strictObject({ shop: z.string().min(1) }),
    cursor: z.strictObject({ nth: z.int().min(0) }),
    record: z.object({ id: z.string(), at: z.int(), amount: z.string(), state: z.string() }),
    options: z.object({ shops: z.array(z.string()), batch: z.int(), policy: z.custom<Policy>().default(noRetry) }),
  })({
    key: ['shop', 'at'],
    newer: ['at'],
    mode: 'range',
    time: 'at',
    schedule: [{ every: '1h' }],
    settle: '0s',
    priority,
    retry: () => exponential({ retries: 0, base: '1s' }),
    policy: ({ policy }) => policy,
    parts: ({ shops }) => shops.map(shop => ({ shop })),
    origin: () => new Date(since),
    horizon: ({ now }) => new Date(Math.floor(now.getTime() / every) * every),
    step: () => every,
    start: ({ from }) => ({ nth: Math.ceil((from.getTime() - since) / every) }),
    request: ({ nth }, { part, options }) => ({
      path: `/${name}`,
      query: { part: part.shop, cursor: nth, limit: options.batch },
    }),
    parse: ({ json }, { nth }, { to }) => {
      const answer = envelope.safeParse(json)
      if (!answer.success) throw new BadPage('bad-page', 'the answer holds no list of rows')
      const { rows, next } = answer.data
      const end = next === null ? to : timeOf(next)
      const covered = { from: timeOf(nth), to: end }
      return { records: rows, next: { nth: next ?? nth + rows.length }, done: next === null, covered, holes: [] }
    },
    row: (record, { part }) => ({ ...record, shop: part.shop }),
  })
  return stream as unknown as PullStream
}

function timeOf(nth: number): Date {
  return new Date(since + nth * every)
}

/** A vendor for tests of many processes: its four streams spend from a bucket of their account and from one of the address. */
export const connector: Connector = {
  name: acme.name,
  title: 'Acme',
  account: 'anna',
  limits: acme.limits,
  options: z.strictObject({}),
  fault: () => undefined,
  probe: { ask: { path: '/orders' }, limit: { together: 1 }, clock: ({ at }) => at },
  streams: [
    listOf('orders', { orders: 1, together: 1 }, 'high'),
    listOf('stocks', { stocks: 1, together: 1 }, 'normal'),
    listOf('prices', { prices: 1, together: 1 }, 'normal'),
    listOf('events', { events: 1, together: 1 }, 'low'),
  ],
  migrations: join(import.meta.dirname, 'migrations'),
}

/** What is collected: the shops of each account, records a page, and how a stream's runs are tried again. */
export type Wishes = { shops: Readonly<Record<string, readonly string[]>>; batch: number; policy?: Policy }

/** Every stream of every account. The vendor tells accounts apart by the path: the engine sends no credentials yet. */
export function sourcesOf(url: string, { shops, batch, policy }: Wishes): Source[] {
  return Object.entries(shops).flatMap(([account, names]) =>
    connector.streams.map(stream => {
      const options = stream.options.parse({ shops: names, batch, policy })
      return { connector, stream, account, credentials: {}, baseUrl: `${url}/${account}`, settings: {}, options }
    }),
  )
}
