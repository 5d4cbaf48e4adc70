import { closest } from 'fastest-levenshtein'
import { accountText, unstored } from '../core/account.ts'
import type { Tokens } from '../core/auth.ts'
import type { Connector } from '../core/connector.ts'
import { AuthError, BadPage, CircuitOpen, LimitsAway, Misuse, Rejected, Throttled, Transient } from '../core/failure.ts'
import type { Log } from '../core/log.ts'
import type { Source } from '../core/source.ts'
import { listAccounts } from '../db/accounts.ts'
import { type Invitation, login } from '../engine/login.ts'
import type { Entered, Named } from './accounts.ts'
import type { App } from './app.ts'
import { reach, withAsker } from './ask.ts'
import { sourceFor } from './sources.ts'

/** The connector of a name. @throws Misuse when there is none, or when it wants no credentials */
export function connectorNamed({ connectors }: Pick<App, 'connectors'>, name: string): Connector {
  const found = connectors.find(each => each.name === name)
  const names = connectors.map(each => each.name)
  if (!found) {
    const near = closest(name, names)
    throw new Misuse(
      'unknown-connector',
      `There is no connector "${name}"; did you mean "${near}"? Known: ${names.join(', ')}`,
    )
  }
  if (found.credentials) return found
  throw new Misuse('no-credentials', `${found.title} wants no credentials: there is nothing to store for it`)
}

/** The stored account that a text means: `main`, or `acme/main` where several connectors have one of that name. */
export async function accountNamed(app: App, text: string): Promise<Named> {
  const all = await listAccounts(app.store)
  const found = all.filter(({ connector, slug }) => text === slug || text === accountText(connector, slug))
  if (found.length > 1) {
    const names = found.map(({ connector, slug }) => accountText(connector, slug))
    throw new Misuse('ambiguous-account', `"${text}" may be ${names.join(' or ')}; write one of them`)
  }
  const connector = app.connectors.find(({ name }) => name === found[0]?.connector)
  if (found[0] && connector) return { connector, slug: found[0].slug }
  throw found[0] ? strange(text, found[0].connector) : unknown(app, text, all)
}

function strange(text: string, connector: string): Misuse {
  return new Misuse(
    'unknown-connector',
    `${text} is an account of ${connector}, which is no connector here; name it under "connectors"`,
  )
}

function unknown({ sources }: App, text: string, all: readonly { connector: string; slug: string }[]): Misuse {
  const isGiven = sources.some(({ connector, account }) =>
    [account, accountText(connector.name, account)].includes(text),
  )
  if (isGiven && text.endsWith(unstored)) {
    return new Misuse(
      'unknown-account',
      `The credentials of ${text} stand in the environment and are not stored; change them there`,
    )
  }
  const names = all.map(({ connector, slug }) => accountText(connector, slug))
  const known = names.length > 0 ? `known: ${names.join(', ')}` : 'none is stored yet; see: sluice accounts add --help'
  return new Misuse('unknown-account', `There is no stored account "${text}"; ${known}`)
}

/** An account with what was entered for it, as a source that is not stored yet: it serves to ask the vendor. */
export function sourceOf(app: App, { connector, slug }: Named, { credentials }: Entered): Source {
  return sourceFor(app, connector, connector.streams[0]!, { slug, credentials })
}

/** What asking came to: the vendor took the credentials, said no to them, is away, or has nothing cheap to be asked. */
export type Trial = { outcome: 'accepted' | 'refused' | 'away' | 'untried'; text: string }

/** Asks the vendor its cheap question with the credentials of a source. */
export async function tryOut(app: App, log: Log, source: Source): Promise<Trial> {
  const who = accountText(source.connector.name, source.account)
  try {
    const reached = await withAsker(app, log, asker => reach(asker, source, who))
    if (!reached) return { outcome: 'untried', text: `${source.connector.title} has nothing cheap to be asked` }
    return {
      outcome: 'accepted',
      text: `${source.connector.title} accepts the credentials (${reached.ms.toFixed(0)} ms)`,
    }
  } catch (error) {
    return trialOf(error)
  }
}

/** A vendor that answers in another way than documented has let us in all the same. */
function trialOf(error: unknown): Trial {
  if (error instanceof BadPage) return { outcome: 'accepted', text: error.message }
  if (error instanceof AuthError || error instanceof Rejected) return { outcome: 'refused', text: error.message }
  const isAway = [Transient, Throttled, CircuitOpen, LimitsAway].some(kind => error instanceof kind)
  if (isAway) return { outcome: 'away', text: (error as Error).message }
  throw error
}

/** Has a person log in on another screen; undefined where the connector knows no such login. */
export async function logIn(
  app: App,
  log: Log,
  named: Named,
  entered: Entered,
  show: (invitation: Invitation) => void,
): Promise<Tokens | undefined> {
  const { auth } = named.connector
  if (auth?.kind !== 'tokens') return undefined
  const source = sourceOf(app, named, entered)
  return withAsker(app, log, asker => login(asker, source, { auth, credentials: entered.credentials, show }))
}
