import { z } from 'zod'
import type { Fault, FaultyAnswer } from '../../core/fault.ts'

/** Longer waits that a header tells (seconds) are a slip of the pen. */
const longest = 30 * 86_400

/**
 * What the vendor means by an answer that is no success, with what to do about it. Errors are told by their bodies, which
 * have a shape of their own on each host, and not by their content types (WB18 components.responses).
 */
export function fault({ status, headers, text, at }: FaultyAnswer): Fault | undefined {
  if (status < 400) return undefined
  const said = saidIn(text)
  if (status === 429) return { kind: 'throttled', message: said, until: untilOf(headers, at) }
  if (status === 401) return { kind: 'auth', message: `${said || 'unauthorized'}; ${newToken}` }
  if (status === 402)
    return { kind: 'auth', message: `${said || 'payment required'}; top up the balance of the seller` }
  if (status === 403)
    return { kind: 'auth', message: `${said || 'forbidden'}; ${/base token/i.test(text) ? notBase : scope}` }
  if (status === 404) return { kind: 'gone', message: `${said || 'not found'}; ${gone}` }
  return status < 500 && status !== 408 && said !== '' ? { kind: 'permanent', message: said } : undefined
}

const newToken =
  'make a token in the seller account (Settings, API access; it lasts 180 days) with the category of this method, then: sluice accounts rotate'
const notBase = 'make a personal or service token; of stock, base tokens can have the stream remains in place of stocks'
const scope =
  'make a token with the category of this method (statistics, analytics, supplies, finance), then: sluice accounts rotate'
const gone = 'the vendor has no such method (any more): look for a newer version of Sluice'

/**
 * `X-Ratelimit-Retry` is the number of seconds to wait; then `Retry-After`, then `X-Ratelimit-Reset`, which is relative,
 * too. Where none is told, the limit's own pace holds.
 */
function untilOf(headers: Headers, at: Date): Date | undefined {
  const told = ['x-ratelimit-retry', 'retry-after', 'x-ratelimit-reset'].map(name => headers.get(name)?.trim() ?? '')
  const seconds = told.find(text => /^\d{1,8}(\.\d+)?$/.test(text))
  if (seconds === undefined) return undefined
  return new Date(at.getTime() + Math.min(Number(seconds), longest) * 1000)
}

const words = z.string().min(1)

/** Title and detail; `errors`, a text or a list of them, of orders and sales; `message` of the marketplace, maybe in a list. */
const body = z.union([
  z.looseObject({ title: words.optional(), detail: words }).transform(({ title, detail }) => join([title, detail])),
  z.looseObject({ errors: z.union([words, z.array(words).min(1)]) }).transform(({ errors }) => join([errors].flat())),
  z.looseObject({ message: words }).transform(({ message }) => message),
  z
    .array(z.looseObject({ message: words }))
    .min(1)
    .transform(all => join(all.map(({ message }) => message))),
])

function join(texts: readonly (string | undefined)[]): string {
  return texts.filter(each => each !== undefined).join(': ')
}

/** The vendor's own words, short enough that what to do stands behind them; nothing of a page that a proxy made. */
function saidIn(text: string): string {
  try {
    return brief(body.safeParse(JSON.parse(text)).data ?? '')
  } catch {
    return text.length < 140 && !/[<{[]/.test(text) ? text : ''
  }
}

function brief(text: string): string {
  return text.length > 140 ? `${text.slice(0, 139)}…` : text
}
