import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { keepSecret } from '../src/core/secret.ts'
import type { Source } from '../src/core/source.ts'
import type { Store } from '../src/db/store.ts'
import type { Vendor } from '../src/sim/serve.ts'
import { noon, setup } from './cli/world.ts'
import { setup as setupEngine } from './setup/engine.ts'
import { setupVendor } from './setup/exchange.ts'
import { type Command, type Ended, type Env, until } from './setup/sluice.ts'

const key = 'k3y/of "this"+house='
const token = 'redis-Pa55word'
const people = ['+7 999 123-45-67', '89991234567', '+48 600 700 800', 'anna.nowak@sklep.pl']

/** Everything that must be nowhere: secrets in all their spellings, people's data. */
function needlesOf(secrets: readonly string[]): string[] {
  const spelled = secrets.flatMap(each => [each, encodeURIComponent(each), JSON.stringify(each).slice(1, -1)])
  return [...spelled, ...people, ...people.map(encodeURIComponent)]
}

/** What a careless vendor says: all of it at once. */
function gossip(secrets: readonly string[]): string {
  return [...secrets, ...secrets.map(encodeURIComponent), btoa(`default:${token}`), ...people].join(' and ')
}

type Leak = (answer: { text: string; rows: () => Promise<unknown[][]> }) => Response | Promise<Response>

const json = { 'content-type': 'application/json' }

/** The ways in which a vendor's answer tells what it should not. */
const leaks: Readonly<Record<string, Leak>> = {
  'an error in JSON': ({ text }) =>
    new Response(JSON.stringify({ code: -1100, msg: text }), { status: 400, headers: json }),
  'an error in plain text': ({ text }) => new Response(text, { status: 500 }),
  'an error in JSON in JSON': ({ text }) =>
    new Response(JSON.stringify({ code: -1, msg: JSON.stringify({ echo: text }) }), { status: 400, headers: json }),
  'a page of HTML': ({ text }) => new Response(`<p>${text}</p>`, { headers: { 'content-type': 'text/html' } }),
  'a header that is told': ({ text }) =>
    new Response('', { status: 400, headers: { 'x-request-id': encodeURIComponent(text).slice(0, 4_000) } }),
  'an address to go to': ({ text }) =>
    new Response('', {
      status: 302,
      headers: { location: `https://u:${token}@x.example/${encodeURIComponent(text)}?token=${token}` },
    }),
  'a refusal that closes the quota': ({ text }) =>
    new Response(JSON.stringify({ code: -1003, msg: text }), {
      status: 429,
      headers: { ...json, 'retry-after': '30' },
    }),
  'a record that cannot be read': async ({ text, rows }) => {
    const [first, ...rest] = await rows()
    return Response.json([[first![0], text, ...first!.slice(2)], ...rest])
  },
}

/** A symbol for each way. */
const symbols = Object.keys(leaks).map((_, nth) => `LEAK${nth}USDT`)

/** In front of an exchange: the first answer with candles of each symbol leaks; an error goes on and on. */
function leaky(exchange: Vendor, text: string): Vendor {
  const told = new Map<string, number>()
  return {
    fetch: async request => {
      const nth = symbols.indexOf(new URL(request.url).searchParams.get('symbol') ?? '')
      const [name, leak] = Object.entries(leaks)[nth] ?? []
      const times = told.get(name ?? '') ?? 0
      if (!name || !leak || times >= (name.startsWith('an') ? 100 : 1)) return exchange.fetch(request)
      told.set(name, times + 1)
      return leak({ text, rows: async () => (await exchange.fetch(request)).json() as Promise<unknown[][]> })
    },
  }
}

/** Every row of every table, the queue's among them, as text. Records in quarantine are kept as they came: they are told apart. */
async function tablesOf(store: Store): Promise<{ tables: string; records: string }> {
  const names = await store.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema') and tablename !~ '_20\\d\\d_'`,
  )
  expect(names.length).toBeGreaterThan(15)
  let [tables, records] = ['', '']
  for (const { name } of names) {
    const rows = await store.query<{ row: Record<string, unknown> }>(`select to_jsonb(t) as row from ${name} t`)
    for (const { row } of rows) {
      if (name === 'sluice.quarantine') {
        records += `${row.record}\n`
        row.record = ''
      }
      tables += `${Object.values(row)
        .map(each => (typeof each === 'string' ? each : JSON.stringify(each)))
        .join('\n')}\n`
    }
  }
  return { tables, records }
}

/** Lets the store's clock go on as long as the command runs: every wait of it is over at once. */
async function hurried({ ended, child }: Command, at: (moment: Date) => Promise<void>): Promise<Ended> {
  let moment = Date.parse(noon)
  await until('the command has ended', async () => {
    moment += 2_000
    await at(new Date(moment))
    return child.exitCode !== null
  })
  return ended
}

it('what a vendor tells is hidden on every screen, in every table and in the log file', {
  timeout: 180_000,
}, async () => {
  const env: Env = { SLUICE_SECRET_KEY: key, REDIS_PASSWORD: token, LOG_FILE: 'logs/app.log', LOG_LEVEL: 'debug' }
  const world = await setup({ symbols, env: { ...env, MAX_RETRIES: '1' } })
  const { database, exchange, folder } = world
  const secrets = [key, token, database.connection.password]
  world.env.BINANCE_BASE_URL = await setupVendor(leaky(exchange, gossip(secrets)))
  const ended = [await hurried(world.begin('sync'), database.at)]
  for (const line of [
    'status',
    'runs',
    'verify',
    'limits',
    'doctor',
    'runs --json',
    'status --json',
    'doctor --json',
  ]) {
    ended.push(await world.sluice(...line.split(' ')))
  }
  const screens = ended.map(({ out, err }) => out + err).join('\n')
  const file = readFileSync(join(folder, 'logs/app.log'), 'utf8')
  const { tables, records } = await tablesOf(database.store)
  const found = needlesOf(secrets).flatMap(needle => [
    ...placesOf({ screens, file, tables }, needle),
    ...(people.some(each => needle.includes(encodeURIComponent(each)) || needle === each)
      ? []
      : placesOf({ records }, needle)),
  ])
  expect(found).toEqual([])
  const errors = await database.store.query<{ part: { symbol: string }; text: string }>(
    `select part, coalesce(error, reason, warning, '') as text from sluice.runs where error is not null`,
  )
  const heard = errors.filter(({ text }) => text.includes('***')).map(({ part }) => part.symbol)
  expect(heard.toSorted()).toEqual(symbols.slice(0, 6))
  const [bucket] = await database.store.query<{ note: string }>(
    `select closed_reason as note from sluice.limits where closed_reason is not null`,
  )
  expect(bucket?.note).toContain('***')
  expect(records).toContain('*** and ***')
  expect(readdirSync(folder)).toEqual(['logs'])
})

/** Where a needle stands, with what stands around it. */
function placesOf(texts: Readonly<Record<string, string>>, needle: string): string[] {
  return Object.entries(texts).flatMap(([where, text]) => {
    const at = text.indexOf(needle)
    return at < 0 ? [] : [`${needle} in ${where}: ${text.slice(Math.max(0, at - 200), at + 100)}`]
  })
}

it('what an error of our own quotes is hidden in every table and in the log', async () => {
  const said = gossip([key, token])
  for (const secret of [key, token]) onTestFinished(keepSecret(secret))
  const engine = await setupEngine()
  const broken = (source: Source): Source => {
    const row = () => {
      throw new Error(`cannot read ${said}`)
    }
    return { ...source, stream: { ...source.stream, row } }
  }
  await engine.start({ sources: [broken(engine.source)] })
  const [run] = await engine.sync()
  expect(run).toMatchObject({
    state: 'failed',
    errorCode: 'bug',
    error: expect.stringContaining('cannot read *** and ***'),
  })
  const { tables } = await tablesOf(engine.store)
  for (const needle of needlesOf([key, token])) expect(tables.includes(needle), needle).toBe(false)
})

it('what is mistyped or misconfigured is not repeated with the secrets and people in it', async () => {
  const { sluice, env, database } = await setup({ env: { SLUICE_SECRET_KEY: key, REDIS_PASSWORD: token } })
  const ended: Ended[] = []
  ended.push(await sluice('sync', `candles-of-${people[3]}`), await sluice('sync', '--from', people[0]!))
  ended.push(await sluice('export', 'binance.candles', '--columns', encodeURIComponent(key)))
  env.SLUICE_WORKERS = `many ${token}`
  ended.push(await sluice('status'), await sluice('status', '--json'))
  env.SLUICE_WORKERS = ''
  env.DATABASE_URL = env.DATABASE_URL!.replace(/:\d+\//, ':1/')
  ended.push(await sluice('status'), await sluice('doctor'), await sluice('up'))
  const text = ended.map(({ out, err }) => out + err).join('\n')
  for (const needle of needlesOf([key, token, database.connection.password]))
    expect(text.includes(needle), needle).toBe(false)
  expect(ended.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2, 1, 1, 1])
})

it('what the user asks for as data is not touched', async () => {
  const { sluice } = await setup({ env: { SLUICE_SECRET_KEY: 'a-key-of-mine' } })
  const statement = `select '${people[0]}' as phone, 'a-key-of-mine' as word`
  const { out } = await sluice('sql', statement, '--json')
  expect(JSON.parse(out)).toEqual([{ phone: people[0], word: 'a-key-of-mine' }])
  expect((await sluice('sql', statement)).out).toContain(`${people[0]}  a-key-of-mine`)
})
