import type { Fault, FaultyAnswer } from '../../core/fault.ts'

/** Errors that pass by themselves (errors.md, 10xx "General server or network issues"), whatever status they come with. */
const passing = new Set([-1000, -1001, -1006, -1007, -1008, -1016, -1034])

/** What Binance means by an answer that is no success (rest-api.md, "HTTP return codes"; errors.md). */
export function fault({ status, headers, text, at }: FaultyAnswer): Fault | undefined {
  const { code, msg } = errorBody(text)
  if (status === 429 || status === 418 || code === -1003)
    return { kind: 'throttled', message: msg, until: banEnd(headers, msg, at) }
  if (status === 403) return firewall(at)
  if (status < 400) return undefined
  if (code !== undefined && passing.has(code)) return { kind: 'transient', message: `${code} ${msg}` }
  if (code === -1121)
    return {
      kind: 'permanent',
      message: `Binance does not list this symbol; check SYMBOLS or --symbols (${code} ${msg})`,
    }
  return code === undefined || status >= 500 ? undefined : { kind: 'permanent', message: `${code} ${msg}` }
}

/** 403 is the web application firewall: it shuts out an address, not an account. No end is documented; we wait 5 min. */
function firewall(at: Date): Fault {
  const message = 'the firewall of Binance refuses this address (403)'
  return { kind: 'throttled', message, until: new Date(at.getTime() + 300_000) }
}

/**
 * `Retry-After` is the number of seconds until the limit or the ban ends; the text of a ban also names its end in epoch
 * ms ("IP banned until 1659146400000"). A refusal that says neither is taken to last until the next minute is over.
 */
function banEnd(headers: Headers, message: string, at: Date): Date {
  const named = Number(/until (\d{13})/.exec(message)?.[1] ?? 0)
  const told = /^\d{1,7}$/.exec(headers.get('retry-after')?.trim() ?? '')
  const until = Math.max(named, told ? at.getTime() + Number(told[0]) * 1000 : 0) || at.getTime() + 60_000
  return new Date(Math.min(until, at.getTime() + longestBan))
}

/** A ban lasts 3 days at most (rest-api.md, "IP Limits"); a later end is a slip of the pen. */
const longestBan = 3 * 86_400_000

function errorBody(text: string): { code?: number; msg: string } {
  try {
    const body: unknown = JSON.parse(text)
    if (typeof body === 'object' && body !== null && 'code' in body && 'msg' in body) {
      return { code: Number(body.code), msg: String(body.msg) }
    }
  } catch {
    // Not JSON: the firewall and proxies answer with pages. The status decides.
  }
  return { msg: '' }
}
