import { z } from 'zod'
import type { Fault, FaultyAnswer } from '../../core/fault.ts'

/** Where a refusal for asking too often tells no time, so many seconds; and no longer than a day, whatever it tells. */
const [usual, longest] = [30, 86_400]

/**
 * What the vendor means by an answer that is no success. It documents no error; its own programs read `message`, and take 401
 * and 403 for errors of the key. 400 and 422 are final, too.
 */
export function fault({ status, headers, text, at }: FaultyAnswer): Fault | undefined {
  if (status < 400) return undefined
  const said = saidIn(text)
  if (status === 429) return { kind: 'throttled', message: said ?? 'too many requests', until: untilOf(headers, at) }
  if (status === 401 || status === 402) return { kind: 'auth', message: `${said ?? 'unauthorized'}; ${key}` }
  if (status === 403) return { kind: 'auth', message: `${said ?? 'forbidden'}; ${access}` }
  if (status === 404) return { kind: 'permanent', message: `${said ?? 'not found'}; ${address}` }
  return status < 500 && status !== 408 && said ? { kind: 'permanent', message: said } : undefined
}

const key =
  'look at CHE168_API_KEY, and whether the vendor takes it in the header (setting auth: query sends it in the address)'
const access = 'the vendor has blocked this key, or it may not read this: ask the vendor'
const address = 'look at base_url, access_name and source of che168'

/** `Retry-After`: seconds, or a date (RFC 9110). */
function untilOf(headers: Headers, at: Date): Date {
  const told = headers.get('retry-after')?.trim() ?? ''
  const date = Date.parse(told)
  const wait = /^\d{1,8}$/.test(told) ? Number(told) : Number.isNaN(date) ? usual : (date - at.getTime()) / 1000
  return new Date(at.getTime() + Math.min(Math.max(wait, 1), longest) * 1000)
}

const body = z.looseObject({ message: z.string().min(1), errors: z.array(z.unknown()).optional() })

/** The vendor's own words, short enough that what to do stands behind them; nothing of a page that a proxy made. */
function saidIn(text: string): string | undefined {
  try {
    const { message, errors = [] } = body.parse(JSON.parse(text))
    const details = errors.filter(each => typeof each === 'string')
    return [message, ...details].join(': ').slice(0, 200)
  } catch {
    return undefined
  }
}
