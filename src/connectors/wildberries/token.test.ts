import { describe, expect, it } from 'vitest'
import { claimsOf, sellerOf, tierOf } from './token.ts'

const tokenOf = (claims: object) =>
  ['{"alg":"ES256"}', JSON.stringify(claims), 'signature']
    .map(part => Buffer.from(part).toString('base64url'))
    .join('.')

const account = (claims: object) => ({ slug: 'main', credentials: { token: tokenOf(claims) } })

describe('a token', () => {
  it('says which seller it is of: by its UUID, by its number, or not at all', () => {
    expect(sellerOf(account({ sid: 'c8a5c2f0', oid: 7 }))).toBe('c8a5c2f0')
    expect(sellerOf(account({ oid: 7 }))).toBe('7')
    expect(sellerOf(account({}))).toBe('main')
    expect(sellerOf({ slug: 'main', credentials: {} })).toBe('main')
  })

  it.each([
    [{ acc: 1, t: false }, 'base'],
    [{ acc: 2, t: true }, 'base'],
    [{ acc: 3, for: 'self' }, undefined],
    [{ acc: 4, for: 'asid:5a0e' }, undefined],
    [{ for: 'self' }, undefined],
    [{}, 'base'],
  ])('of %j has the limits of %s', (claims, tier) => {
    expect(tierOf(account(claims))).toBe(tier)
  })

  it.each(['', 'secret', 'a.b', 'a.b.c.d', 'a.!.c', `Bearer ${tokenOf({})}`, `${tokenOf({})}\n`, 'e30.bnVsbA.e30'])(
    '%j is none',
    text => {
      expect(claimsOf(text)).toBeUndefined()
    },
  )
})
