import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openStore } from '../../src/db/store.ts'
import { setupFileDatabase } from '../setup/database.ts'
import { type Env, jsonOf, run, setupFileFolder, setupFolder, urlOf } from '../setup/sluice.ts'
import { strangersMayEnter } from '../setup/stranger.ts'
import { counted, untouched } from './world.ts'

const [folder, database] = [await setupFileFolder(), await setupFileDatabase()]
/** Nothing that is refused here may come so far as to ask a vendor. */
const env: Env = { DATABASE_URL: urlOf(database.connection), BINANCE_BASE_URL: 'http://127.0.0.1:9' }
type Error = { error: { code: string; message: string } }

/** What is typed, under which code it is refused, and what the message must tell. */
const typed: [line: string, code: string, message: RegExp][] = [
  ['sync --interval 2m', 'bad-setting', /--interval: "2m" cannot be used: knows only 1s, 1m, 3m/],
  ['sync --interval 1m,7x', 'bad-setting', /knows only 1s, 1m/],
  ['sync --from 2025-01-02 --to 2025-01-01', 'bad-range', /--from 2025-01-02 is not before --to 2025-01-01/],
  ['sync --from 2025-01-01 --to 2025-01-01', 'bad-range', /--from is inclusive, --to exclusive/],
  ['sync --from 2999-01-01', 'bad-range', /--from 2999-01-01 lies in the future/],
  ['sync --from yesterday', 'bad-date', /--from yesterday is not a date; write 2025-01-01/],
  ['sync --to 2025-02-30', 'bad-date', /--to 2025-02-30 is not a date/],
  ['sync --to 01.02.2025', 'bad-date', /--to 01.02.2025 is not a date/],
  ['sync binance.candle', 'unknown-stream', /no stream "binance.candle"; did you mean "binance.candles"/],
  ['sink', 'usage', /unknown command 'sink'.*did you mean sync/is],
  ['sync --simbols BTCUSDT', 'usage', /unknown option '--simbols'.*did you mean --symbols/is],
  ['sync --symbols', 'usage', /option '--symbols <list>' argument missing/],
  ['up --roles cook', 'unknown-role', /no role "cook"; known: worker, scheduler/],
  ['verify --from 2025-01-02 --to 2025-01-01', 'bad-range', /is not before/],
]

describe.concurrent('what cannot be meant is refused with exit code 2, and nothing is written', () => {
  it.each(typed)('sluice %s', async (line, code, message) => {
    const [name = '', ...rest] = line.split(' ')
    const ended = await run([name, '--json', ...rest], { folder, env })
    expect(ended.code, ended.err).toBe(2)
    const { error } = jsonOf<Error>(ended)
    expect(error.code).toBe(code)
    expect(error.message).toMatch(message)
    expect(ended.err).toContain(error.message.split('\n')[0])
    expect(ended.err).not.toMatch(/ at .*:\d+:\d+/)
    expect(await counted(database)).toEqual(untouched)
  })
})

/** What stands in sluice.yaml, in .env and in the environment, and what the message must tell. */
const configured: [what: string, yaml: string, dotenv: string, env: Env, code: string, message: RegExp][] = [
  [
    'an unknown key',
    'workers: 3\nbinance:\n  candles:\n    simbols: [BTCUSDT]\n',
    '',
    {},
    'unknown-setting',
    /sluice\.yaml, line 4: there is no setting "simbols" in binance\.candles; did you mean "symbols"\?/,
  ],
  [
    'an unknown section',
    '# mine\nbinanse:\n  base_url: http://127.0.0.1\n',
    '',
    {},
    'unknown-setting',
    /sluice\.yaml, line 2: there is no setting "binanse"; did you mean "binance"\?/,
  ],
  ['a bad value in the file', 'workers: many\n', '', {}, 'bad-setting', /sluice\.yaml, line 1: .*\(workers: runs/],
  ['no YAML', 'workers: [1\n', '', {}, 'settings-unreadable', /sluice\.yaml, line 2: /],
  ['a list in place of settings', '- workers\n', '', {}, 'settings-unreadable', /must hold names and values/],
  ['a variable out of bounds', '', '', { BATCH_SIZE: '5000' }, 'bad-setting', /the variable BATCH_SIZE: "5000" cannot/],
  ['a variable that is no number', '', '', { MAX_RETRIES: 'five' }, 'bad-setting', /the variable MAX_RETRIES: "five"/],
  ['a variable that is no date', '', '', { START_DATE: '2025-13-01' }, 'bad-setting', /START_DATE: .*is not a date/],
  ['an address that is none', '', '', { BINANCE_BASE_URL: 'binance' }, 'bad-setting', /BINANCE_BASE_URL: "binance"/],
  ['a line of .env', '', 'INTERVAL=2m\n', {}, 'bad-setting', /the variable INTERVAL: "2m" cannot be used: knows only/],
  [
    'an address of the database without a name',
    '',
    '',
    { DATABASE_URL: 'postgres://' },
    'bad-setting',
    /DATABASE_URL must read postgres:\/\/user:password@host:5432\/name/,
  ],
]

describe.concurrent('settings that cannot be used are refused with exit code 2, by name and place', () => {
  it.each(configured)('%s', async (_, yaml, dotenv, more, code, message) => {
    const here = await mkdtemp(join(folder, 'settings-'))
    if (yaml) await writeFile(join(here, 'sluice.yaml'), yaml)
    if (dotenv) await writeFile(join(here, '.env'), dotenv)
    const ended = await run(['sync', '--json'], { folder: here, env: { ...env, ...more } })
    expect(ended.code, ended.err).toBe(2)
    const { error } = jsonOf<Error>(ended)
    expect(error.code).toBe(code)
    expect(error.message).toMatch(message)
    expect(await counted(database)).toEqual(untouched)
  })
})

describe('a database that cannot be used', () => {
  const { connection } = database
  const sync = (url: string) => run(['sync', '--json'], { folder, env: { ...env, DATABASE_URL: url } })

  it('that does not answer ends a command with 1, and the message says where and what to do', async () => {
    const port = await unusedPort()
    const ended = await sync(urlOf({ ...connection, host: '127.0.0.1', port }))
    expect(ended.code).toBe(1)
    expect(jsonOf<Error>(ended).error).toEqual({
      code: 'store-away',
      message: expect.stringMatching(`127.0.0.1:${port}/.* does not answer: .*ECONNREFUSED.* correct DATABASE_URL`),
    })
  })

  it('that refuses the password ends a command with 2, and the password is told nowhere', async ({ skip }) => {
    const wrong = { ...connection, password: 'Wr0ng+secret' }
    const store = openStore(wrong, { max: 1 })
    const isAsked = await store.query('select').then(
      () => false,
      () => true,
    )
    await store.close()
    skip(!isAsked, 'this server asks for no password')
    const ended = await sync(urlOf(wrong))
    expect(ended.code).toBe(2)
    const { error } = jsonOf<Error>(ended)
    expect(error.message).toMatch(/refuses the password; correct DATABASE_URL or DB_PASSWORD/)
    expect(`${ended.out}${ended.err}`).not.toContain('Wr0ng')
  })

  it('that does not exist ends a command with 2', async () => {
    const ended = await sync(urlOf({ ...connection, database: 'sluice_of_nobody' }))
    expect(ended.code).toBe(2)
    expect(jsonOf<Error>(ended).error.message).toMatch(
      /no such database; create it, or correct DATABASE_URL.*sluice_of_nobody/,
    )
  })

  it('that has no tables yet is not given any by a sync: it asks for sluice migrate', async () => {
    const ended = await sync(urlOf({ ...connection, database: 'postgres' }))
    expect(ended.code).toBe(2)
    expect(jsonOf<Error>(ended).error.message).toMatch(/lacks tables this version needs; run: sluice migrate/)
  })

  it('is told by doctor, which looks at the rest all the same', async () => {
    const port = await unusedPort()
    const url = urlOf({ ...connection, host: '127.0.0.1', port })
    const ended = await run(['doctor', '--json'], { folder, env: { ...env, DATABASE_URL: url } })
    expect(ended.code).toBe(1)
    expect(jsonOf(ended)).toContainEqual({
      check: 'store',
      ok: false,
      seen: expect.stringContaining('does not answer'),
    })
  })
})

describe('a data folder that cannot be used ends a command with 2, and the message says which and why', () => {
  const sync = (here: string, home: string, uid?: number) =>
    run(['sync', '--json'], { folder: here, env: { SLUICE_HOME: home }, ...(uid === undefined ? {} : { uid }) })

  it('a file in its place', async () => {
    const here = await setupFolder()
    const home = join(here, 'home')
    await writeFile(home, 'not a folder')
    const ended = await sync(here, home)
    expect(ended.code, ended.err).toBe(2)
    expect(jsonOf<Error>(ended).error.message).toMatch(/SLUICE_HOME is .*home, but .*home is not a folder\. Set SLUICE/)
  })

  it('a folder below a file', async () => {
    const here = await setupFolder()
    await writeFile(join(here, 'file'), '')
    const ended = await sync(here, join(here, 'file/home'))
    expect(ended.code, ended.err).toBe(2)
    expect(jsonOf<Error>(ended).error.message).toMatch(/is not a folder/)
  })

  it.skipIf(process.platform !== 'linux')('a place where nobody may make a folder', async () => {
    const ended = await sync(await setupFolder(), '/proc/sluice')
    expect(ended.code, ended.err).toBe(2)
    expect(jsonOf<Error>(ended).error.message).toMatch(/SLUICE_HOME is \/proc\/sluice/)
  })

  it.skipIf(process.getuid?.() !== 0 || !strangersMayEnter)('a folder of another user', async ({ skip }) => {
    const nobody = 65_534
    const help = await run(['--version'], { folder, env, uid: nobody })
    skip(help.code !== 0, 'another user cannot enter the folder this repository lies in')
    const here = await setupFolder()
    await mkdir(join(here, 'mine'))
    const ended = await sync(here, join(here, 'mine/home'), nobody)
    expect(ended.code, ended.err).toBe(2)
    expect(jsonOf<Error>(ended).error.message).toMatch(/user 65534 may not use .*mine.*belongs to user 0/)
  })
})

/** A port that nobody listens on. */
function unusedPort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
