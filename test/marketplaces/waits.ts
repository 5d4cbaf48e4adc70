import type { Wait } from './time.ts'
import type { World } from './world.ts'

/** What a stream of Wildberries asks, by the names of the imitated vendor's endpoints. */
const endpoints: Readonly<Record<string, readonly string[]>> = {
  ...{ orders: ['orders'], sales: ['sales'], order_feed: ['feed'], finance: ['finance'], supplies: ['supplies'] },
  ...{ supply_details: ['supply'], incomes: ['supplyGoods'], stocks: ['stocks'], seller_stocks: ['sellerStocks'] },
  remains: ['remains', 'remainsStatus', 'remainsDownload'],
}

/** The beginnings of what a stream of Ozon asks. */
const paths: Readonly<Record<string, readonly string[]>> = {
  ...{ products: ['/v3/product/list'], stocks: ['/v4/product/info/stocks'], warehouses: ['/v2/warehouse/list'] },
  fbs_stocks: ['/v2/product/info/stocks-by-warehouse/fbs'],
  fbo_stocks: ['/v1/product/info/stocks-by-warehouse/fbo'],
  ...{ analytics: ['/v1/analytics/stocks'], report: ['/v1/report/'] },
}

const day = 86_400_000
const told = /^(?:(throttled) until|(retry) \d+ of \d+ at|.*; (asked) again at) (\d\d:\d\d:\d\d) UTC/

/** A wait whose reason tells until when. */
export type Told = Wait & { kind: string; until: number }

/** The waits that tell a time in their words, with that time (ms). */
export function toldOf(waits: readonly Wait[]): Told[] {
  return waits.flatMap(wait => {
    const [, throttled, retry, asked, time] = told.exec(wait.reason) ?? []
    if (time === undefined) return []
    const due = wait.due.getTime()
    const sameDay = Math.floor(due / day) * day + Date.parse(`1970-01-01T${time}Z`)
    const until = sameDay < due - 2_000 ? sameDay + day : sameDay
    return [{ ...wait, kind: (throttled ?? retry ?? asked)!, until }]
  })
}

/** Waits whose time is not that at which their run is due, a second early for a bucket, and calls that came before it. */
export function brokenWaits(world: World, waits: readonly Told[]): unknown[] {
  return waits.flatMap(wait => {
    const early = wait.until - wait.due.getTime()
    const before = callsOf(world, wait).filter(({ at }) => at > wait.seen && at < wait.until)
    const agrees = early >= -1_000 && early <= 1_000
    return agrees && before.length === 0 ? [] : [{ wait, before }]
  })
}

function callsOf({ wildberries, ozon }: World, { connector, account, stream }: Wait): { at: number; status: number }[] {
  if (connector === 'ozon') return ozon.calls.filter(({ path }) => paths[stream]!.some(begin => path.startsWith(begin)))
  return wildberries.calls.filter(call => call.seller === account && endpoints[stream]!.includes(call.endpoint))
}
