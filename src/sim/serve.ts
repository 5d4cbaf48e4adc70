import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'

/** Whatever answers a Request with a Response; it rejects with code ECONNRESET to break the connection. */
export type Vendor = { fetch(request: Request): Promise<Response> }

export type ServeOptions = {
  /** Default: any free one. */
  port?: number
  /** Default 127.0.0.1. */
  host?: string
  /** Compress what the client accepts compressed; default true. */
  compress?: boolean
}

export type Served = { url: string; port: number; close(): Promise<void> }

const compressed = promisify(gzip)
/** Bodies of this type are sent while they are made, as they are: they may be as long as they like. */
const lines = 'application/x-ndjson'
/** Smaller bodies do not gain from compression. */
const worthwhile = 1024

/**
 * Puts a vendor on a real port. What only a wire can do is done here: a rejection with ECONNRESET destroys the
 * connection, and a content-length greater than the body ends it in the middle of the answer.
 */
export async function serve(vendor: Vendor, options: ServeOptions = {}): Promise<Served> {
  const { port = 0, host = '127.0.0.1', compress = true } = options
  const server = createServer((incoming, outgoing) => void exchange(vendor, incoming, outgoing, compress))
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  const address = server.address() as AddressInfo
  const close = () =>
    new Promise<void>((resolve, reject) => {
      server.close(error => (error ? reject(error) : resolve()))
      server.closeAllConnections()
    })
  return { url: `http://${host}:${address.port}`, port: address.port, close }
}

/** A fault of the vendor's own code shows as a 500 with its stack, so that no test takes it for bad manners. */
async function exchange(vendor: Vendor, incoming: IncomingMessage, outgoing: ServerResponse, compress: boolean) {
  try {
    const response = await vendor.fetch(await requestOf(incoming))
    await send(response, outgoing, compress && acceptsGzip(incoming))
  } catch (error) {
    if ((error as { code?: string }).code === 'ECONNRESET') incoming.socket.destroy()
    else outgoing.writeHead(500, { 'content-type': 'text/plain' }).end(String((error as Error).stack))
  }
}

async function requestOf(incoming: IncomingMessage): Promise<Request> {
  const { method = 'GET', url = '/', rawHeaders, headers } = incoming
  const pairs: [string, string][] = []
  for (let at = 0; at < rawHeaders.length; at += 2) pairs.push([rawHeaders[at]!, rawHeaders[at + 1]!])
  const body = method === 'GET' || method === 'HEAD' ? null : await bytesOf(incoming)
  return new Request(`http://${headers.host ?? 'localhost'}${url}`, { method, headers: pairs, body })
}

async function bytesOf(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function acceptsGzip(incoming: IncomingMessage): boolean {
  return /\bgzip\b/.test(String(incoming.headers['accept-encoding'] ?? ''))
}

async function send(response: Response, outgoing: ServerResponse, zip: boolean) {
  const headers = Object.fromEntries(response.headers)
  if (headers['content-type'] === lines && response.body) {
    outgoing.writeHead(response.status, headers)
    return pipeline(response.body, outgoing)
  }
  const announced = Number(headers['content-length'] ?? Number.NaN)
  const body = Buffer.from(await response.arrayBuffer())
  if (announced > body.byteLength) return breakOff(response.status, headers, body, outgoing)
  const zipped = zip && body.byteLength > worthwhile && headers['content-encoding'] === undefined
  const bytes = zipped ? await compressed(body, { level: constants.Z_BEST_SPEED }) : body
  if (zipped) headers['content-encoding'] = 'gzip'
  headers['content-length'] = String(bytes.byteLength)
  outgoing.writeHead(response.status, headers).end(bytes)
}

function breakOff(status: number, headers: Record<string, string>, body: Buffer, outgoing: ServerResponse) {
  outgoing.writeHead(status, headers)
  outgoing.write(body, () => outgoing.socket?.destroy())
}
