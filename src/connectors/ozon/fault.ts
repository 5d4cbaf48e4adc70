import { z } from 'zod'
import type { Fault, FaultyAnswer } from '../../core/fault.ts'
import { methods } from './vendor.ts'

const beta = '/v1/product/info/stocks-by-warehouse/fbo'

/** How long an open breaker of a method is left alone (ms): several minutes, by reports. */
const breaker = 300_000

/**
 * What Ozon says of keys and accounts (docs.ozon.ru, "Errors"), and what to do. No source tells which status each of these
 * texts has, 401, 403 or 404: the text decides.
 */
const refusals: readonly [text: RegExp, remedy: string][] = [
  [
    /invalid api-key|headers are required/i,
    'Ozon does not take this client id and API key: make a new key under Settings, Seller API, and enter both with sluice accounts rotate',
  ],
  [
    /api-key is deactivated|api-key (is|has) expired/i,
    'the API key was switched off: make a new one under Settings, Seller API, and enter it with sluice accounts rotate',
  ],
  [
    /missing a required role/i,
    'the API key has no role that may use this method: make one that may read products, warehouses, stocks, analytics and reports, and enter it with sluice accounts rotate',
  ],
  [
    /restricted to specific ip/i,
    "Ozon takes this API key from certain addresses only: add this machine's under Settings, Seller API",
  ],
  [/offer not signed/i, "Ozon's offer is not signed: sign it in the seller's account at Ozon"],
]

/** What Ozon means by an answer that is no success. Its codes are those of gRPC, as numbers and in places as words. */
export function fault({ status, headers, text, at, path = '' }: FaultyAnswer): Fault | undefined {
  const { code, message } = bodyOf(text)
  if (/^circle is open/i.test(message)) return openCircuit(message, at, path)
  if (status < 400) return undefined
  const said = [code, message].filter(part => part !== '').join(' ')
  if (!isMethod(path)) return undefined
  if (status === 429 || code === '8' || code === 'RESOURCE_EXHAUSTED') return throttle(said, headers, at)
  const remedy = refusals.find(([pattern]) => pattern.test(message))?.[1]
  if (remedy) return { kind: 'auth', message: told(remedy, said) }
  return ofMethod(status, path, said) ?? (status >= 500 ? undefined : ofCode(code, said))
}

/** Files lie on other hosts, whose answers say nothing of keys: their status is all there is to them. */
function isMethod(path: string): boolean {
  return path === '' || /\/v\d+\//.test(path)
}

/** The breaker of one method; the others go on. */
function openCircuit(message: string, at: Date, path: string): Fault {
  const limit = Object.entries(methods).find(([method]) => path.endsWith(method))?.[1]
  return { kind: 'throttled', message, until: new Date(at.getTime() + breaker), ...(limit ? { limit } : {}) }
}

/** `retry-after` is in seconds (recorded 2026-09-25: 1). Without one, a second is over after a second. */
function throttle(said: string, headers: Headers, at: Date): Fault {
  const told = /^\d{1,6}$/.exec(headers.get('retry-after')?.trim() ?? '')
  return { kind: 'throttled', message: said, until: new Date(at.getTime() + Number(told?.[0] ?? 1) * 1000) }
}

/** Methods that an account does not have, or that nobody has any more. */
function ofMethod(status: number, path: string, said: string): Fault | undefined {
  const isClosed = status === 403 || status === 404 || status === 405 || status === 501
  if (!isClosed) return undefined
  if (path.endsWith(beta)) {
    const why =
      'this account does not have FBO stock by warehouse, a beta of Ozon; ozon.stocks holds its FBO stock in all'
    return { kind: 'gone', message: told(`${why}. Once it has: sluice sync ozon.fbo_stocks`, said) }
  }
  if (status === 403) {
    const why = 'Ozon does not let this account use the method, or has blocked it: ask the support of Ozon'
    return { kind: 'auth', message: told(why, said) }
  }
  if (path.endsWith('/v1/report/info')) {
    return { kind: 'permanent', message: told('Ozon knows this report no more; the next run orders another', said) }
  }
  const why = 'Ozon has no such method, or not any more: look for a newer Sluice'
  return { kind: 'gone', message: told(why, said) }
}

/** What the codes of gRPC say where the status does not: of who asks, and of what passes by itself. */
function ofCode(code: string, said: string): Fault | undefined {
  if (['16', 'UNAUTHENTICATED', '7', 'PERMISSION_DENIED'].includes(code)) return { kind: 'auth', message: said }
  if (['4', '13', '14', 'DEADLINE_EXCEEDED', 'INTERNAL', 'UNAVAILABLE'].includes(code))
    return { kind: 'transient', message: said }
  return undefined
}

function told(what: string, said: string): string {
  return said === '' ? what : `${what} (${said})`
}

const body = z.object({ code: z.union([z.int(), z.string()]).optional(), message: z.string().optional() })

/** `{"code", "message", "details"}`; some errors come as bare text, whose beginning is their message. */
function bodyOf(text: string): { code: string; message: string } {
  try {
    const { code = '', message = '' } = body.parse(JSON.parse(text))
    return { code: String(code), message }
  } catch {
    return { code: '', message: /^\s*[<[{"]/.test(text) ? '' : text.trim().slice(0, 200) }
  }
}
