import { serve } from '../../src/sim/serve.ts'
import { imitateWildberries } from '../../src/sim/wildberries/wildberries.ts'
import { options, sellers } from './world.ts'

/**
 * The imitated marketplace without limits, as a process of its own. A page is made once and kept: what is measured is who
 * collects it. It prints one line of JSON once it listens: { url, tokens, rows }. Ends on SIGTERM.
 */
const sim = imitateWildberries(options)
const pages = new Map<string, Uint8Array<ArrayBuffer>>()

const served = await serve({ fetch: kept }, { compress: false })
process.on('SIGTERM', () => void served.close())
const tokens = Object.fromEntries(sellers.map(name => [name, sim.mint(name)]))
let rows = 0
for (const name of sellers) for (const _ of sim.truth(name, 'orders')) rows++
process.stdout.write(`${JSON.stringify({ url: served.url, tokens, rows })}\n`)

async function kept(request: Request): Promise<Response> {
  const key = `${request.headers.get('authorization')} ${request.url}`
  const page = pages.get(key) ?? (await made(request, key))
  return new Response(page, { headers: { 'content-type': 'application/json' } })
}

async function made(request: Request, key: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await sim.fetch(request)
  const page = new Uint8Array(await response.arrayBuffer())
  if (response.status === 200) pages.set(key, page)
  return page
}
