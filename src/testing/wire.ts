import { filled } from '../http/body.ts'
import type { Fetch } from '../http/fetch.ts'
import { trouble } from '../http/trouble.ts'

/** An imitated vendor: it answers a Request with a Response. One that knows more of the world takes its time from `now`. */
export type Vendor = { fetch(request: Request): Promise<Response> }

/** One question as it reached the vendor: when (ms of the kit's clock), of which stream and account, what it cost, how it was answered. */
export type Call = {
  at: number
  stream: string
  account: string
  costs: Readonly<Record<string, number>>
  method: string
  url: string
  status: number
  /** Its answer was no text: nothing in it could be altered. */
  binary: boolean
}

/** What may be done to questions and answers on their way. */
export type Ways = {
  /** Hears of each question before the vendor does; what it throws breaks the question off. */
  before?(call: Call): void
  /** The body of an answer as it shall arrive; only of one that is text. */
  alter?(text: string, call: Call): string
}

/** The header by which a question tells the kit whose it is; no vendor sees it. */
export const label = 'x-sluice-kit'

/** The way to an imitated vendor, without a network. */
export function wireOf(vendor: Vendor, time: () => number, ways: Ways): { fetch: Fetch } {
  const fetch: Fetch = async request => {
    request.signal.throwIfAborted()
    const call = received(request, time())
    ways.before?.(call)
    const response = await vendor.fetch(unlabelled(request)).catch(error => {
      throw trouble(error, new URL(request.url))
    })
    call.status = response.status
    return arrived(response, call, ways)
  }
  return { fetch }
}

function received({ headers, method, url }: Request, at: number): Call {
  const { stream = '', account = '', costs = {} } = JSON.parse(headers.get(label) ?? '{}') as Partial<Call>
  return { at, stream, account, costs, method, url, status: 0, binary: false }
}

function unlabelled(request: Request): Request {
  const headers = new Headers(request.headers)
  headers.delete(label)
  return new Request(request, { headers })
}

/** An answer is whole when it arrives, and says how long it is, as the real wire has it. */
async function arrived(response: Response, call: Call, { alter }: Ways): Promise<Response> {
  const headers = new Headers(response.headers)
  const isText = /json|text|csv/.test(headers.get('content-type') ?? 'text')
  call.binary = !isText
  const body =
    alter && isText
      ? new TextEncoder().encode(alter(await response.text(), call))
      : new Uint8Array(await response.arrayBuffer())
  headers.set('content-length', String(body.byteLength))
  return filled([body], { status: response.status, statusText: response.statusText, headers })
}
