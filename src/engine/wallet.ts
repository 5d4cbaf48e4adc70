import type { Credentials } from '../core/account.ts'
import type { Tokens } from '../core/auth.ts'
import { keepSecret } from '../core/secret.ts'
import type { Store } from '../db/store.ts'
import { addUses, type Use } from '../db/uses.ts'

/** Tokens of an account as this process knows them: which version, and the credentials they were given for. */
export type Held = { tokens: Tokens; credentials: Credentials; version: string }

/**
 * What this process holds of accounts. All of it may be lost without harm.
 *
 * - tokens: the tokens of each account, opened; what ends their being hidden in logs, and that of the ones before them
 * - uses: how often each account's credentials were used since that was last written down
 */
export type Wallet = { tokens: Map<string, Held & { forget(): void; forgetBefore(): void }>; uses: Map<string, Use> }

export function emptyWallet(): Wallet {
  return { tokens: new Map(), uses: new Map() }
}

/**
 * Keeps tokens in place of those before; from now on they are hidden in everything this process writes. Those before stay
 * hidden until the next ones come: answers that repeat them may still be on their way.
 */
export function keepTokens({ tokens }: Wallet, name: string, held: Held): Held {
  const before = tokens.get(name)
  if (before?.version === held.version) return before
  before?.forgetBefore()
  const ends = Object.values(held.tokens).filter(isSecret).map(keepSecret)
  tokens.set(name, {
    ...held,
    forget: () => {
      for (const end of ends) end()
    },
    forgetBefore: before?.forget ?? (() => undefined),
  })
  return held
}

/** Not everything beside tokens is secret: a moment, a number of seconds, the word `bearer`. */
function isSecret(text: string): boolean {
  return text.length >= 12 && !moment.test(text)
}

/** `Date.parse` is no judge of that: it reads a year and a month out of `refresh-token-1`. */
const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/

/** Counts an answer that was given to an account's credentials. */
export function countUse(
  { wallet, egress }: { wallet: Wallet; egress: string },
  connector: string,
  account: string,
  status: number,
): void {
  const name = `${connector}/${account}`
  const use = wallet.uses.get(name) ?? { connector, account, egress, calls: 0, refused: 0 }
  use.calls++
  if (status === 401 || status === 403) use.refused++
  wallet.uses.set(name, use)
}

/** Writes down what was counted. What cannot be written now is counted on. */
export async function flushUses({ store, wallet }: { store: Store; wallet: Wallet }): Promise<void> {
  const counted = [...wallet.uses.values()]
  wallet.uses = new Map()
  await addUses(store.lightly, counted).catch(error => {
    for (const use of counted) recount(wallet, use)
    throw error
  })
}

function recount({ uses }: Wallet, use: Use): void {
  const name = `${use.connector}/${use.account}`
  const now = uses.get(name)
  uses.set(name, now ? { ...now, calls: now.calls + use.calls, refused: now.refused + use.refused } : use)
}
