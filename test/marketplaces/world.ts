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
  const vendors = await vendorsOf(began, () => now)
  const { wildberries, ozon, urls } = vendors
  const hosts = ['BASE', 'ANALYTICS', 'SUPPLIES', 'FINANCE', 'COMMON'].map(host => `WILDBERRIES_${host}_URL`)
  const env: Env = {
    ...Object.fromEntries(hosts.map(host => [host, urls.wildberries])),
    ...{ OZON_BASE_URL: urls.ozon, DATABASE_URL: urlOf(database.connection), SLUICE_WORKERS: '8' },
    SLUICE_SECRET_KEY: 'a-key-for-tests-of-marketplaces-01',
  }
  const account = async (secrets: Env, ...args: string[]) => {
    const { code, out, err } = await run(['accounts', ...args, '--from-env'], { folder, env: { ...env, ...secrets } })
    if (code !== 0) throw new Error(`sluice accounts ${args.join(' ')}: ${out}${err}`)
  }
  await writeFile(join(folder, 'sluice.yaml'), settings)
  const candles = { connector: 'binance', account: 'public', stream: 'candles', part: {} }
  await pause(database.store, candles, 'no part of this')
  const tokens = { romashka: wildberries.mint('romashka'), vesna: wildberries.mint('vesna') }
  for (const [name, token] of Object.entries(tokens))
    await account({ WILDBERRIES_TOKEN: token }, 'add', 'wildberries', name)
  await account({ OZON_CLIENT_ID: client.clientId, OZON_API_KEY: client.apiKey }, 'add', 'ozon', 'main')
  return {
    ...{ ...vendors, ...crewOf(folder, env), store: database.store, at },
    look: await lookoutOf(database, urls),
    now: () => now,
    calls: () => wildberries.calls.length + ozon.calls.length,
    revoke: () => wildberries.revoke(tokens.vesna),
    rotate: () => account({ WILDBERRIES_TOKEN: wildberries.mint('vesna') }, 'rotate', 'wildberries/vesna'),
  }
}

/** The imitated vendors on ports, and the truth about their sellers at any time. */
async function vendorsOf(began: number, now: () => number) {
  const traffic = { open: 0 }
  const since = began - 60 * day
  const options: Options = {
    late: 0.05,
    sellers: [
      { name: 'romashka', goods: 12, orders: 25, since },
      { name: 'vesna', type: 'service', goods: 8, orders: 15, since },
    ],
  }
  const wildberries = imitateWildberries({ ...options, now })
  const files = await serve(watched({ fetch: request => ozon.fetch(request) }, traffic))
  const ozon = imitateOzon({ sellers: [{ ...client, ...before }], cdnUrl: files.url, now })
  const [wb, oz] = [await serve(watched(wildberries, traffic)), await serve(watched(ozon, traffic))]
  onTestFinished(() => Promise.all([wb, oz, files].map(({ close }) => close())).then(() => undefined))

  let archived = Number.POSITIVE_INFINITY
  const first = imitateOzon({ sellers: [{ ...client, ...before }] })
  return {
    ...{ wildberries, ozon, traffic, urls: { wildberries: wb.url, ozon: oz.url } },
    /** Two products of Ozon go to the archive. */
    archive: () => {
      archived = now()
      ozon.change(client.clientId, after)
    },
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

/** Processes of `sluice up`. */
function crewOf(folder: string, env: Env) {
  const crew: Command[] = []
  /** Ends processes as a power cut does, the oldest first. */
  const kill = async (count: number) => {
    for (const each of crew.splice(0, count)) {
      each.signal('SIGKILL')
      await each.ended
    }
  }
  const begin = async (count: number) => {
    for (let nth = 0; nth < count; nth++) {
      const started = start(['up'], { folder, env })
      crew.push(started)
      await until('it is up', () => started.out().includes('Sluice is up'))
    }
  }
  onTestFinished(() => kill(crew.length))
  return { kill, begin }
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
