import { parseArgs } from 'node:util'
import { flags, host } from '../host.ts'
import { imitateOauth, type Spoil } from './oauth.ts'

/**
 * The vendor as a process of its own:
 *
 *   node process.ts --options '{"accounts":["anna"],"rows":100,"client":{"id":"app","secret":"s3cret"}}'
 *
 * It prints one line of JSON once it listens: { url }. Ends on SIGTERM. A back door under /_sim, whose calls are not logged:
 *
 *   GET  calls              the log
 *   POST grant/<account>    a first pair of tokens, without a login
 *   POST spoil              { account, times, ms?, status? }: what becomes of the next renewals of an account
 */
const { values } = parseArgs({ options: { port: flags.port, options: { type: 'string' } } })

const vendor = imitateOauth(JSON.parse(values.options ?? '{}'))

async function answer(request: Request): Promise<Response> {
  const [, door, room, name = ''] = new URL(request.url).pathname.split('/')
  if (door !== '_sim') return vendor.fetch(request)
  if (room === 'calls') return Response.json(vendor.calls)
  if (room === 'grant') return Response.json(vendor.tokens.grant(name, Date.now()))
  if (room === 'spoil') vendor.spoil((await request.json()) as Spoil)
  return Response.json({})
}

await host({ fetch: answer }, values)
