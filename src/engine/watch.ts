import { accountText, daysSince, oldAfter } from '../core/account.ts'
import { listAccounts } from '../db/accounts.ts'
import { type Alert, settleAlerts } from '../db/alerts.ts'
import { muchRefused, pruneUses, type Unusual, usedFromTwo } from '../db/uses.ts'
import type { Engine } from './engine.ts'
import { flushUses } from './wallet.ts'

/** What it takes to look after accounts: the engine, as far as it matters here. */
type Watcher = Pick<Engine, 'store' | 'clock' | 'log'>

/** Writes down how accounts were used. A duty of whoever asks vendors. */
export async function noteUses(engine: Engine): Promise<void> {
  await flushUses(engine)
}

/** Raises what is unusual in the use of accounts, and ends what is so no more. A duty of the scheduler. */
export async function watchUse(engine: Watcher): Promise<void> {
  const { store } = engine
  await tell(engine, 'account-two-egress', (await usedFromTwo(store)).map(fromTwo))
  await tell(engine, 'account-refused', (await muchRefused(store)).map(refused))
  await pruneUses(store)
}

/** Raises that credentials are old, until they are rotated. A duty of the scheduler. */
export async function watchAge(engine: Watcher): Promise<void> {
  const [accounts, now] = [await listAccounts(engine.store), await engine.clock.now()]
  const old = accounts.flatMap(({ connector, slug, credentialsAt }): Alert[] => {
    const [name, days] = [accountText(connector, slug), daysSince(credentialsAt, now)]
    if (days < oldAfter) return []
    const message = `${name}: its credentials are ${days} days old; make new ones at the vendor, then: sluice accounts rotate ${name}`
    return [{ key: `credentials-old ${name}`, level: 'warning', code: 'credentials-old', message }]
  })
  await tell(engine, 'credentials-old', old)
}

async function tell({ store, log }: Watcher, code: string, holding: readonly Alert[]): Promise<void> {
  const fresh = await settleAlerts(store, code, holding)
  for (const { message } of fresh) log('warn', message)
}

function fromTwo({ connector, account, seen }: Unusual): Alert {
  const name = accountText(connector, account)
  const message = `${name}: its credentials were used from several addresses within an hour (${seen}); if that is not meant so, rotate them: sluice accounts rotate ${name}`
  return { key: `account-two-egress ${name}`, level: 'warning', code: 'account-two-egress', message }
}

function refused({ connector, account, seen }: Unusual): Alert {
  const name = accountText(connector, account)
  const message = `${name}: ${seen} answers of late were 401 or 403, far more than the day before; look at its rights and credentials: sluice accounts test ${name}`
  return { key: `account-refused ${name}`, level: 'warning', code: 'account-refused', message }
}
