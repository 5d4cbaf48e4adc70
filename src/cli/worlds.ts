import { demoWorld as binanceWorld } from '../sim/binance/demo.ts'
import { imitateBinance } from '../sim/binance/exchange.ts'
import { imitateChe168 } from '../sim/che168/che168.ts'
import { demoWorld as che168World } from '../sim/che168/demo.ts'
import { demoSeller, demoWorld as ozonWorld } from '../sim/ozon/demo.ts'
import { imitateOzon } from '../sim/ozon/ozon.ts'
import { serve } from '../sim/serve.ts'
import { demoWorld as wildberriesWorld } from '../sim/wildberries/demo.ts'
import { imitateWildberries } from '../sim/wildberries/wildberries.ts'

/** How many rows a table must hold of an account, by the vendor's own books. */
export type Truth = { table: string; account: string; rows: number }

/** When (epoch ms) a stream of an account was collected: the vendor's books go on from there. */
type Asked = (stream: string, account: string) => number

/**
 * An imitated vendor of the demo, listening on this machine.
 *
 * - env: the settings that lead to it
 * - accounts: whom it knows, and by which credentials
 * - begin: told when (epoch ms) its collector began, today or days ago, before that asks for anything but its way in
 * - truth: its own books, for a collector that began at `since` (epoch ms) and asked for each stream last when `asked` says
 * - refused: how often it has had to say that its limits are used up
 */
export type World = {
  connector: string
  about: string
  env: Readonly<Record<string, string>>
  accounts: readonly { slug: string; credentials: Readonly<Record<string, string>> }[]
  begin?(since: number): void
  truth(since: number, asked: Asked): Truth[]
  refused(): number
  close(): Promise<void>
}

/** The imitated vendors that the demo can show, by the names of their connectors. */
export const worlds: Readonly<Record<string, () => Promise<World>>> = {
  ...{ binance, wildberries, ozon },
  che168: () => che168(),
}

/** How much history the demo loads of the exchange, in days. */
const days = 31

async function binance(): Promise<World> {
  const sim = imitateBinance(binanceWorld(Date.now()))
  const { url, close } = await serve(sim)
  const start = new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)
  const symbols = 'BTCUSDT,ETHUSDT,SOLUSDT,XRPUSDT,BNBUSDT'
  return {
    ...{ connector: 'binance', accounts: [], truth: () => [], close },
    about: `An imitated Binance answers at ${url}; ${days} days of five symbols are loaded from it.`,
    env: { BINANCE_BASE_URL: url, START_DATE: start, SYMBOLS: symbols, INTERVAL: '1m' },
    refused: () => refusals(sim.calls),
  }
}

/** The streams of Wildberries whose table is named as they are, and which of the vendor's books each is held against. */
const wildberriesBooks = [
  ['orders', 'orders'],
  ['sales', 'sales'],
  ['order_feed', 'feed'],
  ['supplies', 'supplies'],
  ['incomes', 'supplyGoods'],
  ['stocks', 'stocks'],
  ['seller_stocks', 'sellerStocks'],
  ['remains', 'remains'],
  ['finance', 'finance'],
] as const

/** Of the 31 days of the order feed the collector leaves ten minutes for the way of its question; in ms. */
function shorter(stream: string): number {
  return stream === 'order_feed' ? 600_000 : 0
}

async function wildberries(): Promise<World> {
  const world = wildberriesWorld(Date.now())
  const sim = imitateWildberries(world)
  const { url, close } = await serve(sim)
  const hosts = ['BASE', 'ANALYTICS', 'SUPPLIES', 'FINANCE', 'COMMON'].map(host => [`WILDBERRIES_${host}_URL`, url])
  const sellers = world.sellers.map(({ name }) => name)
  return {
    ...{ connector: 'wildberries', close },
    about: `An imitated Wildberries answers at ${url}; it keeps the vendor's limits, some of which are one question a minute.`,
    env: Object.fromEntries(hosts),
    accounts: sellers.map(slug => ({ slug, credentials: { token: sim.mint(slug) } })),
    truth: (since, asked) =>
      sellers.flatMap(account =>
        wildberriesBooks.map(([stream, book]) => ({
          ...{ table: `wildberries.${stream}`, account },
          rows: [...sim.truth(account, book, since + shorter(stream), asked(stream, account))].length,
        })),
      ),
    refused: () => refusals(sim.calls),
  }
}

/** Tables of Ozon, the stream that fills each, and which of the vendor's books it is held against. */
const ozonBooks = [
  ['products', 'products', 'products'],
  ['fbs_stocks', 'fbs_stocks', 'fbs'],
  ['fbo_stocks', 'fbo_stocks', 'fbo'],
  ['report_products', 'report', 'report', 'archive'],
] as const

async function ozon(): Promise<World> {
  const { clientId, apiKey } = demoSeller
  const files = await serve({ fetch: request => sim.fetch(request) })
  const sim = imitateOzon({ ...ozonWorld(), cdnUrl: files.url })
  const { url, close } = await serve(sim)
  const account = 'ozon-shop'
  return {
    ...{ connector: 'ozon', close: async () => void (await Promise.all([close(), files.close()])) },
    about: `An imitated Ozon answers at ${url}.`,
    env: { OZON_BASE_URL: url },
    accounts: [{ slug: account, credentials: { client_id: clientId, api_key: apiKey } }],
    truth: (_, asked) =>
      ozonBooks.map(([table, stream, ...books]) => ({
        ...{ table: `ozon.${table}`, account },
        rows: books.reduce((sum, book) => sum + [...sim.truth(clientId, book, asked(stream, account))].length, 0),
      })),
    refused: () => refusals(sim.calls),
  }
}

/**
 * The market stands where its feed of events begins until its list was read; then it is now, and there are more than three
 * days of changes to go through. When the feed began is told by when the demo did: begun again tomorrow, it goes on.
 */
export async function che168(now = Date.now): Promise<World> {
  const [account, key] = ['che168-lot', 'the key of the demo']
  let isListed = false
  const open = (began: number) => {
    const world = che168World(began)
    return imitateChe168({ ...world, key, now: () => (isListed ? now() : world.since) })
  }
  let sim = open(now())
  const fetch = (request: Request) => {
    isListed ||= new URL(request.url).pathname.endsWith('/changes')
    return sim.fetch(request)
  }
  const { url, close } = await serve({ fetch })
  const held = (at: number) => [...sim.truth(at)].length
  return {
    ...{ connector: 'che168', close },
    about: `An imitated market of used cars answers at ${url}: 3,000 adverts, and more than three days of changes.`,
    env: { CHE168_BASE_URL: `${url}/api/v2/che168`, CHE168_EXPECTED: String(che168World(now()).adverts) },
    accounts: [{ slug: account, credentials: { api_key: key } }],
    begin: since => {
      sim = open(since)
    },
    truth: (_, asked) => {
      const at = asked('changes', account)
      const events = [...sim.events()].filter(event => event.at <= at)
      return [
        { table: 'che168.raw_data', account, rows: held(at) },
        { table: 'che168.events', account, rows: events.length },
        { table: 'che168.processed_data', account, rows: held(at) },
      ]
    },
    refused: () => refusals(sim.calls),
  }
}

function refusals(calls: readonly { status: number }[]): number {
  return calls.filter(({ status }) => status === 429 || status === 418).length
}
