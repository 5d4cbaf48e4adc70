import type { Clock } from '../clock.ts'
import * as sim from '../control.ts'
import type { Vendor } from '../serve.ts'
import type { Ozon } from './ozon.ts'
import type { Row } from './rows.ts'
import { type Subject, subjects } from './truth.ts'
import type { Outage, Seller } from './world.ts'

/**
 * The vendor with a back door (see ../control.ts) and a clock. What is planted also tells what it `spoiled`. Beside them:
 *
 *   GET    truth             ?seller=&what=stocks&at=: one JSON row a line
 *   POST   outages           { "from": ms, "to": ms }
 *   POST   sellers/<id>      changes: { "key": "deactivated" }, or { "blocked": false }
 */
export function control(ozon: Ozon, clock: Clock): Vendor {
  return sim.control(ozon, {
    ...sim.clockRooms(clock),
    'GET truth': ({ query }) => sim.lines(truth(ozon, query)),
    'POST outages': ({ body }) => ({ outages: ozon.outages.push(body as Outage) }),
    'POST sellers': ({ body, id }) => change(ozon, id, body as Partial<Seller> & { blocked?: boolean }),
  })
}

function change(ozon: Ozon, id: string, { blocked, ...changes }: Partial<Seller> & { blocked?: boolean }) {
  ozon.change(id, changes)
  if (blocked !== undefined) ozon.block(id, blocked)
  return { changed: id }
}

function truth(ozon: Ozon, query: URLSearchParams): Iterable<Row> {
  const what = query.get('what') as Subject
  if (!subjects.includes(what)) throw new RangeError(`there is no truth about ${what}, only about ${subjects.join()}`)
  return ozon.truth(query.get('seller') ?? '', what, ...sim.numbers(query, 'at'))
}
