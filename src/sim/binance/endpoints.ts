import { type Answer, json, Refusal } from './answer.ts'
import { listedSymbols } from './info.ts'
import { intervals } from './interval.ts'
import type { Market } from './market.ts'
import type { Limits } from './meter.ts'
import { mandatory, type Parameters, parametersOf, symbolName, time, whole } from './parameters.ts'
import type { World } from './world.ts'

/** What an endpoint may look at to answer. */
export type Floor = { world: World; market: Market; limits: Limits; now: number }

/** A path of the API: its request weight (rest-api.md), the parameters it knows, and its answer. */
export type Endpoint = {
  weight: number
  known: readonly string[]
  /** @throws Refusal */
  answer(parameters: Parameters, floor: Floor): Answer
}

export const endpoints: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  ['/api/v3/ping', { weight: 1, known: [], answer: () => json(200, {}) }],
  ['/api/v3/time', { weight: 1, known: [], answer: (_, { now }) => json(200, { serverTime: now }) }],
  [
    '/api/v3/exchangeInfo',
    {
      weight: 20,
      known: ['symbol', 'symbols', 'permissions', 'symbolStatus', 'showPermissionSets'],
      answer: (parameters, floor) => json(200, exchangeInfo(parameters, floor)),
    },
  ],
  [
    '/api/v3/klines',
    { weight: 2, known: ['symbol', 'interval', 'startTime', 'endTime', 'timeZone', 'limit'], answer: klines },
  ],
])

/** The endpoint's answer, or its refusal with status 400. */
export function ask(endpoint: Endpoint, query: URLSearchParams, floor: Floor): Answer {
  try {
    return endpoint.answer(parametersOf(query, endpoint.known), floor)
  } catch (error) {
    if (error instanceof Refusal) return json(400, { code: error.code, msg: error.message })
    throw error
  }
}

function klines(parameters: Parameters, { market, now }: Floor): Answer {
  const symbol = symbolName(mandatory(parameters, 'symbol'))
  const interval = mandatory(parameters, 'interval')
  const [start, end] = [time(parameters, 'startTime'), time(parameters, 'endTime')]
  const limit = limitOf(parameters)
  if (!intervals.has(interval)) throw new Refusal(-1120, 'Invalid interval.')
  if (market.listing(symbol) === undefined) throw new Refusal(-1121, 'Invalid symbol.')
  if (!/^[+-]?0?0(:00)?$/.test(parameters.get('timeZone') ?? '0')) throw unfit('timeZone')
  const page = market.page(
    { symbol, interval, ...(start !== undefined && { start }), ...(end !== undefined && { end }), limit },
    now,
  )
  return { status: 200, headers: { 'content-type': 'application/json;charset=UTF-8' }, ...page }
}

/** Default 500. Over 1000 is cut to 1000, as the vendor documents it for depth; for klines it documents nothing. */
function limitOf(parameters: Parameters): number {
  const limit = whole(parameters, 'limit') ?? 500
  if (limit < 1) throw unfit('limit')
  return Math.min(limit, 1000)
}

function exchangeInfo(parameters: Parameters, { world, market, limits, now }: Floor) {
  const names = symbolsOf(parameters)
  if (names?.some(name => market.listing(name) === undefined)) throw new Refusal(-1121, 'Invalid symbol.')
  const listings = names?.map(name => market.listing(name)!) ?? world.symbols
  return listedSymbols(listings, parameters, limits, now)
}

function symbolsOf(parameters: Parameters): string[] | undefined {
  const [one, many] = [parameters.get('symbol'), parameters.get('symbols')]
  if (one !== undefined && many !== undefined) throw new Refusal(-1128, 'Combination of optional parameters invalid.')
  if (one !== undefined) return [symbolName(one)]
  return many === undefined ? undefined : symbolList(many)
}

/** The parameter is a JSON list: ["BTCUSDT","BNBUSDT"]. */
function symbolList(text: string): string[] {
  try {
    const list: unknown = JSON.parse(text)
    if (Array.isArray(list) && list.length > 0 && list.every(name => typeof name === 'string'))
      return [...new Set(list)]
  } catch {}
  throw new Refusal(
    -1100,
    'Illegal characters found in parameter \'symbols\'; legal range is \'^\\[("[^"]+")(,"[^"]+")*\\]$\'.',
  )
}

function unfit(name: string): Refusal {
  return new Refusal(-1130, `Data sent for parameter '${name}' is not valid.`)
}
