import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { pause } from '../../src/db/pauses.ts'
import { imitateOzon } from '../../src/sim/ozon/ozon.ts'
import { serve, type Vendor } from '../../src/sim/serve.ts'
import { imitateWildberries, type Options } from '../../src/sim/wildberries/wildberries.ts'
import { setupDatabase } from '../setup/database.ts'
import { type Command, type Env, run, setupFolder, start, until, urlOf } from '../setup/sluice.ts'
import { lookoutOf } from './lookout.ts'

const day = 86_400_000

/** Ozon's client, and its shop before and after two of its products went to the archive. */
const client = { clientId: '4711', apiKey: 'key-of-4711-secret' }
const before = { products: 20, archived: 3 }
const after = { products: 18, archived: 5 }

/** Romashka's day begins at 08:00 in Moscow; vesna's at 03:00 UTC, as it is without settings. */
export const zones: Readonly<Record<string, string>> = { romashka: 'Europe/Moscow', vesna: 'UTC', main: 'UTC' }
const own = "{daily_at: '08:00', zone: Europe/Moscow}"
const settings = `wildberries:
  accounts:
    romashka:
      stocks: ${own}
      seller_stocks: ${own}
      remains: ${own}
      inventory: {zone: Europe/Moscow}
      seller_inventory: {zone: Europe/Moscow}
`

/**
 * Two sellers of an imitated Wildberries and one of an imitated Ozon, a database with their accounts, processes of
 * `sluice up`, and one clock for all of them that stands still until it is moved.
 */
export async function setupMarketplaces(began: number) {
  const [folder, database] = [await setupFolder(), await setupDatabase()]
  let now = began
  const at = async (moment: number) => {
    now = moment
    await database.at(new Date(moment))
  }
  await at(began)
  const traffic = { open: 0 }
  const since = began - 60 * day
  const options: Options = {
    late: 0.05,
    sellers: [
      { name: 'romashka', goods: 12, orders: 25, since },
      { name: 'vesna', type: 'service', goods: 8, orders: 15, since },
    ],
  }
  const wildberries = imitateWildberries({ ...options, now: () => now })
  const files = await serve(watched({ fetch: request => ozon.fetch(request) }, traffic))
  const ozon = imitateOzon({ sellers: [{ ...client, ...before }], cdnUrl: files.url, now: () => now })
  const [wb, oz] = [await serve(watched(wildberries, traffic)), await serve(watched(ozon, traffic))]

  const hosts = ['BASE', 'ANALYTICS', 'SUPPLIES', 'FINANCE', 'COMMON'].map(host => [`WILDBERRIES_${host}_URL`, wb.url])
  const env: Env = {
    ...Object.fromEntries(hosts),
    ...{ OZON_BASE_URL: oz.url, DATABASE_URL: urlOf(database.connection), SLUICE_WORKERS: '8' },
    SLUICE_SECRET_KEY: 'a-key-for-tests-of-marketplaces-01',
  }
  const sluice = async (secrets: Env, ...args: string[]) => {
    const ended = await run(args, { folder, env: { ...env, ...secrets } })
    if (ended.code !== 0) throw new Error(`sluice ${args.join(' ')}: ${ended.out}${ended.err}`)
  }
  await writeFile(join(folder, 'sluice.yaml'), settings)
  await pause(
    database.store,
    { connector: 'binance', account: 'public', stream: 'candles', part: {} },
    'no part of this',
  )
  const tokens = { romashka: wildberries.mint('romashka'), vesna: wildberries.mint('vesna') }
  for (const [name, token] of Object.entries(tokens))
    await sluice({ WILDBERRIES_TOKEN: token }, 'accounts', 'add', 'wildberries', name, '--from-env')
  const keys = { OZON_CLIENT_ID: client.clientId, OZON_API_KEY: client.apiKey }
  await sluice(keys, 'accounts', 'add', 'ozon', 'main', '--from-env')

  const crew: Command[] = []
  const gone = (command: Command) => {
    command.signal('SIGKILL')
    return command.ended
  }
  onTestFinished(async () => {
    await Promise.all(crew.map(gone))
    await Promise.all([wb.close(), oz.close(), files.close()])
  })
  const begin = async (count: number) => {
    for (let nth = 0; nth < count; nth++) {
      const started = start(['up'], { folder, env })
      crew.push(started)
      await until('it is up', () => started.out().includes('Sluice is up'))
    }
  }

  const look = await lookoutOf(database, { wildberries: wb.url, ozon: oz.url })
  let archived = Number.POSITIVE_INFINITY
  const first = imitateOzon({ sellers: [{ ...client, ...before }] })
  return {
    ...{ store: database.store, at, traffic, wildberries, ozon, begin, look },
    now: () => now,
    calls: () => wildberries.calls.length + ozon.calls.length,
    /** Ends processes as a power cut does, the oldest first. */
    kill: (count: number) => Promise.all(crew.splice(0, count).map(gone)),
    /** Two products of Ozon go to the archive. */
    archive: () => {
      archived = now
      ozon.change(client.clientId, after)
    },
    revoke: () => wildberries.revoke(tokens.vesna),
    rotate: () =>
      sluice({ WILDBERRIES_TOKEN: wildberries.mint('vesna') }, 'accounts', 'rotate', 'wildberries/vesna', '--from-env'),
    /** The truth as it was then; of Wildberries, for somebody who has collected since the beginning. */
    truthOf: {
      wildberries: (seller: string, stream: Parameters<typeof wildberries.truth>[1], moment: number) => [
        ...imitateWildberries({ ...options, now: () => moment }).truth(seller, stream, began),
      ],
      ozon: (subject: Parameters<typeof ozon.truth>[1], moment: number) => [
        ...(moment < archived ? first : ozon).truth(client.clientId, subject, moment),
      ],
    },
  }
}

export type World = Awaited<ReturnType<typeof setupMarketplaces>>

/** The same vendor, with how many of its answers are being made. */
function watched(vendor: Vendor, traffic: { open: number }): Vendor {
  return {
    async fetch(request) {
      traffic.open++
      try {
        return await vendor.fetch(request)
      } finally {
        traffic.open--
      }
    },
  }
}
