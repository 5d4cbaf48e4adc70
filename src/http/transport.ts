import { Agent, request as ask, type Dispatcher } from 'undici'
import { BadPage, Transient } from '../core/failure.ts'
import { filled, gatherer, type Pieces, sizeOf } from './body.ts'
import { acceptEncoding, decode } from './decode.ts'
import { type Fetch, usualDeadline } from './fetch.ts'
import { trouble } from './trouble.ts'

export type Transport = {
  fetch: Fetch
  /** Waits for the exchanges under way, then closes every connection. */
  close(): Promise<void>
}

/**
 * The wire. A response is returned when its whole body is here, decompressed; so everything a wire can do to an answer
 * (cut it, reset it, stall, flood) fails here, as a Transient or, for one over `maxBytes`, as a BadPage.
 *
 * - `maxBytes`: the largest body we take, counted after decompression.
 * - `connections`: how many per origin; they are kept alive, with one request at a time on each. More requests than
 *   that wait, and their deadline runs.
 * - `deadline`: ms for one try when the request names none.
 *
 * Redirects are not followed: the headers that authorise us would go wherever a vendor's answer points to. HTTP/1.1
 * only, so that a stalled answer holds up no other one.
 */
export function transport(settings: { maxBytes: number; connections?: number; deadline?: number }): Transport {
  const { maxBytes, connections = 16, deadline = usualDeadline } = settings
  const connect = { timeout: 10_000 }
  const agent = new Agent({ connections, pipelining: 1, allowH2: false, headersTimeout: 0, bodyTimeout: 0, connect })
  return {
    fetch: (request, options) => within(options?.deadline ?? deadline, request, stop => exchange(request, stop)),
    close: () => agent.close(),
  }

  async function exchange(request: Request, stop: AbortSignal): Promise<Response> {
    const answer = await ask(request.url, { ...(await questionOf(request)), dispatcher: agent, signal: stop })
    const { host } = new URL(request.url)
    const headers = headersOf(answer)
    const encoding = empty(request, answer) ? null : headers.get('content-encoding')
    const pieces = await read(decode(answer.body, encoding, host), maxBytes, host)
    return whole(pieces, answer, headers, host)
  }
}

/**
 * Runs one exchange until the deadline or until the request is aborted, whose reason is then thrown as it is. It does
 * not wait for the pool to notice: a request that still waits for a connection is dropped only when it gets one.
 */
async function within(
  deadline: number,
  { signal, url }: Request,
  exchange: (stop: AbortSignal) => Promise<Response>,
): Promise<Response> {
  signal.throwIfAborted()
  const stop = new AbortController()
  const stopped = Promise.withResolvers<never>()
  stop.signal.addEventListener('abort', () => stopped.reject(stop.signal.reason))
  const abort = () => stop.abort(signal.reason)
  const timer = setTimeout(() => stop.abort(late(new URL(url), deadline)), deadline)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([exchange(stop.signal), stopped.promise])
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : trouble(error, new URL(url))
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}

function late({ host }: URL, deadline: number): Transient {
  return new Transient('vendor-timeout', `${host} did not give its whole answer within ${deadline / 1000} s`)
}

async function questionOf(request: Request) {
  const headers: Record<string, string> = { 'accept-encoding': acceptEncoding }
  for (const [name, value] of request.headers) headers[name] = value
  const body = request.body === null ? null : new Uint8Array(await request.arrayBuffer())
  return { method: request.method as Dispatcher.HttpMethod, headers, body }
}

function headersOf({ headers: given }: Dispatcher.ResponseData): Headers {
  const headers = new Headers()
  for (const [name, values] of Object.entries(given)) {
    for (const value of [values ?? []].flat()) headers.append(name, value)
  }
  return headers
}

function empty({ method }: Request, { statusCode, headers }: Dispatcher.ResponseData): boolean {
  return method === 'HEAD' || statusCode === 204 || statusCode === 304 || headers['content-length'] === '0'
}

async function read(body: AsyncIterable<Uint8Array>, maxBytes: number, host: string): Promise<Pieces> {
  const { add, end } = gatherer()
  let bytes = 0
  for await (const piece of body) {
    bytes += piece.byteLength
    if (bytes > maxBytes) {
      throw new BadPage(
        'answer-too-large',
        `${host} sent more than the ${maxBytes} bytes we take: ask for less at once`,
      )
    }
    await add(piece)
  }
  return end()
}

/** The headers say what the body now is: decompressed, and this long. */
function whole(pieces: Pieces, answer: Dispatcher.ResponseData, headers: Headers, host: string): Response {
  const { statusCode: status } = answer
  if (status < 200 || status > 599) throw new Transient('vendor-garbled', `${host} answered with the status ${status}`)
  headers.delete('content-encoding')
  headers.delete('transfer-encoding')
  headers.set('content-length', String(sizeOf(pieces)))
  return filled(pieces, { status, statusText: plain(answer.statusText), headers })
}

/** A status text outside ASCII, which `Response` refuses, is left out: the status says it all. */
function plain(statusText: string): string {
  return /^[ -~]*$/.test(statusText) ? statusText : ''
}
