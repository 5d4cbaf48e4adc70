import { hostname, userInfo } from 'node:os'
import { accountText, type Credentials, fieldsOf, slugPattern, unstored } from '../core/account.ts'
import type { Tokens } from '../core/auth.ts'
import { conceal } from '../core/conceal.ts'
import type { Connector } from '../core/connector.ts'
import { Misuse } from '../core/failure.ts'
import {
  type AccountKey,
  addAccount,
  holdAccount,
  listAccounts,
  pauseAccount,
  removeAccount,
  replaceCredentials,
  reseal,
  resumeAccount,
} from '../db/accounts.ts'
import { openAlerts, resolve } from '../db/alerts.ts'
import { audit, type Deed } from '../db/audit.ts'
import { liftRefused } from '../db/pauses.ts'
import { purge as purgeAccount } from '../db/purge.ts'
import type { Sql, Transaction } from '../db/store.ts'
import { grantTokens, readTokens, resealTokens } from '../db/tokens.ts'
import { purgeInventory } from '../models/inventory/purge.ts'
import type { App } from './app.ts'
import { hidden } from './sources.ts'

/** An account that is stored, or shall be. */
export type Named = { connector: Connector; slug: string }

/** What a person has entered for an account: credentials, and tokens where the vendor has given some for them. */
export type Entered = { credentials: Credentials; tokens?: Tokens | undefined }

/** Who does it, as the audit trail has it. */
function actor(): string {
  return `${userInfo().username}@${hostname()}`
}

function keyOf({ connector, slug }: Named): AccountKey {
  return { connector: connector.name, slug }
}

export function nameOf({ connector, slug }: Named): string {
  return accountText(connector.name, slug)
}

/** Writes down that something was done to an account. */
export async function note(sql: Sql, named: Named, action: string, details: Deed['details'] = {}): Promise<void> {
  await audit(sql, { actor: actor(), action, connector: named.connector.name, account: named.slug, details })
}

/**
 * Credentials as their connector wants them.
 * @throws Misuse that names the field and never tells its value
 */
export function checked(connector: Connector, given: Readonly<Record<string, string>>): Credentials {
  hidden(connector, given)
  const schema = connector.credentials!
  const known = fieldsOf(schema).map(({ name }) => name)
  const strange = Object.keys(given).find(name => !known.includes(name))
  if (strange !== undefined) {
    throw new Misuse('bad-credentials', `${connector.name} knows no field "${strange}"; known: ${known.join(', ')}`)
  }
  const parsed = schema.safeParse(given)
  if (parsed.success) return hidden(connector, parsed.data as Credentials)
  const { path, message } = parsed.error.issues[0]!
  const field = path.join('.') || known.join(', ')
  const why = given[field] === undefined ? 'is missing' : `cannot be used: ${conceal(message)}`
  throw new Misuse('bad-credentials', `${connector.name}: ${field} ${why}`)
}

/** @throws Misuse when a new account cannot be called so. */
export function refuseSlug(connector: Connector, slug: string): void {
  if (!slugPattern.test(slug)) {
    const rule = 'lower-case letters, digits and -, which does not come first; 41 at most'
    throw new Misuse('bad-slug', `"${slug}" cannot be the name of an account: ${rule}`)
  }
  if (slug !== unstored && slug !== connector.account) return
  const whose = slug === unstored ? 'the account whose credentials stand in the environment' : 'the account without any'
  throw new Misuse('bad-slug', `"${slug}" is ${whose}; choose another name`)
}

/** Stores a new account. @throws Misuse when there is one of that name */
export async function add(app: App, named: Named, entered: Entered): Promise<void> {
  const sealed = await app.vault.seal(entered.credentials, { ...placeOf(named), kind: 'credentials' })
  await app.store.transaction(async tx => {
    if (!(await addAccount(tx, keyOf(named), sealed))) {
      const how = `to replace its credentials: sluice accounts rotate ${nameOf(named)}`
      throw new Misuse('account-exists', `There is an account ${nameOf(named)} already; ${how}`)
    }
    await storeTokens(app, tx, named, entered)
    await note(tx, named, 'add', { fields: Object.keys(entered.credentials) })
  })
}

/** Replaces the credentials of an account, and ends what is said of the old ones. What they had lost goes on. */
export async function rotate(app: App, named: Named, entered: Entered): Promise<void> {
  const sealed = await app.vault.seal(entered.credentials, { ...placeOf(named), kind: 'credentials' })
  const name = nameOf(named)
  await app.store.transaction(async tx => {
    if (!(await holdAccount(tx, keyOf(named)))) throw goneMeanwhile(named)
    await replaceCredentials(tx, keyOf(named), sealed)
    await storeTokens(app, tx, named, entered)
    await liftRefused(tx, keyOf(named))
    const wasLost = (await openAlerts(tx)).some(({ key }) => key === `account ${name}`)
    if (wasLost) await resumeAccount(tx, keyOf(named))
    await resolve(tx, `account ${name}`, `credentials-old ${name}`)
    await note(tx, named, 'rotate', { fields: Object.keys(entered.credentials), resumed: wasLost })
  })
}

function goneMeanwhile(named: Named): Misuse {
  return new Misuse('unknown-account', `The account ${nameOf(named)} was removed meanwhile; nothing was changed`)
}

async function storeTokens(app: App, tx: Transaction, named: Named, { tokens }: Entered): Promise<void> {
  const { auth } = named.connector
  if (!tokens || auth?.kind !== 'tokens') return
  const sealed = await app.vault.seal(tokens, { ...placeOf(named), kind: 'tokens' })
  await grantTokens(tx, keyOf(named), { ...sealed, until: auth.expiresAt(tokens) })
}

function placeOf({ connector, slug }: Named) {
  return { connector: connector.name, account: slug }
}

/** The stored credentials of an account. @throws Misuse when they cannot be opened here */
export async function current({ store, vault }: App, named: Named): Promise<Credentials> {
  const stored = (await holdAccount(store, keyOf(named)))!
  return hidden(named.connector, await vault.open(stored.credentials, { ...placeOf(named), kind: 'credentials' }))
}

/** From now on nothing is asked for the account. */
export async function pause({ store }: App, named: Named, reason: string): Promise<void> {
  await store.transaction(async tx => {
    await pauseAccount(tx, keyOf(named), reason)
    await note(tx, named, 'pause', { reason })
  })
}

/** What is due for the account is collected again. */
export async function resume({ store }: App, named: Named): Promise<void> {
  await store.transaction(async tx => {
    await resumeAccount(tx, keyOf(named))
    await resolve(tx, `account ${nameOf(named)}`)
    await note(tx, named, 'resume')
  })
}

/**
 * Removes an account with its credentials. What was collected for it stays, unless it is purged: then how many rows of each
 * table are gone is told.
 */
export async function remove({ store }: App, named: Named, purged: boolean): Promise<Record<string, number>> {
  const name = nameOf(named)
  return store.transaction(async tx => {
    await removeAccount(tx, keyOf(named), `${name}: the account was removed`)
    const codes = ['account', 'credentials-old', 'account-two-egress', 'account-refused']
    await resolve(tx, ...codes.map(code => `${code} ${name}`))
    const rows = purged
      ? { ...(await purgeAccount(tx, keyOf(named))), ...(await purgeInventory(tx, keyOf(named))) }
      : {}
    await note(tx, named, purged ? 'purge' : 'remove', { rows })
    return rows
  })
}

/** What rekeying came to: accounts that are under the new key now, those that were already, and those that do not open. */
export type Rekeyed = { rekeyed: string[]; current: string[]; failed: { account: string; why: string }[] }

/** Encrypts everything anew with the current key, each account in a transaction of its own. */
export async function rekey(app: App): Promise<Rekeyed> {
  const newest = await app.vault.key()
  const outcome: Rekeyed = { rekeyed: [], current: [], failed: [] }
  for (const key of await listAccounts(app.store)) {
    const account = accountText(key.connector, key.slug)
    try {
      const isNew = await app.store.transaction(tx => rekeyOne(app, tx, key, newest))
      outcome[isNew ? 'rekeyed' : 'current'].push(account)
    } catch (error) {
      if (!(error instanceof Misuse)) throw error
      outcome.failed.push({ account, why: error.message })
    }
  }
  const details = { rekeyed: outcome.rekeyed.length, failed: outcome.failed.length, key: newest }
  await audit(app.store, { actor: actor(), action: 'rekey', details })
  return outcome
}

async function rekeyOne({ vault }: App, tx: Transaction, key: AccountKey, newest: string): Promise<boolean> {
  const place = { connector: key.connector, account: key.slug }
  const held = await holdAccount(tx, key)
  if (!held) return false
  const { credentials } = held
  const { tokens } = (await readTokens(tx, key))!
  if (credentials.key === newest && (tokens === null || tokens.key === newest)) return false
  const anew = async (sealed: typeof credentials, kind: 'credentials' | 'tokens') =>
    vault.seal(await vault.open(sealed, { ...place, kind }), { ...place, kind })
  await reseal(tx, key, await anew(credentials, 'credentials'))
  if (tokens) await resealTokens(tx, key, await anew(tokens, 'tokens'))
  return true
}
