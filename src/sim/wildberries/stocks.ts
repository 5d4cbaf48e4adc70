import { type Answer, empty, json } from './answer.ts'
import type { Ask, Endpoint } from './ask.ts'
import { places } from './places.ts'
import { type Origin, unfit, unmarketed } from './refuse.ts'
import { ownShelves, wbShelves } from './shelves.ts'
import type { Shop } from './shop.ts'
import { cellOf, firstStock, type Stock } from './stock.ts'

type Count = (shop: Shop, at: number) => Stock

/** The reports of stock, and the seller's warehouses with what lies there at this moment. */
export function stocks(count: Count): Endpoint[] {
  return [
    {
      ...{ name: 'stocks', method: 'POST', path: /^\/api\/analytics\/v1\/stocks-report\/wb-warehouses$/ },
      ...{ category: 'analytics', limit: 'stocks', closed: ['base', 'test'] },
      answer: ask => report(ask, wbShelves(ask.shop, count(ask.shop, ask.known), ask.now)),
    },
    {
      ...{ name: 'sellerStocks', method: 'POST', path: /^\/api\/analytics\/v1\/stocks-report\/seller-warehouses$/ },
      ...{ category: 'analytics', limit: 'stocks', closed: ['base', 'test'] },
      answer: ask => report(ask, ownShelves(ask.shop, count(ask.shop, ask.known))),
    },
    {
      ...{ name: 'warehouses', method: 'GET', path: /^\/api\/v3\/warehouses$/ },
      ...{ category: 'marketplace', limit: 'marketplace' },
      answer: () => json(200, ownWarehouses, ownWarehouses.length),
    },
    {
      ...{ name: 'amounts', method: 'POST', path: /^\/api\/v3\/stocks\/([^/]+)$/ },
      ...{ category: 'marketplace', limit: 'marketplace' },
      answer: ask => amounts(ask, count(ask.shop, ask.now)),
    },
  ]
}

const ownWarehouses = places
  .filter(({ own }) => own)
  .map(({ id, name }) => ({
    ...{ name, officeId: 15, id, cargoType: 1, deliveryType: 1, isDeleting: false, isProcessing: false },
  }))

const mostIds = 1_000
const mostRows = 250_000

/** Offset paging; a seller without any stock gets a 204, and an offset behind the last row an empty list. */
function report(ask: Ask, shelves: readonly { nmId: number; chrtId: number }[]): Answer {
  const wish = wishOf(ask.body, ask)
  const wanted = shelves.filter(
    ({ nmId, chrtId }) =>
      (wish.nmIds.length === 0 || wish.nmIds.includes(nmId)) &&
      (wish.chrtIds.length === 0 || wish.chrtIds.includes(chrtId)),
  )
  if (wanted.length === 0) return empty()
  const items = wanted.slice(wish.offset, wish.offset + wish.limit)
  return json(200, { data: { items } }, items.length)
}

function wishOf(body: unknown, origin: Origin) {
  if (typeof body === 'string' && body !== '') throw unfit(400, 'request body has an error: not a valid JSON', origin)
  const { nmIds = [], chrtIds = [], limit = mostRows, offset = 0 } = (body || {}) as Record<string, unknown>
  if (!isIds(nmIds) || nmIds.length > mostIds) throw unfit(400, 'nmIds: up to 1000 whole numbers are allowed', origin)
  if (!isIds(chrtIds)) throw unfit(400, 'chrtIds: whole numbers are allowed', origin)
  if (chrtIds.length > 0 && nmIds.length === 0) throw unfit(400, 'chrtIds: only together with nmIds', origin)
  if (!isCount(limit) || limit > mostRows) throw unfit(400, 'limit: 250000 at most', origin)
  if (!isCount(offset)) throw unfit(400, 'offset: not a whole number', origin)
  return { nmIds, chrtIds, limit, offset }
}

/** Sizes that never lay there are left out. */
function amounts({ shop, id, body }: Ask, { quantity }: Stock): Answer {
  const place = places.findIndex(each => each.own && String(each.id) === id)
  const { chrtIds } = (body || {}) as { chrtIds?: unknown }
  if (!/^\d+$/.test(id) || !isIds(chrtIds) || chrtIds.length > mostIds) throw unmarketed(400, 'IncorrectParameter')
  if (place < 0) throw unmarketed(404, 'NotFound')
  const stocks = shop.catalogue.sizes.flatMap(({ chrtId }, size) => {
    const lies = chrtIds.includes(chrtId) && firstStock(shop, size, place) > 0
    return lies ? [{ chrtId, amount: quantity[cellOf(size, place)]! }] : []
  })
  return json(200, { stocks }, stocks.length)
}

function isIds(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(Number.isSafeInteger)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
