import { z } from 'zod'
import type { Account } from '../../core/account.ts'

/**
 * What a token says of itself: whose it is (`sid`, the seller's UUID, or `oid`, its number) and of which kind (`acc` 1 base,
 * 2 test, 3 personal, 4 service; `for` is `self` or `asid:…`). From knowledge base articles of April 2026.
 */
const claims = z.looseObject({
  sid: z.string().min(1).optional(),
  oid: z.union([z.int(), z.string().min(1)]).optional(),
  acc: z.int().optional(),
  for: z.string().optional(),
})

type Claims = z.output<typeof claims>

/** The claims of a token, which is a JWT; undefined where the text is none. Nothing is verified: the vendor does that. */
export function claimsOf(token: string): Claims | undefined {
  const [, body] = /^[\w-]+\.([\w-]+)\.[\w-]+$/.exec(token) ?? []
  if (body === undefined) return undefined
  try {
    return claims.parse(JSON.parse(Buffer.from(body, 'base64url').toString()))
  } catch {
    return undefined
  }
}

/** The seller a quota belongs to: limits count per seller account, whichever of its tokens asks. */
export function sellerOf({ slug, credentials }: Account): string {
  const { sid, oid } = claimsOf(credentials.token ?? '') ?? {}
  return sid ?? (oid === undefined ? slug : String(oid))
}

/**
 * `base` for tokens with the strict limits; undefined for personal and service ones. Nothing is documented of test tokens:
 * they are taken for base ones, and so is one that says neither its kind nor whom it is for.
 */
export function tierOf({ credentials }: Account): string | undefined {
  const { acc, for: whom } = claimsOf(credentials.token ?? '') ?? {}
  return acc === 1 || acc === 2 || (acc === undefined && whom === undefined) ? 'base' : undefined
}
