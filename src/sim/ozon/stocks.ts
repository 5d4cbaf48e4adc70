import { type Draft, list, Refusal } from './answer.ts'
import { cursorOf, invalid, object, string, whole } from './body.ts'
import { chosen, namedBy, namedOrAll } from './choice.ts'
import { pageOf } from './page.ts'
import type { Question } from './question.ts'
import { heldRow, ownRow, ownSchemes, stockItem, vendorRow } from './rows.ts'

/** POST /v4/product/info/stocks: every answer with items in it has a cursor, also the last one; it has no has_next. */
export function stocks({ shop, body, now }: Question): Draft {
  const filter = object(body, 'filter')
  if (filter === undefined) throw invalid('filter is required')
  const choice = chosen(shop, filter)
  const quant = object(filter, 'with_quant')
  const isWanted = quant?.created === true || quant?.exists === true ? wrapped : () => true
  const rowsOf = (product: Parameters<typeof stockItem>[1]) =>
    isWanted(product.quant) ? [stockItem(shop, product, now)] : []
  const { rows, next } = pageOf(choice.from, rowsOf, string(body, 'cursor'), whole(body, 'limit', 1, 1000))
  const total = quant === undefined ? choice.total() : [...choice.from(0)].filter(one => isWanted(one.quant)).length
  return list(rows, items => ({ cursor: rows.length === 0 ? '' : cursorOf(next), items, total }))
}

function wrapped(quant: number): boolean {
  return quant > 1
}

/** POST /v2/product/info/stocks-by-warehouse/fbs: of named products, in every own warehouse that keeps them. */
export function ownStocks({ shop, body, now }: Question): Draft {
  const { from } = namedBy(shop, body, 'offer_id', 'sku')
  const limit = whole(body, 'limit', 1, 1000)
  const page = pageOf(
    from,
    product => shop.kept(product, ownSchemes, now).map(kept => ownRow(product, kept)),
    string(body, 'cursor'),
    limit,
  )
  return list(page.rows, products => ({ cursor: cursorOf(page.next), has_next: page.more, products }))
}

/** POST /v1/product/info/warehouse/stocks: all of one own warehouse; the last page has a cursor too. */
export function heldStocks({ shop, body, now }: Question): Draft {
  const id = whole(body, 'warehouse_id', 1, Number.MAX_SAFE_INTEGER)
  const warehouse = shop.warehouses.find(one => one.warehouse_id === id && ownSchemes.includes(one.scheme))
  if (warehouse === undefined) throw new Refusal(404, 5, 'warehouse not found')
  const page = pageOf(
    place => shop.products(place, false),
    product => {
      const there = shop.kept(product, ownSchemes, now).filter(kept => kept.warehouse === warehouse)
      return there.map(kept => heldRow(product, kept))
    },
    string(body, 'cursor'),
    whole(body, 'limit', 1, 1000),
  )
  return list(page.rows, stocks => ({ stocks, has_next: page.more, cursor: cursorOf(page.next) }))
}

/** POST /v1/product/info/stocks-by-warehouse/fbo, a beta since 2026-07-02 that some accounts do not have. */
export function vendorStocks({ shop, seller, body, now }: Question): Draft {
  if (seller.fboByWarehouse === false) throw new Refusal(403, 7, 'method is not allowed')
  const { from } = namedOrAll(shop, body, 'offer_ids', 'skus')
  const page = pageOf(
    from,
    product => shop.kept(product, ['fbo'], now).map(kept => vendorRow(product, kept)),
    string(body, 'cursor'),
    whole(body, 'limit', 1, 1000),
  )
  return list(page.rows, products => ({ cursor: page.more ? cursorOf(page.next) : '', has_next: page.more, products }))
}
