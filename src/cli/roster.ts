import { accountNamed } from '../app/account.ts'
import type { App } from '../app/app.ts'
import { accountText, daysSince, oldAfter } from '../core/account.ts'
import { Misuse } from '../core/failure.ts'
import type { Source } from '../core/source.ts'
import { type AccountState, listAccounts } from '../db/accounts.ts'
import { readAudit } from '../db/audit.ts'
import type { ExitCode } from './command.ts'
import { printJson, type Screen } from './screen.ts'
import { moment, table } from './text.ts'

/** An account as it is listed: stored, or known from the environment alone. */
type Listed = Partial<AccountState> & {
  connector: string
  slug: string
  stored: boolean
  state: 'active' | 'paused' | 'locked'
  note: string | null
  days: number | null
}

/** `sluice accounts list`. */
export async function showAccounts(app: App, screen: Screen): Promise<ExitCode> {
  const [stored, now] = [await listAccounts(app.store), await app.clock.now()]
  const listed = [...stored.map(account => listedOf(account, app.sources, now)), ...unstoredOf(app.sources, stored)]
  if (screen.json) printJson(screen, listed)
  else if (listed.length === 0) screen.out('There are no accounts. To add one: sluice accounts add <connector> <name>')
  else
    screen.out(
      table(
        ['account', 'state', ' credentials', 'tokens until', 'last success', 'last refusal', 'note'],
        listed.map(rowOf),
      ),
    )
  for (const { connector, slug, days } of listed) {
    const name = accountText(connector, slug)
    if (days !== null && days >= oldAfter)
      screen.err(
        `[WARN] The credentials of ${name} are ${days} days old; make new ones, then: sluice accounts rotate ${name}`,
      )
  }
  return 0
}

function listedOf(account: AccountState, sources: readonly Source[], now: Date): Listed {
  const { connector, slug, pausedReason, credentialsAt } = account
  const held = sources.find(each => each.connector.name === connector && each.account === slug)?.held
  const isLocked = held !== undefined && held.code !== 'account-paused'
  const state = pausedReason !== null ? 'paused' : isLocked ? 'locked' : 'active'
  return {
    ...account,
    stored: true,
    state,
    note: pausedReason ?? held?.message ?? null,
    days: daysSince(credentialsAt, now),
  }
}

/** Accounts that have no row: those whose credentials the environment has. */
function unstoredOf(sources: readonly Source[], stored: readonly AccountState[]): Listed[] {
  const others = sources.filter(
    ({ connector, account }) =>
      account !== connector.account && !stored.some(each => each.connector === connector.name && each.slug === account),
  )
  const names = new Map(others.map(each => [accountText(each.connector.name, each.account), each]))
  return [...names.values()].map(({ connector, account }) => ({
    ...{ connector: connector.name, slug: account, stored: false, state: 'active' as const, days: null },
    note: 'credentials from the environment',
  }))
}

function rowOf({ connector, slug, state, days, tokensUntil, lastSuccess, lastRefusal, note }: Listed): string[] {
  const age = days === null ? '-' : `${days} d`
  return [
    accountText(connector, slug),
    state,
    age,
    moment(tokensUntil),
    moment(lastSuccess),
    moment(lastRefusal),
    note ?? '',
  ]
}

/** `sluice accounts audit`. */
export async function showAudit(
  app: App,
  screen: Screen,
  { account, limit }: { account?: string; limit: string },
): Promise<ExitCode> {
  const most = Number(limit)
  if (!Number.isInteger(most) || most < 1) throw new Misuse('bad-flag', `--limit ${limit} is no number of entries`)
  const entries = await readAudit(app.store, account === undefined ? {} : await ofAccount(app, account), most)
  if (screen.json) printJson(screen, entries)
  else if (entries.length === 0) screen.out('Nothing was done to accounts yet.')
  else
    screen.out(
      table(
        ['at (UTC)', 'actor', 'action', 'account', 'details'],
        entries.map(({ at, actor, action, connector, account: slug, details }) => [
          ...[moment(at), actor, action, connector ? accountText(connector, slug ?? '') : '-'],
          JSON.stringify(details),
        ]),
      ),
    )
  return 0
}

/** An account that was removed has a trail all the same. */
async function ofAccount(app: App, text: string): Promise<{ connector?: string; account?: string }> {
  const [connector, slug] = text.split('/')
  if (slug !== undefined) return { connector: connector!, account: slug }
  const named = await accountNamed(app, text).catch(() => undefined)
  return named ? { connector: named.connector.name, account: named.slug } : { account: text }
}
