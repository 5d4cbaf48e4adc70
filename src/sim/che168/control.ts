import type { Clock } from '../clock.ts'
import * as sim from '../control.ts'
import type { Vendor } from '../serve.ts'
import type { Che168 } from './che168.ts'
import type { Outage } from './world.ts'

/**
 * The vendor with a back door (see ../control.ts) and a clock, and beside them:
 *
 *   GET    truth             ?at=&since=: an advert a line; ?only=car,isActive leaves the other fields out
 *   GET    events            ?from=&to=: an event a line
 *   GET    sent              ?inner_id=&at=: an advert's data as it is sent
 *   POST   outage            { "from", "to", "kind"? } adds one
 *   POST   block             { "blocked": true }
 */
export function control(vendor: Che168, clock: Clock): Vendor {
  return sim.control(vendor, {
    ...sim.clockRooms(clock),
    'GET truth': ({ query }) => sim.lines(chosen(vendor, query)),
    'GET events': ({ query }) => sim.lines(vendor.events(...sim.numbers(query, 'from', 'to'))),
    'GET sent': ({ query }) => vendor.sent(query.get('inner_id') ?? '', ...sim.numbers(query, 'at')),
    'POST outage'({ body }) {
      vendor.outages.push(body as Outage)
      return vendor.outages
    },
    'POST block'({ body }) {
      vendor.block((body as { blocked: boolean }).blocked)
      return body
    },
  })
}

function* chosen(vendor: Che168, query: URLSearchParams): Generator<Record<string, unknown>> {
  const only = query.get('only')?.split(',')
  for (const row of vendor.truth(...sim.numbers(query, 'at', 'since'))) {
    yield only ? Object.fromEntries(Object.entries(row).filter(([name]) => ['innerId', ...only].includes(name))) : row
  }
}
