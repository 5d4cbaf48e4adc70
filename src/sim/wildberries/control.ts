import type { Clock } from '../clock.ts'
import * as sim from '../control.ts'
import type { Vendor } from '../serve.ts'
import type { Mint } from './token.ts'
import { type Stream, streamNames } from './truth.ts'
import type { Wildberries } from './wildberries.ts'
import type { Outage } from './world.ts'

/**
 * The marketplace with a back door (see ../control.ts) and a clock, and beside them:
 *
 *   GET    truth             ?seller=&stream=&since=: one row a line
 *   POST   mint              { "seller", "type"?, "categories"?, "expires"? } gives { token }
 *   POST   revoke            { "token" }
 *   POST   outage            { "from", "to", "kind"? } adds one
 */
export function control(vendor: Wildberries, clock: Clock): Vendor {
  return sim.control(vendor, {
    ...sim.clockRooms(clock),
    'GET truth': ({ query }) => truth(vendor, query),
    'POST mint': ({ body }) => mint(vendor, body as Mint & { seller: string }),
    'POST revoke'({ body }) {
      vendor.revoke((body as { token: string }).token)
      return {}
    },
    'POST outage'({ body }) {
      vendor.outages.push(body as Outage)
      return vendor.outages
    },
  })
}

function mint(vendor: Wildberries, { seller, ...wish }: Mint & { seller: string }) {
  return { token: vendor.mint(seller, wish) }
}

function truth(vendor: Wildberries, query: URLSearchParams): Response {
  const stream = query.get('stream') as Stream
  if (!streamNames.includes(stream)) return Response.json({ streams: streamNames }, { status: 404 })
  return sim.lines(vendor.truth(query.get('seller') ?? '', stream, ...sim.numbers(query, 'since')))
}
