import { type Answer, json } from './answer.ts'
import type { Ask, Endpoint } from './ask.ts'
import { goodsOf, type ListRow, listRow, supplyDetails } from './delivered.ts'
import { dayOf, plainDay } from './moscow.ts'
import { unsupplied } from './refuse.ts'
import type { Shop } from './shop.ts'
import { preorderId, suppliesUntil, supplyId, supplyLife } from './supply.ts'

const mostRows = 1_000
const plainText = 'text/plain; charset=utf-8'

/** The supplies of a seller: a list, one supply, and its goods. All three are told in real time. */
export function supplies(): Endpoint[] {
  return [
    {
      ...{ name: 'supplies', method: 'POST', path: /^\/api\/v1\/supplies$/, category: 'supplies', limit: 'supplies' },
      answer: list,
    },
    {
      ...{
        name: 'supply',
        method: 'GET',
        path: /^\/api\/v1\/supplies\/([^/]+)$/,
        category: 'supplies',
        limit: 'supply',
      },
      answer: ask => json(200, supplyDetails(ask.shop, find(ask, 404), ask.now), 1),
    },
    {
      ...{ name: 'supplyGoods', method: 'GET', path: /^\/api\/v1\/supplies\/([^/]+)\/goods$/ },
      ...{ category: 'supplies', limit: 'supply' },
      answer: goods,
    },
  ]
}

/** The newest first; without a filter only the last 1000 are listed. */
function list(ask: Ask): Answer {
  const { shop, now } = ask
  const [limit, offset] = [whole(ask, 'limit', mostRows, 1, mostRows), whole(ask, 'offset', 0, 0)]
  const passes = filterOf(ask)
  const count = suppliesUntil(shop, now)
  const all = Array.from({ length: count }, (_, back) => listRow(shop, count - 1 - back, now))
  const rows = (passes ? all.filter(passes) : all.slice(0, mostRows)).slice(offset, offset + limit)
  return json(200, rows, rows.length)
}

const dateTypes = ['factDate', 'createDate', 'supplyDate', 'updatedDate'] as const
type DateType = (typeof dateTypes)[number]

/** Filters given together must all agree; undefined when there is none. A row without the date agrees with none. */
function filterOf(ask: Ask): ((row: ListRow) => boolean) | undefined {
  const body = (ask.body || {}) as { dates?: unknown; statusIDs?: unknown }
  if (typeof body !== 'object') throw unsupplied(400, 'Неверный формат тела запроса', ask)
  const { dates = [], statusIDs = [] } = body
  if (!Array.isArray(dates)) throw unsupplied(400, 'Неверный формат dates', ask)
  if (!Array.isArray(statusIDs) || !statusIDs.every(id => [1, 2, 3, 4, 5, 6].includes(id)))
    throw unsupplied(400, 'Неверный формат statusIDs', ask)
  const spans = dates.map(date => spanOf(date, ask))
  if (spans.length === 0 && statusIDs.length === 0) return undefined
  return row => (statusIDs.length === 0 || statusIDs.includes(row.statusID)) && spans.every(agrees => agrees(row))
}

/** Days, the last one included. */
function spanOf(wish: unknown, ask: Ask): (row: ListRow) => boolean {
  const { from, till, type } = (wish ?? {}) as Record<string, unknown>
  if (!dateTypes.includes(type as DateType)) throw unsupplied(400, 'Неверный формат type', ask)
  for (const [name, text] of Object.entries({ from, till }))
    if (text !== undefined && plainDay(text) === undefined) throw unsupplied(400, `Неверный формат ${name}`, ask)
  const [first, last] = [(from as string) ?? '', (till as string) ?? '9999-12-31']
  return row => {
    const text = row[type as DateType]
    const day = text === null ? undefined : dayOf(Date.parse(text))
    return day !== undefined && day >= first && day <= last
  }
}

/** An unknown supply is 400 here, and what is refused is JSON under the name of plain text. */
function goods(ask: Ask): Answer {
  const [limit, offset] = [whole(ask, 'limit', 100, 1, mostRows), whole(ask, 'offset', 0, 0)]
  const rows = goodsOf(ask.shop, find(ask, 400), ask.now).slice(offset, offset + limit)
  return json(200, rows, rows.length)
}

/**
 * The number of the supply asked for, by its own id or by that of its preorder. Once a preorder has become a supply it
 * can only be asked for by the latter's id.
 */
function find(ask: Ask, unknown: 400 | 404): number {
  const { shop, id, now } = ask
  const type = unknown === 400 ? plainText : undefined
  const isPreorder = ask.query.get('isPreorderID') ?? 'false'
  if (!/^\d+$/.test(id)) throw unsupplied(400, 'Неверный формат ID', ask, type)
  if (isPreorder !== 'true' && isPreorder !== 'false') throw unsupplied(400, 'Неверный формат isPreorderID', ask, type)
  const nth = isPreorder === 'true' ? Number(id) - preorderId(shop, 0) : Number(id) - supplyId(shop, 0)
  const life = isThere(shop, nth, now) ? supplyLife(shop, nth) : undefined
  if (isPreorder === 'false') {
    if (life && life.planned <= now) return nth
  } else if (life && !life.virtual) {
    if (life.planned > now) return nth
    const detail = `fail to get supply details: по заказу ${id} найдена поставка ${supplyId(shop, nth)}. Используйте поиск по ID поставки`
    throw unsupplied(400, detail, ask, type)
  }
  throw unsupplied(unknown, `поставка ${id} не найдена`, ask, type)
}

function isThere(shop: Shop, nth: number, now: number): boolean {
  return nth >= 0 && nth < suppliesUntil(shop, now)
}

function whole(ask: Ask, name: string, usual: number, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const text = ask.query.get(name) ?? String(usual)
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  throw unsupplied(400, `Неверный формат ${name}`, ask, ask.id === '' ? undefined : plainText)
}
