import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { Readable } from 'node:stream'
import { answerOf } from './orders.ts'

/** A vendor that gives all orders in one answer: with short ids, or at /long with long ones. */
export async function serveOrders(): Promise<Server> {
  const server = createServer(({ url }, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    Readable.from(answerOf(url?.startsWith('/long') ? 'long' : 'short')).pipe(response)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return server
}
