import { json } from './answer.ts'
import type { Ask, Endpoint } from './ask.ts'
import { feed } from './feed.ts'
import { finance } from './finance.ts'
import { zoned } from './moscow.ts'
import { remains } from './remains.ts'
import { type Paging, statistics } from './statistics.ts'
import { stockBook } from './stock.ts'
import { stocks } from './stocks.ts'
import { supplies } from './supplies.ts'

/** Every method there is, whichever of the vendor's hosts it lives on: their paths do not collide. */
export function endpointsOf(paging: Paging): Endpoint[] {
  const count = stockBook()
  const reports = [...statistics(paging), feed(), ...stocks(count), ...remains(count), finance()]
  return [ping, sellerInfo, ...reports, ...supplies()]
}

const ping: Endpoint = {
  ...{ name: 'ping', method: 'GET', path: /^\/ping$/, category: null, limit: 'ping' },
  answer: ({ now }: Ask) => json(200, { TS: zoned(now), Status: 'OK' }),
}

const sellerInfo: Endpoint = {
  ...{ name: 'sellerInfo', method: 'GET', path: /^\/api\/v1\/seller-info$/, category: null, limit: 'seller' },
  answer: ({ shop }: Ask) => json(200, { name: `ООО "${shop.name}"`, sid: shop.sid, tradeMark: shop.name }),
}
