import { createHmac } from 'node:crypto'
import { type Shop, uuidOf } from './shop.ts'
import type { Category, TokenType } from './world.ts'

/** What a token says. `s` has a bit for each category; `exp` is in seconds; `acc`, `for` and `t` tell the type. */
export type Claims = {
  id: string
  s: number
  sid: string
  oid: number
  exp: number
  t: boolean
  acc: number
  for?: string
}

export type Mint = { type?: TokenType; categories?: readonly Category[] /** Ms. */; expires?: number }

export type Tokens = {
  /** A new token of a seller; default type and categories are the seller's, and it expires after 180 days. */
  mint(shop: Shop, wish: Mint, now: number): string
  /** It is refused from now on. */
  revoke(token: string): void
  /** What the token says, as far as it can be read, and why it is refused where it is. */
  read(token: string | null, now: number): { claims: Claims; problem?: string } | { claims?: never; problem: string }
}

/** Places of the categories in the mask `s`. The description at hand does not list them; these are in public use. */
const bits: Readonly<Record<Category, number>> = {
  analytics: 2,
  marketplace: 4,
  statistics: 5,
  supplies: 10,
  finance: 13,
}

const kinds: Readonly<Record<TokenType, Pick<Claims, 'acc' | 'for' | 't'>>> = {
  base: { acc: 1, t: false },
  test: { acc: 2, t: true },
  personal: { acc: 3, for: 'self', t: false },
  service: { acc: 4, for: 'asid:5a0e3d3f-0d6b-4d5c-8a54-0f6ac5f1d0c7', t: false },
}

const lifetime = 180 * 86_400_000

export function tokenDesk(seed: number): Tokens {
  const revoked = new Set<string>()
  let minted = 0
  const signed = (text: string) => createHmac('sha256', `imitated marketplace ${seed}`).update(text).digest('base64url')

  const mint: Tokens['mint'] = (shop, { type = shop.type, categories = shop.categories, expires }, now) => {
    const s = categories.reduce((mask, category) => mask | (1 << bits[category]), 0)
    const exp = Math.floor((expires ?? now + lifetime) / 1000)
    const id = uuidOf(seed, shop.name, 'token', ++minted, exp)
    const claims: Claims = { id, s, sid: shop.sid, oid: 100_000 + shop.number, exp, ...kinds[type] }
    const head = { alg: 'HS256', kid: '20260501v1', typ: 'JWT' }
    const text = [head, claims].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
    return `${text}.${signed(text)}`
  }

  const read: Tokens['read'] = (token, now) => {
    if (token === null) return { problem: 'empty Authorization header' }
    const [head, body, signature, ...more] = token.split('.')
    if (!head || !body || !signature || more.length > 0)
      return { problem: 'token problem; token is malformed: token contains an invalid number of segments' }
    if (signed(`${head}.${body}`) !== signature)
      return { problem: 'token problem; token is malformed: could not base64 decode signature' }
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Claims
    if (claims.exp * 1000 <= now) return { claims, problem: 'token problem; token is expired' }
    return revoked.has(token) ? { claims, problem: 'token problem; token is withdrawn' } : { claims }
  }
  return { mint, read, revoke: token => void revoked.add(token) }
}

export function typeOf({ acc }: Claims): TokenType {
  return (Object.keys(kinds) as TokenType[]).find(type => kinds[type].acc === acc)!
}

export function allows({ s }: Claims, category: Category): boolean {
  return (s & (1 << bits[category])) !== 0
}

/** The bare token, or the token after the word Bearer. */
export function tokenOf({ headers }: Request): string | null {
  return headers.get('authorization')?.replace(/^Bearer /, '') || null
}
