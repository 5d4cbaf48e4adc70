import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { migrate } from '../../src/db/migrations.ts'
import { imitateAcme } from '../../src/sim/acme/acme.ts'
import { imitateOauth, type Options } from '../../src/sim/oauth/oauth.ts'
import { serve } from '../../src/sim/serve.ts'
import { setupDatabase } from '../setup/database.ts'
import { type Ended, type Env, jsonOf, linesOf, run, setupFolder, start, until, urlOf } from '../setup/sluice.ts'

const fixtures = join(import.meta.dirname, '../fixtures')
const anna = 'tk-anna-4711-secret'
const boris = 'tk-boris-0815-secret'
/** A terminal of a test's own is had by `script`, which every Debian has. */
const hasScript = spawnSync('script', ['--version']).status === 0

const key = 'a-key-for-tests-of-accounts-01'

/** A folder with a connector of the user's own that wants credentials, its vendor on a port, a migrated database. */
async function setup(yaml = '', rows = 30) {
  const [folder, database] = [await setupFolder(), await setupDatabase()]
  const world = { accounts: [anna, boris], since: Date.parse('2025-03-10T00:00:00Z'), every: 60_000, rows }
  const acme = imitateAcme(world)
  const vendor = await serve(acme)
  onTestFinished(vendor.close)
  await cp(join(fixtures, 'keyed'), join(folder, 'keyed'), { recursive: true })
  await writeFile(join(folder, 'sluice.yaml'), `connectors: [./keyed]\n${yaml}`)
  const env: Env = {
    DATABASE_URL: urlOf(database.connection),
    SLUICE_SECRET_KEY: key,
    KEYED_BASE_URL: `${vendor.url}/nobody`,
    BINANCE_BASE_URL: 'http://127.0.0.1:9',
  }
  const sluice = (...args: string[]) => run(args, { folder, env })
  const enter = (input: string, ...args: string[]) => run(args, { folder, env, input })
  const begin = (...args: string[]) => start(args, { folder, env })
  await migrate(database.store, [{ name: 'keyed', folder: join(fixtures, 'keyed/migrations') }])
  const rowsOf = async (account: string) =>
    (await database.store.query('select id from keyed.orders where account = $1', [account])).length
  return { folder, database, env, sluice, enter, begin, acme, rowsOf }
}

type Failed = { error: { code: string; message: string } }

function refusal(ended: Ended, code = 2): Failed['error'] {
  expect(ended.code, ended.err).toBe(code)
  expect(ended.out + ended.err).not.toMatch(/tk-(anna|boris|wrong)|\n {4}at /)
  return jsonOf<Failed>(ended).error
}

function well(ended: Ended): Ended {
  expect(ended.code, ended.err).toBe(0)
  expect(ended.out + ended.err).not.toMatch(/tk-(anna|boris)/)
  return ended
}

/** Everything in the engine's tables, as text. */
async function storedText({ store }: Awaited<ReturnType<typeof setup>>['database']): Promise<string> {
  const tables = ['accounts', 'audit', 'alerts', 'runs', 'account_use', 'quarantine']
  const rows = await Promise.all(tables.map(name => store.query(`select t::text as row from sluice.${name} t`)))
  return JSON.stringify(rows)
}

/** A test runs many commands, each a process of its own. */
const timeout = 240_000

describe('sluice accounts add', { timeout }, () => {
  it('stores what stdin or the environment gives once the vendor took it, and what is stored tells no secret', async () => {
    const world = await setup()
    const { sluice, enter, env, database, acme, rowsOf } = world
    expect(jsonOf(well(await enter(`${anna}\n`, 'accounts', 'add', 'keyed', 'anna', '--stdin', '--json')))).toEqual({
      account: 'keyed/anna',
      done: 'added',
      test: { outcome: 'accepted', text: expect.stringMatching(/^Keyed accepts/) },
    })
    env.KEYED_TOKEN = boris
    well(await sluice('accounts', 'add', 'keyed', 'boris', '--from-env'))
    env.KEYED_TOKEN = undefined
    expect(acme.calls.map(({ account }) => account)).toEqual([anna, boris])

    const ended = well(await sluice('sync', 'keyed', '--json'))
    expect(jsonOf<{ runs: { account: string; state: string }[] }>(ended).runs).toMatchObject([
      { account: 'anna', state: 'success' },
      { account: 'boris', state: 'success' },
    ])
    expect([await rowsOf('anna'), await rowsOf('boris')]).toEqual([30, 30])
    const stored = await storedText(database)
    for (const secret of [anna, boris]) {
      expect(stored).not.toContain(secret)
      expect(stored).not.toContain(Buffer.from(secret).toString('hex'))
    }
    const uses = await database.store.query('select account, egress, calls::int, refused::int from sluice.account_use')
    const callsOf = (token: string) => acme.calls.filter(({ account }) => account === token).length
    expect(callsOf(anna)).toBeGreaterThanOrEqual(3)
    expect(uses).toEqual([
      { account: 'anna', egress: 'default', calls: callsOf(anna), refused: 0 },
      { account: 'boris', egress: 'default', calls: callsOf(boris), refused: 0 },
    ])
  })

  it('takes a JSON object and name=value lines, too', async () => {
    const { enter } = await setup()
    well(await enter(JSON.stringify({ token: anna }), 'accounts', 'add', 'keyed', 'one', '--stdin'))
    well(await enter(`\n token = ${boris}\n`, 'accounts', 'add', 'keyed/two', '--stdin'))
    const twice = await enter(anna, 'accounts', 'add', 'keyed', 'two', '--stdin', '--json')
    expect(refusal(twice)).toMatchObject({
      code: 'account-exists',
      message: expect.stringContaining('rotate keyed/two'),
    })
  })

  it.skipIf(!hasScript)('asks on a terminal, and shows nothing of what is typed', async () => {
    const { folder, env, database } = await setup()
    const bin = join(import.meta.dirname, '../../bin/sluice.js')
    const command = `${process.execPath} ${bin} accounts add keyed anna`
    const { PATH, HOME } = process.env
    const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: folder, env: { PATH, HOME, ...env } })
    let seen = ''
    child.stdout.on('data', chunk => {
      seen += chunk
    })
    await until('it asks', () => seen.includes('token, from the page Access: '))
    child.stdin.write(`${anna}\r`)
    const [code] = await once(child, 'close')
    expect(code, seen).toBe(0)
    expect(seen).toContain('keyed/anna is added')
    expect(seen).not.toContain('tk-anna')
    expect(await database.store.query('select slug from sluice.accounts')).toEqual([{ slug: 'anna' }])
  })

  it('takes no credentials from the command line, and says why', async () => {
    const { sluice, database } = await setup()
    const given = [
      ['accounts', 'add', 'keyed', 'anna', '--token', anna],
      ['accounts', 'add', 'keyed', 'anna', `--token=${anna}`],
      ['accounts', 'add', 'keyed', 'anna', anna],
      ['accounts', 'add', 'keyed/anna', anna],
      ['accounts', 'add', 'keyed', 'anna', `-${anna}`],
      ['accounts', 'add', 'keyed', 'anna', `--${anna}`],
      ['accounts', 'rotate', 'anna', anna],
    ]
    for (const args of given) {
      const { code, message } = refusal(await sluice(...args, '--json'))
      expect(code).toBe('secret-in-argument')
      expect(message).toMatch(/history of the shell/)
    }
    expect(await database.store.query('select from sluice.accounts')).toEqual([])
  })

  it('refuses what the connector or the vendor does not take, and never repeats it', async () => {
    const { sluice, enter, env, database } = await setup()
    const add = (input: string, ...args: string[]) => enter(input, 'accounts', 'add', ...args, '--stdin', '--json')
    expect(refusal(await add('tk', 'keyed', 'anna'))).toMatchObject({
      code: 'bad-credentials',
      message: expect.stringMatching(/token cannot be used: must begin with tk-/),
    })
    expect(refusal(await add('{"tokn": "tk-anna"}', 'keyed', 'anna')).message).toMatch(/no field "tokn"; known: token/)
    expect(refusal(await add('', 'keyed', 'anna')).message).toMatch(/stdin holds no credentials/)
    expect(refusal(await add(anna, 'keyed', 'Anna')).code).toBe('bad-slug')
    expect(refusal(await add(anna, 'keyed', 'default')).code).toBe('bad-slug')
    expect(refusal(await add(anna, 'keyd', 'anna')).message).toMatch(/did you mean "keyed"/)
    expect(refusal(await add(anna, 'binance', 'anna')).code).toBe('no-credentials')
    expect(refusal(await add('tk-wrong-one', 'keyed', 'anna'), 1).code).toBe('credentials-refused')
    expect(refusal(await sluice('accounts', 'add', 'keyed', 'anna', '--json')).code).toBe('no-terminal')
    expect(await database.store.query('select from sluice.accounts')).toEqual([])

    well(await enter('tk-other-one', 'accounts', 'add', 'keyed', 'untested', '--stdin', '--no-test'))
    env.KEYED_BASE_URL = 'http://127.0.0.1:9'
    const away = well(await enter(anna, 'accounts', 'add', 'keyed', 'anna', '--stdin', '--json'))
    expect(jsonOf(away)).toMatchObject({ done: 'added', test: { outcome: 'away' } })
    env.SLUICE_SECRET_KEY = undefined
    expect(refusal(await add(anna, 'keyed', 'late')).code).toBe('secret-key-missing')
  })
})

describe('an account', { timeout }, () => {
  it('is listed with its state and the age of its credentials, which is warned of from 90 days on', async () => {
    const { sluice, enter, env, database } = await setup()
    await enter(anna, 'accounts', 'add', 'keyed', 'anna', '--stdin')
    await enter(boris, 'accounts', 'add', 'keyed', 'boris', '--stdin', '--no-test')
    await database.store.query(
      `update sluice.accounts set credentials_at = now() - interval '91 days' where slug = 'boris'`,
    )
    await sluice('sync', 'keyed', '--account', 'anna')
    well(await sluice('accounts', 'pause', 'boris', '--reason', 'on holiday'))
    env.KEYED_TOKEN = boris
    const ended = well(await sluice('accounts', 'list', '--json'))
    expect(jsonOf(ended)).toMatchObject([
      { connector: 'keyed', slug: 'anna', state: 'active', days: 0, lastSuccess: expect.any(String), stored: true },
      { connector: 'keyed', slug: 'boris', state: 'paused', note: 'on holiday', days: 91, lastSuccess: null },
      { connector: 'keyed', slug: 'default', state: 'active', stored: false, days: null },
    ])
    expect(ended.err).toMatch(/keyed\/boris are 91 days old; .* sluice accounts rotate keyed\/boris/)
  })

  it('that is paused is refused by sync, and goes on when it is resumed', async () => {
    const { sluice, enter, rowsOf } = await setup()
    await enter(anna, 'accounts', 'add', 'keyed', 'anna', '--stdin')
    well(await sluice('accounts', 'pause', 'keyed/anna', '--reason', 'on holiday'))
    expect(refusal(await sluice('sync', 'keyed', '--json'))).toEqual({
      code: 'account-paused',
      message: 'The account keyed/anna is paused (on holiday); to go on: sluice accounts resume keyed/anna',
    })
    well(await sluice('accounts', 'resume', 'anna'))
    well(await sluice('sync', 'keyed'))
    expect(await rowsOf('anna')).toBe(30)
  })

  it('is tested, rotated and told of in the audit trail', async () => {
    const { sluice, enter, database, acme } = await setup()
    await enter('tk-wrong-one', 'accounts', 'add', 'keyed', 'anna', '--stdin', '--no-test')
    const refused = await sluice('accounts', 'test', 'anna', '--json')
    expect(refused.code).toBe(1)
    expect(jsonOf(refused)).toMatchObject({ account: 'keyed/anna', outcome: 'refused' })
    const again = await enter('tk-wrong-two', 'accounts', 'rotate', 'anna', '--stdin', '--json')
    expect(refusal(again, 1).code).toBe('credentials-refused')
    well(await enter(anna, 'accounts', 'rotate', 'anna', '--stdin'))
    expect(jsonOf(well(await sluice('accounts', 'test', 'anna', '--json')))).toMatchObject({ outcome: 'accepted' })
    expect(acme.calls.map(({ status }) => status)).toEqual([401, 401, 200, 200])
    const trail = jsonOf<{ action: string; actor: string }[]>(await sluice('accounts', 'audit', '--json'))
    expect(trail.map(({ action }) => action)).toEqual(['test', 'rotate', 'refused', 'test', 'add'])
    expect(trail[0]!.actor).toMatch(/^\w+@/)
    expect(await storedText(database)).not.toMatch(/tk-/)
  })

  it('whose streams were paused because the vendor refused its credentials goes on once they are rotated', async () => {
    const { sluice, enter, database } = await setup()
    await enter('tk-wrong-one', 'accounts', 'add', 'keyed', 'anna', '--stdin', '--no-test')
    expect((await sluice('sync', 'keyed')).code).toBe(1)
    const pauses = () => database.store.query('select stream, part from sluice.pauses order by part')
    await database.store.query(
      `insert into sluice.pauses (connector, account, stream, part, reason, since)
       values ('keyed', 'anna', 'orders', '{"shop": "rome"}', 'the vendor says no to this shop', now())`,
    )
    expect(await pauses()).toHaveLength(2)
    well(await enter(anna, 'accounts', 'rotate', 'anna', '--stdin'))
    expect(await pauses()).toEqual([{ stream: 'orders', part: { shop: 'rome' } }])
  })

  it('that is removed leaves its rows, and nothing at all when it is purged', async () => {
    const { sluice, enter, rowsOf, database } = await setup()
    for (const [slug, token] of [
      ['anna', anna],
      ['boris', boris],
    ]) {
      await enter(token!, 'accounts', 'add', 'keyed', slug!, '--stdin')
    }
    well(await sluice('sync', 'keyed'))
    well(await sluice('accounts', 'remove', 'boris'))
    expect(await rowsOf('boris')).toBe(30)
    expect(refusal(await sluice('accounts', 'remove', 'anna', '--purge', '--json')).code).toBe('no-terminal')
    const ended = well(await sluice('accounts', 'remove', 'anna', '--purge', '--yes', '--json'))
    expect(jsonOf(ended)).toMatchObject({ done: 'purged', rows: { 'keyed.orders': 30, 'sluice.runs': 1 } })
    expect([await rowsOf('anna'), await rowsOf('boris')]).toEqual([0, 30])
    for (const name of [
      'checkpoints',
      'coverage',
      'runs',
      'schedules',
      'alerts',
      'account_use',
      'holes',
      'quarantine',
    ]) {
      const text = `select account from sluice.${name} where account = 'anna'`
      expect(await database.store.query(text), name).toEqual([])
    }
    const none = refusal(await sluice('sync', 'keyed', '--json'))
    expect(none).toMatchObject({
      code: 'no-account',
      message: expect.stringMatching(/accounts add keyed .*KEYED_TOKEN/),
    })
  })

  it('of the environment is collected under the name default and is not stored', async () => {
    const { sluice, env, rowsOf, database } = await setup()
    env.KEYED_TOKEN = anna
    well(await sluice('sync', 'keyed'))
    expect(await rowsOf('default')).toBe(30)
    expect(await database.store.query('select from sluice.accounts')).toEqual([])
    expect(refusal(await sluice('accounts', 'pause', 'default', '--json')).message).toMatch(/stand in the environment/)
  })

  it('has settings of its own in sluice.yaml, below flags; names that are not there are refused with their line', async () => {
    const yaml =
      'keyed:\n  orders:\n    shops: [rome]\n  accounts:\n    anna:\n      orders:\n        shops: [oslo, paris]\n'
    const { folder, sluice, enter } = await setup(yaml)
    expect(refusal(await sluice('sync', 'keyed', '--json'))).toMatchObject({
      code: 'unknown-account',
      message: expect.stringMatching(/sluice\.yaml, line 6: there is no account keyed\/anna .*accounts add keyed anna/),
    })
    await enter(anna, 'accounts', 'add', 'keyed', 'anna', '--stdin')
    await enter(boris, 'accounts', 'add', 'keyed', 'boris', '--stdin')
    const shops = async (...args: string[]) => {
      const { runs } = jsonOf<{ runs: { account: string; part: { shop: string } }[] }>(
        well(await sluice('sync', 'keyed', '--json', ...args)),
      )
      return runs.map(({ account, part }) => `${account} ${part.shop}`).toSorted()
    }
    expect(await shops()).toEqual(['anna oslo', 'anna paris', 'boris rome'])
    expect(await shops('--shops', 'bonn')).toEqual(['anna bonn', 'boris bonn'])
    const wrong = async (from: string, to: string) => {
      const text = await readFile(join(folder, 'sluice.yaml'), 'utf8')
      await writeFile(join(folder, 'sluice.yaml'), text.replace(from, to))
      const { message } = refusal(await sluice('status', '--json'))
      await writeFile(join(folder, 'sluice.yaml'), text)
      return message
    }
    expect(await wrong('        shops: [oslo', '        shop: [oslo')).toMatch(/line 8: .*"shop".*did you mean "shops"/)
    expect(await wrong('      orders:\n        shops: [o', '      ordrs:\n        shops: [o')).toMatch(
      /line 7: .*"orders"/,
    )
    expect(await wrong('[oslo, paris]', '[[]]')).toMatch(/line 8: /)
  })
})

describe('the secret key', { timeout }, () => {
  it('is replaced by way of the previous one; a wrong or missing one is told with the way out, and harms nobody else', async () => {
    const { sluice, enter, env } = await setup()
    await enter(anna, 'accounts', 'add', 'keyed', 'anna', '--stdin')
    const other = 'another-key-for-tests-of-accounts'

    env.SLUICE_SECRET_KEY = other
    const wrong = refusal(await sluice('sync', 'keyed', '--json'))
    expect(wrong).toMatchObject({
      code: 'secret-key-wrong',
      message: expect.stringMatching(/accounts rotate keyed\/anna/),
    })
    expect(wrong.message).not.toMatch(/key-for-tests/)
    expect(jsonOf(well(await sluice('accounts', 'list', '--json')))).toMatchObject([{ slug: 'anna', state: 'locked' }])
    well(await sluice('accounts', 'pause', 'anna'))
    expect(refusal(await sluice('accounts', 'test', 'anna', '--json')).code).toBe('secret-key-wrong')
    well(await sluice('accounts', 'resume', 'anna'))
    env.SLUICE_SECRET_KEY = undefined
    expect(refusal(await sluice('accounts', 'test', 'anna', '--json')).code).toBe('secret-key-missing')
    expect(well(await sluice('status', '--json')).code).toBe(0)

    Object.assign(env, { SLUICE_SECRET_KEY: other, SLUICE_SECRET_KEY_PREVIOUS: key })
    well(await sluice('accounts', 'test', 'anna'))
    const rekeyed = jsonOf(well(await sluice('accounts', 'rekey', '--json')))
    expect(rekeyed).toEqual({ rekeyed: ['keyed/anna'], current: [], failed: [] })
    env.SLUICE_SECRET_KEY_PREVIOUS = undefined
    well(await sluice('accounts', 'test', 'anna'))
    expect(jsonOf(well(await sluice('accounts', 'rekey', '--json')))).toMatchObject({ current: ['keyed/anna'] })

    env.SLUICE_SECRET_KEY = key
    expect(refusal(await sluice('accounts', 'test', 'anna', '--json')).code).toBe('secret-key-wrong')
    expect((await sluice('accounts', 'rekey', '--json')).code).toBe(1)
    well(await enter(anna, 'accounts', 'rotate', 'anna', '--stdin'))
    well(await sluice('accounts', 'test', 'anna'))
  })
})

describe('a running sluice up', { timeout }, () => {
  it('takes over accounts that are added, paused, resumed and removed, within seconds', async () => {
    const { sluice, enter, begin, rowsOf, database } = await setup()
    const up = begin('up', '--json')
    onTestFinished(() => void up.child.kill('SIGKILL'))
    await until('it is up', () => linesOf(up.out()).some(({ message }) => String(message).startsWith('Sluice is up')))
    await enter(anna, 'accounts', 'add', 'keyed', 'anna', '--stdin')
    await until('the new account is collected', async () => (await rowsOf('anna')) === 30)
    well(await sluice('accounts', 'pause', 'anna'))
    await enter(boris, 'accounts', 'add', 'keyed', 'boris', '--stdin')
    await until('the next one, too', async () => (await rowsOf('boris')) === 30)
    await database.store.query(`update sluice.schedules set next_at = now() where account in ('anna', 'boris')`)
    const isDue = async (account: string) => {
      const text = 'select from sluice.schedules where account = $1 and next_at < now()'
      return (await database.store.query(text, [account])).length === 1
    }
    await until('boris has had his turn', async () => !(await isDue('boris')))
    expect(await isDue('anna')).toBe(true)
    well(await sluice('accounts', 'resume', 'anna'))
    await until('anna has had hers', async () => !(await isDue('anna')))
    well(await sluice('accounts', 'remove', 'anna', '--purge', '--yes'))
    const left = () => database.store.query(`select from sluice.schedules where account = 'anna'`)
    await enter(anna, 'accounts', 'add', 'keyed', 'clara', '--stdin')
    await until('it has noticed', async () => (await rowsOf('clara')) === 30)
    expect([await rowsOf('anna'), await rowsOf('boris'), await left()]).toEqual([0, 30, []])
    up.signal('SIGTERM')
    expect((await up.ended).code).toBe(0)
    expect(up.out() + up.err()).not.toMatch(/tk-(anna|boris)/)
  })
})

describe('login on another screen', { timeout }, () => {
  const client = { id: 'app', secret: 'client-secret-0815' }

  async function oauth(options: Partial<Options> = {}) {
    const [folder, database] = [await setupFolder(), await setupDatabase()]
    const sim = imitateOauth({ accounts: ['anna'], rows: 25, client, interval: 100, ...options })
    const vendor = await serve(sim)
    onTestFinished(vendor.close)
    await cp(join(fixtures, 'bazaar'), join(folder, 'bazaar'), { recursive: true })
    await writeFile(join(folder, 'sluice.yaml'), 'connectors: [./bazaar]\n')
    const env: Env = {
      DATABASE_URL: urlOf(database.connection),
      SLUICE_SECRET_KEY: key,
      BAZAAR_BASE_URL: vendor.url,
      BAZAAR_CLIENT_ID: client.id,
      BAZAAR_CLIENT_SECRET: client.secret,
    }
    const sluice = (...args: string[]) => run(args, { folder, env })
    await migrate(database.store, [{ name: 'bazaar', folder: join(fixtures, 'bazaar/migrations') }])
    const begin = async (...args: string[]) => {
      const command = start(args, { folder, env })
      const invited = () => /type the code (\w+)/.exec(command.err())?.[1]
      const code = await Promise.race([until('it invites', invited), command.ended.then(({ err }) => expect.fail(err))])
      return { command, code }
    }
    return { sim, env, sluice, begin, database }
  }

  it('shows address and code, waits for the person as the vendor wants it, and stores the tokens', async () => {
    const { sim, sluice, begin, database } = await oauth()
    const { command, code } = await begin('accounts', 'add', 'bazaar', 'main', '--from-env', '--json')
    await until('it has asked twice', () => sim.calls.filter(({ want }) => want === 'poll').length > 1)
    expect(sim.devices.approve(code, 'anna')).toBe(true)
    const ended = await command.ended
    expect(ended.code, ended.err).toBe(0)
    expect(jsonOf(ended)).toMatchObject({ account: 'bazaar/main', test: { text: 'logged in' } })
    expect(ended.err).toContain('Open https://vendor.example/device and type the code')
    expect(sim.calls.some(({ error }) => error === 'slow_down')).toBe(false)
    const synced = await sluice('sync', 'bazaar', '--json')
    expect(synced.code, synced.err).toBe(0)
    const ids = await database.store.query<{ id: string }>('select id from bazaar.offers order by id')
    expect(ids.map(({ id }) => id)).toEqual(
      sim
        .truth('anna', 'a')
        .map(({ id }) => id)
        .toSorted(),
    )
    const stored = JSON.stringify(await database.store.query('select t::text from sluice.accounts t'))
    expect(stored + ended.out + ended.err + synced.out + synced.err).not.toMatch(/at-anna|rt-anna|client-secret/)
  })

  it('that the vendor ends is told, pauses the account with one alert, and is mended by rotate', async () => {
    const { sim, sluice, begin, database } = await oauth({ lifetime: 1_000 })
    const { command, code } = await begin('accounts', 'add', 'bazaar', 'main', '--from-env')
    sim.devices.approve(code, 'anna')
    expect((await command.ended).code).toBe(0)
    sim.tokens.revoke('anna')
    const lost = await sluice('sync', 'bazaar', '--json')
    expect(lost.code).toBe(1)
    expect(jsonOf<{ runs: { errorCode: string; error: string }[] }>(lost).runs[0]).toMatchObject({
      errorCode: 'auth-lost',
      error: expect.stringMatching(/400 invalid_grant; log in again: sluice accounts rotate bazaar\/main/),
    })
    const alerts = await database.store.query('select code from sluice.alerts where resolved_at is null')
    expect(alerts).toEqual([{ code: 'auth-lost' }])
    expect(await database.store.query('select from sluice.pauses')).toEqual([])
    const paused = await sluice('sync', 'bazaar', '--json')
    expect(jsonOf<Failed>(paused).error.code).toBe('account-paused')

    const again = await begin('accounts', 'rotate', 'main', '--keep')
    sim.devices.approve(again.code, 'anna')
    expect((await again.command.ended).code).toBe(0)
    expect((await sluice('sync', 'bazaar')).code).toBe(0)
    expect(await database.store.query('select from sluice.alerts where resolved_at is null')).toEqual([])
  })
})
