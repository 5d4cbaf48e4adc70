import { accountText, type Credentials, fieldsOf, unstored } from '../core/account.ts'
import type { Connector } from '../core/connector.ts'
import { type Failure, Misuse, type Paused } from '../core/failure.ts'
import { flaggedOf, withFlags } from '../core/flag.ts'
import { keepSecret } from '../core/secret.ts'
import { addressOf, type Source } from '../core/source.ts'
import { readAccounts, type StoredAccount } from '../db/accounts.ts'
import type { Sql } from '../db/store.ts'
import type { Vault } from '../db/vault.ts'
import { paused } from '../engine/renew.ts'
import type { Loaded } from './settings.ts'

/** An account as sources are made of it. */
export type Known = { slug: string; credentials: Credentials; held?: Failure | undefined }

type Section = Record<string, unknown> & {
  base_url: string
  accounts?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/**
 * Every stream of every connector for each of its accounts, with its settings: the account that needs no credentials, those
 * that are stored, and the one whose credentials stand in the environment. A connector that wants credentials and has none
 * has no sources. An account that is paused or cannot be opened has sources that are held.
 */
export async function sourcesOf(loaded: Loaded, { store, vault }: { store: Sql; vault: Vault }): Promise<Source[]> {
  const stored = await readAccounts(store)
  const sources: Source[] = []
  for (const connector of loaded.connectors) {
    const own = stored.filter(each => each.connector === connector.name)
    for (const account of await accountsOf(connector, own, loaded, vault)) {
      sources.push(...connector.streams.map(stream => sourceFor(loaded, connector, stream, account)))
    }
  }
  return sources
}

/** What is stored of accounts, as one text that changes when an account does. */
export async function accountsIn(store: Sql): Promise<string> {
  return JSON.stringify((await readAccounts(store)).map(({ credentials, ...rest }) => [rest, credentials.key]))
}

async function accountsOf(
  connector: Connector,
  stored: readonly StoredAccount[],
  { env }: Pick<Loaded, 'env'>,
  vault: Vault,
): Promise<Known[]> {
  const bare = connector.account === undefined ? [] : [{ slug: connector.account, credentials: {} }]
  const given = credentialsIn(connector, env)
  const opened = await Promise.all(stored.map(each => openedOf(connector, each, vault)))
  return [...bare, ...(given ? [{ slug: unstored, credentials: given }] : []), ...opened]
}

/**
 * What the environment gives of a connector's credentials, if that is all of them. Tokens have to be stored, and so has the
 * account that they belong to.
 */
function credentialsIn(connector: Connector, env: Loaded['env']): Credentials | undefined {
  if (!connector.credentials || connector.auth?.kind === 'tokens') return undefined
  const given = fromEnv(connector, env)
  const parsed = connector.credentials.safeParse(given)
  if (!parsed.success || Object.keys(given).length === 0) return undefined
  return hidden(connector, parsed.data as Credentials)
}

/** The fields of credentials that the environment has, by the names their connector gives them. */
export function fromEnv({ credentials }: Connector, env: Loaded['env']): Record<string, string> {
  const named = credentials ? fieldsOf(credentials) : []
  return Object.fromEntries(named.flatMap(({ name, env: key }) => (key && env[key] ? [[name, env[key]]] : [])))
}

/** That credentials do not open goes before a pause: the account can be tried out while it is paused, and not without them. */
async function openedOf(connector: Connector, account: StoredAccount, vault: Vault): Promise<Known> {
  const { slug, credentials: sealed, pausedReason } = account
  const pause = pausedReason === null ? undefined : pausedOf(connector, slug, pausedReason)
  try {
    const credentials = await vault.open(sealed, { connector: connector.name, account: slug, kind: 'credentials' })
    return { slug, credentials: hidden(connector, credentials), held: pause }
  } catch (error) {
    if (!(error instanceof Misuse)) throw error
    return { slug, credentials: {}, held: error }
  }
}

function pausedOf(connector: Connector, account: string, reason: string): Paused {
  return paused({ connector, account }, reason)
}

const hiding = new Set<string>()

/** From here on no text that this process writes shows them, but for fields that are no secret. */
export function hidden({ credentials }: Connector, values: Credentials): Credentials {
  const open = new Set((credentials ? fieldsOf(credentials) : []).filter(field => field.open).map(({ name }) => name))
  for (const [name, value] of Object.entries(values)) {
    if (open.has(name) || hiding.has(value)) continue
    hiding.add(value)
    keepSecret(value)
  }
  return values
}

/**
 * A stream for an account: what stands below the account in the settings goes before what stands below the connector. What flags
 * say is not in it: it is meant for the runs of one command, and this process may work on others (`commanded`).
 */
export function sourceFor(
  { plain }: Pick<Loaded, 'plain'>,
  connector: Connector,
  stream: Source['stream'],
  { slug, credentials, held }: Known,
): Source {
  const section = (plain as unknown as Record<string, Section>)[connector.name]!
  const own = section.accounts?.[slug] ?? {}
  const options = { ...(section[stream.name] as object), ...given(own[stream.name]) }
  const whole = settingsFor(connector, section, own)
  const baseUrl = addressOf(whole)
  return { connector, stream, account: slug, credentials, baseUrl, settings: whole, options, ...(held ? { held } : {}) }
}

/** The settings of the whole connector for an account; limits are the same for all, because a quota may be several accounts'. */
function settingsFor(
  { options }: Connector,
  section: Section,
  own: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const names = Object.keys(options.shape)
  return { ...Object.fromEntries(names.map(name => [name, own[name] ?? section[name]])), limits: section.limits }
}

function given(own: unknown): object {
  return Object.fromEntries(Object.entries(own ?? {}).filter(([, value]) => value !== undefined))
}

/** A source as the flags of this command have it. A flag is said last, and for all accounts. */
export function commanded({ flags }: Pick<Loaded, 'flags'>, source: Source): Source {
  const { connector, stream } = source
  const said = flaggedOf(stream).flatMap(({ flag, option }) => {
    const text = flags[`${connector.name}.${stream.name}.${option}`]
    return text === undefined ? [] : [[flag, text] as const]
  })
  return withFlags(source, Object.fromEntries(said))
}

/** @throws Misuse when settings are given for an account there is not. */
export function refuseStrangers({ settings, connectors, locate }: Loaded, sources: readonly Source[]): void {
  for (const { name } of connectors) {
    const section = (settings as unknown as Record<string, Section>)[name]!
    const known = [...new Set(sources.filter(({ connector }) => connector.name === name).map(({ account }) => account))]
    const strange = Object.keys(section.accounts ?? {}).find(slug => !known.includes(slug))
    if (strange === undefined) continue
    const those = known.length > 0 ? `known: ${known.join(', ')}` : 'it has none yet'
    const how = `add it with: sluice accounts add ${name} ${strange}`
    throw new Misuse(
      'unknown-account',
      `${locate([name, 'accounts', strange])}: there is no account ${accountText(name, strange)} (${those}); ${how}`,
    )
  }
}

/** Says how a connector that has no account gets one. */
export function accountless(connector: Connector, env: Loaded['env']): Misuse {
  const { name, credentials, auth } = connector
  const given = fromEnv(connector, env)
  const lacking = (credentials ? fieldsOf(credentials) : []).filter(field => !field.optional && !(field.name in given))
  const variables = lacking.flatMap(({ env: key }) => (key ? [key] : []))
  const other = auth?.kind !== 'tokens' && variables.length > 0 ? `, or set ${variables.join(' and ')}` : ''
  return new Misuse(
    'no-account',
    `${name} wants credentials and has no account here; add one: sluice accounts add ${name} main${other}`,
  )
}
