import type { Limits } from './meter.ts'
import type { Parameters } from './parameters.ts'
import type { Listing } from './world.ts'

const quotes = ['USDT', 'USDC', 'FDUSD', 'BUSD', 'TUSD', 'EUR', 'TRY', 'BTC', 'ETH', 'BNB']
/** What a limit that does not exist looks like on the wire, where there is no Infinity. */
const unlimited = 2 ** 31 - 1

/** The answer of exchangeInfo: limits, and the symbols, dead ones among them. */
export function listedSymbols(listings: readonly Listing[], parameters: Parameters, limits: Limits, now: number) {
  const wanted = parameters.get('symbolStatus')
  const withPermissions = parameters.get('showPermissionSets') !== 'false'
  const symbols = listings.map(listing => symbolInfo(listing, withPermissions, now))
  return {
    timezone: 'UTC',
    serverTime: now,
    rateLimits: [
      rateLimit('REQUEST_WEIGHT', 1, limits.weight ?? 6_000),
      rateLimit('RAW_REQUESTS', 5, limits.requests ?? 300_000),
    ],
    exchangeFilters: [],
    symbols: symbols.filter(({ status }) => wanted === undefined || wanted === status),
  }
}

function rateLimit(rateLimitType: string, intervalNum: number, limit: number) {
  return { rateLimitType, interval: 'MINUTE', intervalNum, limit: Math.min(limit, unlimited) }
}

function symbolInfo(listing: Listing, withPermissions: boolean, now: number) {
  const { symbol, decimals = 2 } = listing
  const quote = quotes.find(asset => symbol.endsWith(asset) && symbol !== asset) ?? symbol.slice(-3)
  return {
    symbol,
    status: statusOf(listing, now),
    baseAsset: symbol.slice(0, -quote.length),
    baseAssetPrecision: 8,
    quoteAsset: quote,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    orderTypes: ['LIMIT', 'LIMIT_MAKER', 'MARKET', 'STOP_LOSS_LIMIT', 'TAKE_PROFIT_LIMIT'],
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: [
      {
        filterType: 'PRICE_FILTER',
        minPrice: (10 ** -decimals).toFixed(8),
        maxPrice: '1000000.00000000',
        tickSize: (10 ** -decimals).toFixed(8),
      },
      { filterType: 'LOT_SIZE', minQty: '0.00001000', maxQty: '9000.00000000', stepSize: '0.00001000' },
    ],
    permissions: [],
    ...(withPermissions && { permissionSets: [['SPOT']] }),
  }
}

function statusOf({ status, delisted }: Listing, now: number): string {
  return status ?? (delisted !== undefined && delisted <= now ? 'BREAK' : 'TRADING')
}
