import type { Answer } from './answer.ts'
import type { Endpoint } from './ask.ts'
import type { Call } from './call.ts'
import type { Meter, Reading } from './meter.ts'
import { type Origin, problem } from './refuse.ts'
import type { Shop } from './shop.ts'
import { limited } from './spoil.ts'
import { allows, type Claims, type Tokens, tokenOf, typeOf } from './token.ts'
import type { TokenType } from './world.ts'

/** What stands between the wire and the endpoints. */
export type Gate = {
  shops: readonly Shop[]
  tokens: Tokens
  /** Null: nothing is metered. */
  meter: Meter | null
  /** What a token without the category gets; which of the two is not documented. */
  wrongCategory: 401 | 403
}

/** Who asks. */
export type Visitor = { shop: Shop; type: TokenType }

/**
 * Who asks, or the answer that refuses the token. A refused token spends nothing of anybody's limit; the call is written
 * down under its seller all the same.
 */
export function identify(
  gate: Gate,
  endpoint: Endpoint,
  request: Request,
  call: Call,
  origin: Origin,
): Visitor | Answer {
  const { claims, problem: reason } = gate.tokens.read(tokenOf(request), origin.now)
  const shop = gate.shops.find(({ sid }) => sid === claims?.sid)
  call.seller = shop?.name ?? ''
  if (reason !== undefined) return problem(401, reason, origin)
  if (!shop || !claims) return problem(401, 'token problem; seller is unknown', origin)
  return closedTo(endpoint, claims, gate.wrongCategory, origin) ?? { shop, type: typeOf(claims) }
}

function closedTo({ category, closed }: Endpoint, claims: Claims, wrong: 401 | 403, origin: Origin) {
  if (category !== null && !allows(claims, category)) return problem(wrong, 'token scope not allowed', origin)
  const type = typeOf(claims)
  return closed?.includes(type) ? problem(403, `${type} token is not allowed`, origin) : undefined
}

/** Spends one request of the seller's; where there is none left, `refusal` says for how long. */
export function admit(gate: Gate, { limit }: Endpoint, visitor: Visitor, call: Call, origin: Origin) {
  if (!gate.meter) return { headers: {} }
  const owner = limit === 'ping' ? 'everybody' : visitor.shop.sid
  const reading = gate.meter.spend(owner, limit, visitor.type, call.at)
  if (reading.wait === 0) return { headers: headersOf(reading) }
  call.limited = Math.ceil(reading.wait / 1000)
  const refusal = limited(call.limited, ['x-ratelimit-retry'], origin)
  const reset = String(Math.ceil(reading.full / 1000))
  return { headers: { ...headersOf(reading), 'x-ratelimit-reset': reset }, refusal }
}

function headersOf({ limit, remaining }: Reading): Record<string, string> {
  return { 'x-ratelimit-limit': String(limit), 'x-ratelimit-remaining': String(remaining) }
}
