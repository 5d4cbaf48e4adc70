import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it, onTestFinished } from 'vitest'
import { add } from '../src/app/accounts.ts'
import { load, openApp, startEngine } from '../src/app/app.ts'
import type { Connector } from '../src/core/connector.ts'
import { isFinished } from '../src/core/run.ts'
import { migrate } from '../src/db/migrations.ts'
import { readRuns } from '../src/db/runs.ts'
import { plan } from '../src/engine/plan.ts'
import type { Call } from '../src/sim/oauth/call.ts'
import { imitateOauth, type Options } from '../src/sim/oauth/oauth.ts'
import { setupDatabase } from './setup/database.ts'
import { type Command, setupFolder, start, until, urlOf } from './setup/sluice.ts'

const fixture = join(import.meta.dirname, 'fixtures/bazaar')
const client = { id: 'app', secret: 'client-secret-0815' }
const accounts = Array.from({ length: 50 }, (_, nth) => `seller-${nth + 1}`)
const lists = ['a', 'b']
const world: Options = { accounts, rows: 300, client, lifetime: 2_500, slow: 150 }

/** The imitated vendor as a process of its own. */
async function startVendor() {
  const program = join(import.meta.dirname, '../src/sim/oauth/process.ts')
  const args = [program, '--options', JSON.stringify(world)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [line] = await once(createInterface(child.stdout), 'line')
  const { url }: { url: string } = JSON.parse(line)
  const ask = async <T>(path: string, body?: unknown): Promise<T> => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
    return (await (await fetch(`${url}/_sim/${path}`, init)).json()) as T
  }
  return { url, ask, calls: () => ask<Call[]>('calls') }
}

/** Fifty accounts that somebody has logged in, a vendor whose tokens live for seconds, and no worker yet. */
async function setup() {
  const [vendor, database, folder] = [await startVendor(), await setupDatabase(), await setupFolder()]
  await cp(fixture, join(folder, 'bazaar'), { recursive: true })
  await writeFile(join(folder, 'sluice.yaml'), `connectors: [./bazaar]\nbazaar:\n  offers:\n    lists: [${lists}]\n`)
  const env = {
    DATABASE_URL: urlOf(database.connection),
    SLUICE_SECRET_KEY: 'a-key-for-tests-of-tokens',
    BAZAAR_BASE_URL: vendor.url,
    SLUICE_WORKERS: '8',
  }
  await migrate(database.store, [{ name: 'bazaar', folder: join(fixture, 'migrations') }])
  const app = await openApp(await load({ folder, env }), () => undefined, 'never')
  onTestFinished(app.close)
  const connector = app.connectors.find(({ name }) => name === 'bazaar') as Connector
  for (const slug of accounts) await add(app, { connector, slug }, await loggedIn(connector, slug, vendor.ask))
  const commands: Command[] = []
  onTestFinished(() => {
    for (const { child } of commands) child.kill('SIGKILL')
  })
  const begin = () => {
    const command = start(['up', '--roles', 'worker', '--json'], { folder, env })
    commands.push(command)
    return command
  }
  return { vendor, database, app, begin, commands }
}

async function loggedIn({ auth }: Connector, slug: string, ask: Awaited<ReturnType<typeof startVendor>>['ask']) {
  if (auth?.kind !== 'tokens') throw new Error('the fixture has tokens')
  const answer = { status: 200, headers: new Headers(), json: await ask(`grant/${slug}`, {}), at: new Date() }
  return { credentials: { client_id: client.id, client_secret: client.secret }, tokens: auth.parse(answer, undefined) }
}

/** Plans everything of every account at once; the ids of the runs. */
async function planAll(app: Awaited<ReturnType<typeof setup>>['app']): Promise<string[]> {
  const sources = await app.reload()
  const { engine, stop } = await startEngine({ ...app, sources }, () => undefined, [])
  const ids: string[] = []
  for (const source of sources.filter(({ connector }) => connector.name === 'bazaar')) {
    ids.push(...(await plan(engine, { source, parts: source.stream.parts(source.options), cause: 'schedule' })).runs)
  }
  await stop()
  return ids
}

it('fifty accounts under load of two processes: each refresh once, no 401 fails a run, a death within a refresh harms nothing', {
  timeout: 300_000,
}, async () => {
  const { vendor, database, app, begin } = await setup()
  const ids = await planAll(app)
  expect(ids).toHaveLength(accounts.length * lists.length)
  const workers = [begin(), begin()]
  const victim = accounts[2]!
  await vendor.ask('spoil', { account: victim, times: 1, ms: 8_000 })
  await until('a refresh is under way whose answer will be late', async () =>
    (await vendor.calls()).some(({ want, account, end }) => want === 'refresh' && account === victim && end === null),
  )
  const [held] = await database.store.query<{ by: string }>(
    'select lease_by as by from sluice.accounts where slug = $1',
    [victim],
  )
  const dead = workers.find(({ child }) => held!.by.split(':').at(-2) === String(child.pid))!
  dead.signal('SIGKILL')
  await dead.ended
  const killed = Date.now()
  begin()

  await until('every run has ended', async () => (await readRuns(database.store, ids)).every(isFinished))
  const runs = await readRuns(database.store, ids)
  expect(runs.filter(({ state }) => state !== 'success').map(({ error }) => error)).toEqual([])
  const stored = await database.store.query<{ account: string; id: string }>('select account, id from bazaar.offers')
  const sim = imitateOauth(world)
  const truth = accounts.flatMap(account =>
    lists.flatMap(list => sim.truth(account, list).map(({ id }) => `${account} ${id}`)),
  )
  expect(stored.map(({ account, id }) => `${account} ${id}`).toSorted()).toEqual(truth.toSorted())

  const calls = await vendor.calls()
  const refreshes = calls.filter(({ want }) => want === 'refresh')
  expect(refreshes.filter(({ status }) => status !== 200 && status !== 0)).toEqual([])
  const byToken = Map.groupBy(refreshes, ({ account, token }) => `${account} ${token}`)
  const twice = [...byToken.values()].filter(its => its.length > 1)
  expect(twice.some(([first]) => first!.account === victim)).toBe(true)
  for (const [first, second, ...more] of twice) {
    expect(more).toEqual([])
    expect([first!.at <= killed, second!.at >= first!.at && second!.at - first!.at < 60_000]).toEqual([true, true])
    expect(second!.at).toBeGreaterThan(killed - 1_000)
  }
  expect(twice.length).toBeLessThanOrEqual(8)
  const perAccount = accounts.map(each => [...byToken.keys()].filter(name => name.startsWith(`${each} `)).length)
  expect(Math.min(...perAccount)).toBeGreaterThanOrEqual(3)
  expect(await database.store.query(`select from sluice.alerts`)).toEqual([])
  const refused = calls.filter(({ want, status }) => want === 'data' && status === 401).length
  process.stdout.write(
    `tokens: ${byToken.size} refreshes of ${accounts.length} accounts, ${twice.length} repeated after a death, ${refused} answers 401, ${calls.length} calls\n`,
  )
})
