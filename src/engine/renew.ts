import { setTimeout as sleep } from 'node:timers/promises'
import { accountText, type Credentials } from '../core/account.ts'
import type { Auth, Tokens } from '../core/auth.ts'
import { milliseconds } from '../core/duration.ts'
import { AuthError, Paused, Postponed, StoreAway } from '../core/failure.ts'
import type { Source } from '../core/source.ts'
import { raise } from '../db/alerts.ts'
import { audit } from '../db/audit.ts'
import { absentWorkers } from '../db/presence.ts'
import { endLease, type Lease, pauseLost, readTokens, saveTokens, type TokenState, takeLease } from '../db/tokens.ts'
import type { Asker } from './engine.ts'
import { askForTokens, type Granted, isRefusal, longest, refusalText } from './grant.ts'
import { type Held, keepTokens } from './wallet.ts'

/**
 * Tokens of an account, renewed by one process at a time.
 *
 *   good        used by everybody; ends `ahead` of the moment when the vendor takes them no more, or when it refuses them
 *   renewing    somebody holds the lease: the attempt was written down before the vendor was asked. Others look at the row
 *               until there is a new version. Ends with a new version (good), with a vendor that is away (as before: the next
 *               one tries), with a refusal (lost), or with the death of who held it: then the next one tries the old token,
 *               which the vendor takes for a while after its first use
 *   lost        the account is paused, with one alert; ends when somebody logs in again
 *
 * No transaction is held while the vendor is asked. A result is stored only if no later attempt has begun since (fencing),
 * and before anybody uses it.
 */
export type Renewing = Auth & { kind: 'tokens' }

/** A lease outlives the longest question by so much (ms): to store what it brought. */
const slack = 10_000

/** How long (ms) the tokens which another process renews are waited for here; and how often they are looked at. */
const patience = 5_000
const glance = 100

/** How long (ms) new tokens wait for a database that is away: the old ones are of no use then. And how often it is asked. */
const precious = 60_000
const breath = 500

/** How long (ms) a run is away that has waited in vain. */
const recess = 2_000

/** Tokens that were given so short a time ago (ms) are not the reason of a 401. */
const fresh = 60_000

/**
 * Tokens that are good now. `stale` is the version that the vendor has just refused: then it is a later one, or undefined
 * where those refused were given only just now, so that others would not help.
 * @throws AuthError `auth-lost`, Paused, Postponed when somebody else takes long to renew them, and whatever asking throws
 */
export async function tokensOf(
  tools: Asker,
  source: Source,
  auth: Renewing,
  stale?: string,
): Promise<Held | undefined> {
  const began = performance.now()
  for (;;) {
    const state = await readTokens(tools.store, keyOf(source))
    if (!state) throw gone(nameOf(source))
    if (state.pausedReason !== null) throw paused(source, state.pausedReason)
    if (isGood(state, auth) && state.version !== stale) return opened(tools, source, state)
    if (state.version === stale && isFresh(state)) return undefined
    const lease = await lay(tools, source, state)
    const held = lease && (await renew(tools, source, auth, { state, lease }))
    if (held) return held
    if (performance.now() - began > patience) throw tooLong(source, state)
    if (!lease) await sleep(glance)
  }
}

function keyOf({ connector, account }: Source) {
  return { connector: connector.name, slug: account }
}

/** Whose tokens, as messages name it. */
type Whose = Pick<Source, 'connector' | 'account'>

function nameOf({ connector, account }: Whose): string {
  return accountText(connector.name, account)
}

/** The account was removed while work for it was under way. */
export function gone(name: string): Paused {
  return new Paused('account-removed', `${name}: the account was removed`)
}

/** Nothing is asked for an account that is paused. */
export function paused(source: Whose, reason: string): Paused {
  const how = `to go on: sluice accounts resume ${nameOf(source)}`
  return new Paused('account-paused', `the account ${nameOf(source)} is paused (${reason}); ${how}`)
}

function isGood({ now, until }: TokenState, { ahead }: Renewing): boolean {
  return until !== null && until.getTime() - milliseconds(ahead) > now.getTime()
}

function isFresh({ now, at, until }: TokenState): boolean {
  if (!at || !until) return false
  const half = (until.getTime() - at.getTime()) / 2
  return now.getTime() - at.getTime() < Math.min(fresh, half)
}

async function opened(tools: Asker, source: Source, { version, tokens, credentials }: TokenState): Promise<Held> {
  const name = nameOf(source)
  const known = tools.wallet.tokens.get(name)
  if (known?.version === version) return known
  const place = { connector: source.connector.name, account: source.account }
  const held = {
    version,
    tokens: await tools.vault.open(tokens!, { ...place, kind: 'tokens' }),
    credentials: await tools.vault.open(credentials, { ...place, kind: 'credentials' }),
  }
  return keepTokens(tools.wallet, name, held)
}

/** Takes the lease, that of a process which is gone among others; undefined when somebody has it. */
async function lay(tools: Asker, source: Source, { tokens, version, leaseBy }: TokenState): Promise<Lease | undefined> {
  if (!tokens) throw new AuthError('auth-lost', `${nameOf(source)}: nobody has logged in yet; ${again(source)}`)
  const others = leaseBy === null || leaseBy === tools.worker ? [] : await absentWorkers(tools.store, [leaseBy])
  const claim = { by: tools.worker, version, length: longest + slack, gone: others }
  return takeLease(tools.store, keyOf(source), claim)
}

type Attempt = { state: TokenState; lease: Lease }

/** One attempt; undefined when a later one has begun meanwhile. The vendor is asked only where its answer can be encrypted. */
async function renew(
  tools: Asker,
  source: Source,
  auth: Renewing,
  { state, lease }: Attempt,
): Promise<Held | undefined> {
  const ready = tools.vault.key().then(() => opened(tools, source, state))
  const { tokens: before, credentials } = await ready.catch(error => endWith(tools, lease, error))
  const granted = await askForTokens(tools, source, auth.refresh(before, credentials)).catch(async error => {
    await noteFailure(tools, source, lease, error.code ?? 'bug')
    return endWith(tools, lease, error)
  })
  if (isRefusal(granted)) return lose(tools, source, lease, granted)
  try {
    return await store(tools, source, auth, { lease, credentials, tokens: auth.parse(granted.answer(), before) })
  } catch (error) {
    return endWith(tools, lease, error)
  }
}

async function store(
  tools: Asker,
  source: Source,
  auth: Renewing,
  { lease, credentials, tokens }: { lease: Lease; credentials: Credentials; tokens: Tokens },
): Promise<Held | undefined> {
  const place = { connector: source.connector.name, account: source.account, kind: 'tokens' } as const
  const sealed = { ...(await tools.vault.seal(tokens, place)), until: auth.expiresAt(tokens) }
  const version = await insist(() => saveTokens(tools.store, lease, sealed))
  return version === undefined ? undefined : keepTokens(tools.wallet, nameOf(source), { tokens, credentials, version })
}

/**
 * Stores what cannot be had again. A database that is away is waited for; what is stored late is fenced as ever, and stored
 * twice where only the answer was lost it is the same.
 */
async function insist<T>(save: () => Promise<T>): Promise<T> {
  const began = performance.now()
  for (;;) {
    try {
      return await save()
    } catch (error) {
      if (!(error instanceof StoreAway) || performance.now() - began > precious) throw error
      await sleep(breath)
    }
  }
}

async function endWith({ store }: Asker, lease: Lease, error: unknown): Promise<never> {
  await endLease(store, lease)
  throw error
}

async function noteFailure({ store, worker }: Asker, source: Source, { attempt }: Lease, code: string): Promise<void> {
  const of = { connector: source.connector.name, account: source.account }
  await audit(store, { actor: worker, action: 'refresh-failed', ...of, details: { attempt, code } })
}

/** The vendor renews no more: the account is paused for all its streams, and that is told once. */
async function lose(tools: Asker, source: Source, lease: Lease, granted: Granted): Promise<undefined> {
  const of = { connector: source.connector.name, account: source.account }
  const said = refusalText(granted)
  const reason = `the vendor renews its tokens no more: ${said}`
  const message = `${nameOf(source)}: ${reason}${unfinishedText(lease)}; ${again(source)}`
  const isLost = await tools.store.transaction(async tx => {
    if (!(await pauseLost(tx, lease, reason))) return false
    await raise(tx, { key: `account ${nameOf(source)}`, level: 'critical', code: 'auth-lost', message })
    await audit(tx, { actor: tools.worker, action: 'auth-lost', ...of, details: { attempt: lease.attempt, said } })
    return true
  })
  if (!isLost) return undefined
  tools.log('error', message)
  throw new AuthError('auth-lost', message)
}

function unfinishedText({ unfinished }: Lease): string {
  return unfinished ? ` (a process died while it renewed them at ${unfinished.toISOString()})` : ''
}

function again(source: Source): string {
  return `log in again: sluice accounts rotate ${nameOf(source)}`
}

function tooLong(source: Source, { now }: TokenState): Postponed {
  const until = new Date(now.getTime() + recess)
  return new Postponed(`${nameOf(source)}: another process renews its tokens`, until)
}
