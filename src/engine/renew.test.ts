import { expect, onTestFinished, test } from 'vitest'
import { connector } from '../../test/fixtures/bazaar/index.ts'
import { setupDatabase } from '../../test/setup/database.ts'
import type { Ask } from '../core/ask.ts'
import { AuthError, Paused, StoreAway, Transient } from '../core/failure.ts'
import { exponential } from '../core/retry.ts'
import type { Source } from '../core/source.ts'
import { addAccount, pauseAccount } from '../db/accounts.ts'
import { openAlerts } from '../db/alerts.ts'
import { readAudit } from '../db/audit.ts'
import { postgresLimits } from '../db/limits.ts'
import { arrive } from '../db/presence.ts'
import type { Store } from '../db/store.ts'
import { grantTokens, readTokens, takeLease } from '../db/tokens.ts'
import { type Keys, type Vault, vaultOf } from '../db/vault.ts'
import { imitateOauth } from '../sim/oauth/oauth.ts'
import type { Asker } from './engine.ts'
import { lineOf } from './line.ts'
import { emptyPurse } from './purse.ts'
import { emptyWallet } from './wallet.ts'

const client = { id: 'app', secret: 'client-secret-0815' }
const key = { connector: 'bazaar', slug: 'main' }
const hour = 3_600_000
const secretKey = 'a key for tests'

/** An account that somebody has logged in, its vendor, and as many processes as wanted that ask for it. */
async function setup({ lifetime = 12 * hour, keys = { current: secretKey } }: { lifetime?: number; keys?: Keys } = {}) {
  const { store, clock } = await setupDatabase()
  const refusals = { times: 0 }
  const flaky = refusing(store, refusals)
  const sim = imitateOauth({ accounts: ['anna'], rows: 25, client, lifetime })
  const sent: Request[] = []
  const [vault, theirs] = [{ current: secretKey }, keys].map(each => vaultOf(each, async () => 'here')) as [
    Vault,
    Vault,
  ]
  const credentials = { client_id: client.id, client_secret: client.secret }
  const stream = connector.streams[0]!
  const base = { connector, stream, account: 'main', baseUrl: 'http://vendor.example', settings: {} }
  const source: Source = { ...base, credentials, options: stream.options.parse({}) }
  const log: string[] = []
  const process = async () => {
    const { worker, leave } = await arrive(store)
    onTestFinished(leave)
    const asker: Asker = {
      ...{
        store: flaky,
        clock,
        limits: postgresLimits(store),
        purse: emptyPurse(),
        wallet: emptyWallet(),
        vault: theirs,
        worker,
      },
      ...{ egress: 'default', userAgent: 'sluice/test', log: (_, message) => void log.push(message) },
      transport: async request => {
        sent.push(request.clone())
        return sim.fetch(request)
      },
    }
    const line = lineOf(asker, source, { who: 'bazaar/main', costs: {}, retries: noRetries })
    return (ask: Ask = { path: '/api/list', query: { list: 'a' } }) => line(ask, AbortSignal.timeout(30_000))
  }
  const { auth } = connector
  if (auth?.kind !== 'tokens') throw new Error('the fixture has tokens')
  const sealed = await vault.seal(credentials, { connector: 'bazaar', account: 'main', kind: 'credentials' })
  await addAccount(store, key, sealed)
  const logIn = async () => {
    const answer = { status: 200, headers: new Headers(), json: sim.tokens.grant('anna', Date.now()), at: new Date() }
    const tokens = auth.parse(answer, undefined)
    const own = await vault.seal(tokens, { connector: 'bazaar', account: 'main', kind: 'tokens' })
    await grantTokens(store, key, { ...own, until: auth.expiresAt(tokens) })
    return tokens
  }
  const tokens = await logIn()
  const set = (column: string, value: string) => store.query(`update sluice.accounts set ${column} = ${value}`)
  const refreshes = () => sim.calls.filter(({ want }) => want === 'refresh').map(({ token, status }) => [token, status])
  return { store, refusals, sim, sent, process, tokens, set, refreshes, log, state: () => readTokens(store, key) }
}

/** A store that is away as often as it is told to when tokens shall be written down. */
function refusing(store: Store, refusals: { times: number }): Store {
  const query: Store['query'] = async (text, values) => {
    if (!text.includes('set tokens =') || refusals.times === 0) return store.query(text, values)
    refusals.times--
    throw new StoreAway('store-away', 'The database does not answer')
  }
  return { ...store, query }
}

const noRetries = exponential({ retries: 0, base: '1s' })

async function failure(work: Promise<unknown>): Promise<Error & { code?: string }> {
  return work.then(
    () => expect.fail('it did not fail'),
    error => error,
  )
}

test('tokens that are about to end are renewed before a question, once for all who ask at the same time', async () => {
  const { process, set, refreshes, sim } = await setup()
  const [one, two] = [await process(), await process()]
  await set('tokens_until', "sluice.now() + interval '400 ms'")
  const answers = await Promise.all([one(), two(), one(), two(), one()])
  expect(answers.map(({ answer }) => answer.status)).toEqual([200, 200, 200, 200, 200])
  expect(refreshes()).toEqual([[1, 200]])
  expect(sim.calls.filter(({ status }) => status === 401)).toEqual([])
})

test('a question that is refused is asked again with the tokens that somebody else has stored meanwhile, or with new ones', async () => {
  const { process, set, refreshes, sim, tokens } = await setup()
  const [one, two] = [await process(), await process()]
  await one()
  await set('tokens_at', "sluice.now() - interval '2 hours'")
  sim.tokens.renew(tokens.refresh_token!, Date.now())
  expect((await one()).answer.status).toBe(200)
  expect(refreshes()).toEqual([[1, 200]])
  expect((await two()).answer.status).toBe(200)
  expect(sim.calls.filter(({ want }) => want === 'data').map(({ status }) => status)).toEqual([200, 401, 200, 200])
})

test('a refusal of tokens that were given just now is no matter of tokens: they are not renewed, and the account goes on', async () => {
  const { process, refreshes, sim, state } = await setup()
  const ask = await process()
  sim.tokens.revoke('anna')
  expect(await failure(ask())).toMatchObject({ name: 'AuthError', code: 'vendor-unauthorised' })
  expect(refreshes()).toEqual([])
  expect(await state()).toMatchObject({ pausedReason: null })
})

test('a token endpoint that stumbles is asked once more at once; one that is away pauses nothing, and the next one tries', async () => {
  const { store, process, set, refreshes, sim, state } = await setup()
  const ask = await process()
  await set('tokens_until', 'sluice.now()')
  sim.spoil({ account: 'anna', times: 3, status: 503 })
  expect(await failure(ask())).toBeInstanceOf(Transient)
  expect(await state()).toMatchObject({ pausedReason: null, leaseBy: null, version: '1' })
  expect((await ask()).answer.status).toBe(200)
  expect(refreshes()).toEqual([503, 503, 503, 200].map(status => [1, status]))
  expect(await openAlerts(store)).toEqual([])
  expect((await readAudit(store, {}, 9)).map(({ action }) => action)).toEqual(['refresh-failed'])
})

test('tokens that the vendor has given are not lost because the database is away for a moment', async () => {
  const { process, set, refreshes, refusals, state } = await setup()
  const ask = await process()
  await set('tokens_until', 'sluice.now()')
  refusals.times = 2
  expect((await ask()).answer.status).toBe(200)
  expect(refreshes()).toEqual([[1, 200]])
  expect(await state()).toMatchObject({ version: '2', leaseBy: null })
})

test('after a process that died over it the old token is tried; when that is refused the account is paused with one alert', async () => {
  const { store, process, set, sim, state, log } = await setup()
  const [one, two] = [await process(), await process()]
  await set('tokens_until', 'sluice.now()')
  await takeLease(store, key, { by: 'gone:1:abc', version: '1', length: 60_000, gone: [] })
  sim.tokens.revoke('anna')
  const lost = await failure(one())
  expect(lost).toBeInstanceOf(AuthError)
  expect(lost).toMatchObject({ code: 'auth-lost' })
  expect(lost.message).toMatch(/400 invalid_grant \(a process died while it renewed them at .*rotate bazaar\/main$/)
  expect(lost.message + log.join()).not.toMatch(/rt-anna|at-anna|client-secret/)
  expect(await failure(two())).toBeInstanceOf(Paused)
  expect((await openAlerts(store)).map(({ code, times }) => [code, times])).toEqual([['auth-lost', 1]])
  expect(await state()).toMatchObject({ leaseBy: null, pausedReason: expect.stringContaining('400 invalid_grant') })
})

test('a process that could not store what the vendor gives does not ask for it', async () => {
  const { process, set, refreshes, state } = await setup({ keys: { previous: secretKey } })
  const ask = await process()
  await set('tokens_until', 'sluice.now()')
  expect(await failure(ask())).toMatchObject({ name: 'Misuse', code: 'secret-key-missing' })
  expect(refreshes()).toEqual([])
  expect(await state()).toMatchObject({ leaseBy: null, pausedReason: null })
})

test('an account that is paused is not asked for, from the next question on', async () => {
  const { store, process, sim } = await setup()
  const ask = await process()
  await ask()
  await pauseAccount(store, key, 'on holiday')
  expect(await failure(ask())).toMatchObject({ name: 'Paused', code: 'account-paused' })
  expect(sim.calls).toHaveLength(1)
})

test('only the connector’s own host is shown who asks; a token endpoint sees what its question says', async () => {
  const { process, set, sent } = await setup()
  const ask = await process()
  await set('tokens_until', 'sluice.now()')
  await ask()
  await failure(ask({ url: 'http://elsewhere.example/report' }))
  const shown = sent.map(
    ({ url, headers }) => `${new URL(url).host} ${headers.get('authorization')?.slice(0, 9) ?? 'nobody'}`,
  )
  expect(shown).toEqual(['vendor.example Basic YXB', 'vendor.example Bearer at', 'elsewhere.example nobody'])
})
