import { expect, test } from 'vitest'
import { hideSecrets } from '../core/secret.ts'
import { emptyWallet, keepTokens } from './wallet.ts'

test('every token is hidden, also one that a lenient reader of dates takes for a date; moments beside tokens are not', () => {
  const [one, two, until] = ['refresh-token-1', 'shpat_deadbeef-12', '2026-11-22T03:00:00.000Z']
  const tokens = { access_token: two, refresh_token: one, expires_at: until, token_type: 'bearer' }
  keepTokens(emptyWallet(), 'acme/main', { tokens, credentials: {}, version: '1' })
  expect(hideSecrets(`${one}, ${two}, bearer, until ${until}`)).toBe(`***, ***, bearer, until ${until}`)
})

test('tokens that were replaced are hidden on, because an answer to them may still be on its way; those before are not', () => {
  const wallet = emptyWallet()
  const names = ['first', 'second', 'third'].map(nth => `token-of-the-${nth}-login`)
  for (const [nth, token] of names.entries()) {
    keepTokens(wallet, 'acme/main', { tokens: { token }, credentials: {}, version: String(nth) })
  }
  expect(names.map(hideSecrets)).toEqual([names[0], '***', '***'])
})
