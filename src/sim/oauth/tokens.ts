import { randomBytes } from 'node:crypto'

/** A pair of tokens as the token endpoint answers with it (RFC 6749, 5.1). */
export type Pair = {
  access_token: string
  refresh_token: string
  token_type: 'bearer'
  expires_in: number
  scope: string
}

type Access = { account: string; until: number; isDead: boolean }
type Refresh = { account: string; nth: number; usedAt: number | null; isDead: boolean; parent: string | null }

/** Lengths in ms: how long an access token is good, and for how long after its first use a refresh token can be used again. */
export type Lives = { access: number; reuse: number }

/** All tokens the vendor has given. Times are ms of its clock. */
export type Tokens = {
  /** A first pair for an account, as after a login. All its older tokens are dead. */
  grant(account: string, now: number): Pair
  /** A new pair for a refresh token; undefined when that is unknown, dead, or was used too long ago. */
  renew(refresh: string, now: number): Pair | undefined
  /** Whose refresh token it is and which; whether it is good or not. */
  known(refresh: string): { account: string; nth: number } | undefined
  /** Whose access token it is, while it is good. */
  owner(access: string, now: number): string | undefined
  /** Kills everything an account has, as its owner can do. */
  revoke(account: string): void
}

/**
 * Refresh tokens rotate: each renewal gives another pair, and the access token before is dead. The old refresh token may be
 * used again for a while after its first use, made for answers that were lost; then the pair that was given first is dead,
 * which is the strictest that a vendor can be.
 */
export function tokenBook({ access: life, reuse }: Lives): Tokens {
  const accesses = new Map<string, Access>()
  const refreshes = new Map<string, Refresh>()
  const counts = new Map<string, number>()

  const pair = (account: string, now: number, parent: string | null): Pair => {
    for (const access of accesses.values()) if (access.account === account) access.isDead = true
    const nth = (counts.get(account) ?? 0) + 1
    counts.set(account, nth)
    const [access_token, refresh_token] = [`at-${account}-${secret()}`, `rt-${account}-${secret()}`]
    accesses.set(access_token, { account, until: now + life, isDead: false })
    refreshes.set(refresh_token, { account, nth, usedAt: null, isDead: false, parent })
    return { access_token, refresh_token, token_type: 'bearer', expires_in: life / 1000, scope: 'orders:read' }
  }
  const revoke = (account: string) => {
    for (const each of [...accesses.values(), ...refreshes.values()]) if (each.account === account) each.isDead = true
  }
  const renew = (token: string, now: number) => {
    const held = refreshes.get(token)
    if (!held || held.isDead) return undefined
    if (held.usedAt !== null && now - held.usedAt > reuse) return undefined
    for (const each of refreshes.values()) if (each.parent === token) each.isDead = true
    held.usedAt ??= now
    return pair(held.account, now, token)
  }
  return {
    ...{ renew, revoke },
    grant: (account, now) => {
      revoke(account)
      return pair(account, now, null)
    },
    known: token => refreshes.get(token),
    owner: (token, now) => {
      const held = accesses.get(token)
      return held && !held.isDead && held.until > now ? held.account : undefined
    },
  }
}

function secret(): string {
  return randomBytes(18).toString('base64url')
}
