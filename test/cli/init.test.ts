import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { describe, expect, it } from 'vitest'
import { setupDatabase } from '../setup/database.ts'
import { freePort } from '../setup/port.ts'
import { withStore } from '../setup/server.ts'
import { type Env, jsonOf, run, setupFolder, until, urlOf } from '../setup/sluice.ts'
import { strangersMayEnter } from '../setup/stranger.ts'

type Made = { folder: string; files: { name: string; done: string }[]; store: string; next: string[] }
type Failed = { error: { code: string; message: string } }

const program = join(import.meta.dirname, '../../bin/sluice.js')

/** An empty folder, and a database without any tables. */
async function setup(files: Record<string, string> = {}) {
  const [folder, database] = [await setupFolder(), await setupDatabase({ empty: true })]
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  const url = urlOf(database.connection)
  const sluice = (args: string[], env: Env = {}) => run(args, { folder, env })
  return {
    ...{ folder, database, url, sluice },
    init: (...args: string[]) => sluice(['init', ...args]),
    read: (name: string) => readFile(join(folder, name), 'utf8'),
    mode: async (name: string) => (await stat(join(folder, name))).mode & 0o777,
    keyed: async () => parseEnv(await readFile(join(folder, '.env'), 'utf8')),
  }
}

const key = /^[\w-]{43}$/
const old = 'K'.repeat(43)

describe('in an empty folder', () => {
  it('init makes settings, a key that nobody else can read and the embedded store, and says how it goes on', async () => {
    const { folder, init, sluice, read, mode, keyed } = await setup()
    const ended = await init()
    expect(ended.code, ended.err).toBe(0)
    expect(ended.err).toMatch(
      /no terminal to ask on, so the defaults are taken: connectors binance[\w, ]*; database .*embedded/,
    )
    expect(ended.out).toMatch(/The store is ready: embedded PostgreSQL \d+\.\d+ below .*\.sluice\./)
    expect(ended.out).toMatch(/npx sluice up .*\n.*npx sluice status/)
    expect(await mode('.env')).toBe(0o600)
    expect((await keyed()).SLUICE_SECRET_KEY).toMatch(key)
    expect((await readdir(folder)).toSorted()).toEqual(['.env', '.sluice', 'sluice.yaml'])
    expect(await read('sluice.yaml')).toMatch(/^binance:\n {2}## .*\n {2}# base_url: https:\/\/api\.binance\.com$/m)
    const later = await sluice(['status', '--json'])
    expect(later.code, later.err).toBe(0)
  })

  it('the settings it writes are accepted as they are, and with every line made a setting', async () => {
    const { folder, url, init, sluice, read } = await setup()
    await init('--database', url)
    const written = await read('sluice.yaml')
    const [asked, bare] = [written.replace(/^( *)# /gm, '$1'), written.replace(/^( *)# ?/gm, '$1')]
    expect(asked.match(/^ *\w+:/gm)!.length).toBeGreaterThan(25)
    for (const text of [written, asked, bare]) {
      await writeFile(join(folder, 'sluice.yaml'), text)
      const ended = await sluice(['migrate', '--dry-run', '--json'])
      expect(ended.code, ended.err).toBe(0)
    }
    await writeFile(join(folder, 'sluice.yaml'), asked.replace('# workers: 3', '').replace('workers: 3', 'workers: 0'))
    expect((await sluice(['migrate', '--dry-run', '--json'])).code).toBe(2)
  })

  it('a database of one’s own is named in .env, not in sluice.yaml, and has its tables afterwards', async () => {
    const { url, init, sluice, read, keyed } = await setup()
    const made = jsonOf<Made>(await init('--database', url, '--json'))
    expect(made.files).toEqual([
      { name: 'sluice.yaml', done: 'made' },
      { name: '.env', done: 'made' },
    ])
    expect(made.store).toMatch(/^PostgreSQL \d+\.\d+ at /)
    expect((await keyed()).DATABASE_URL).toBe(url)
    expect(await read('sluice.yaml')).not.toContain(url)
    expect(jsonOf(await sluice(['migrate', '--json']))).toEqual({ dryRun: false, migrations: [] })
    expect(existsSync(join(made.folder, '.sluice'))).toBe(false)
  })

  it('whose umask is 022 or 077, the key is readable by its owner alone and the settings as the umask says', async () => {
    for (const [umask, wanted] of [
      ['022', 0o644],
      ['077', 0o600],
    ] as const) {
      const { folder, url, mode } = await setup()
      const line = `umask ${umask}; exec "$0" "$@"`
      const args = ['-c', line, process.execPath, program, 'init', '--database', url]
      const child = spawn('sh', args, { cwd: folder, env: { PATH: process.env.PATH }, stdio: 'ignore' })
      expect(await once(child, 'close')).toEqual([0, null])
      expect([await mode('.env'), await mode('sluice.yaml')]).toEqual([0o600, wanted])
    }
  })

  it('of a repository, what must not be shared is left out of it, once', async () => {
    const { folder, url, init, read } = await setup()
    await mkdir(join(folder, '.git'))
    await init('--database', url)
    expect(await read('.gitignore')).toBe('.env\n.sluice/\n')
    await writeFile(join(folder, '.gitignore'), 'node_modules\n/.sluice')
    await init('--database', url)
    expect(await read('.gitignore')).toBe('node_modules\n/.sluice\n.env\n')
    await init('--database', url)
    expect(await read('.gitignore')).toBe('node_modules\n/.sluice\n.env\n')
  })
})

describe('what is there already', () => {
  it('is left as it is: settings, and a key', async () => {
    const files = { 'sluice.yaml': 'workers: 7\n', '.env': `# mine\nSLUICE_SECRET_KEY=${old}\nSYMBOLS=BTCUSDT` }
    const { url, init, read, mode } = await setup(files)
    const ended = await init('--database', url, '--json')
    expect(jsonOf<Made>(ended).files.map(({ done }) => done)).toEqual(['left', 'extended'])
    expect(await read('sluice.yaml')).toBe(files['sluice.yaml'])
    const env = await read('.env')
    expect(env.startsWith(`${files['.env']}\n`)).toBe(true)
    expect(parseEnv(env)).toEqual({ SLUICE_SECRET_KEY: old, SYMBOLS: 'BTCUSDT', DATABASE_URL: url })
    expect(await mode('.env')).toBe(0o600)
    const again = jsonOf<Made>(await init('--json'))
    expect(again.files.map(({ done }) => done)).toEqual(['left', 'left'])
    expect(await read('.env')).toBe(env)
  })

  it('gets a key where it has none, or an empty one, or not even a line’s end', async () => {
    const { url, init, keyed } = await setup({ '.env': 'LOG_LEVEL=debug\nSLUICE_SECRET_KEY=' })
    await init('--database', url)
    expect(await keyed()).toEqual({
      LOG_LEVEL: 'debug',
      SLUICE_SECRET_KEY: expect.stringMatching(key),
      DATABASE_URL: url,
    })
  })

  it('keeps a key under its other name, and one of the environment, and gets no second one', async () => {
    const { url, init, keyed } = await setup({ '.env': `SECRET_KEY=${old}\n` })
    await init('--database', url)
    expect(await keyed()).toEqual({ SECRET_KEY: old, DATABASE_URL: url })
    const other = await setup()
    const env = { SLUICE_SECRET_KEY: old, DATABASE_URL: other.url }
    expect((await other.sluice(['init'], env)).code).toBe(0)
    expect(existsSync(join(other.folder, '.env'))).toBe(false)
  })

  it('is written anew with --force, but for the key and whatever else .env holds', async () => {
    const env = `SLUICE_SECRET_KEY=${old}\nDATABASE_URL=postgres://nobody@127.0.0.1:9/x\nLOG_LEVEL=warn\n`
    const { url, init, read, keyed } = await setup({ 'sluice.yaml': 'nonsense: [\n', '.env': env })
    const broken = await init('--database', url, '--json')
    expect(jsonOf<Failed>(broken).error.code).toBe('settings-unreadable')
    const ended = await init('--database', url, '--force')
    expect(ended.code, ended.err).toBe(0)
    expect(ended.out).toMatch(/^sluice\.yaml +replaced: every setting/m)
    expect(await read('sluice.yaml')).toMatch(/^binance:$/m)
    expect(await keyed()).toEqual({ SLUICE_SECRET_KEY: old, DATABASE_URL: url, LOG_LEVEL: 'warn' })
  })

  it('names another database than was asked for: that is refused, and nothing is written', async () => {
    const { folder, url, init, sluice, read } = await setup({
      '.env': 'DATABASE_URL=postgres://a:s3cret@127.0.0.1:9/x\n',
    })
    for (const wish of [url, 'embedded']) {
      const ended = await init('--database', wish, '--json')
      expect(ended.code).toBe(2)
      expect(jsonOf<Failed>(ended).error).toEqual({
        code: 'other-database',
        message: expect.stringMatching(/\.env names another one already; change it there, or give --force/),
      })
      expect(`${ended.out}${ended.err}`).not.toContain('s3cret')
    }
    const ruled = await sluice(['init', '--force', '--database', 'embedded', '--json'], { DATABASE_URL: url })
    expect(jsonOf<Failed>(ruled).error.message).toMatch(/environment sets DATABASE_URL, which comes before every file/)
    expect(await readdir(folder)).toEqual(['.env'])
    expect(await read('.env')).not.toContain('KEY')
  })

  it('becomes a comment where --force asks for the embedded store', async () => {
    const { init, keyed, read } = await setup({ '.env': 'export DATABASE_URL=postgres://a@127.0.0.1:9/x\n' })
    const ended = await init('--force', '--database', 'embedded')
    expect(ended.code, ended.err).toBe(0)
    expect(await keyed()).toEqual({ SLUICE_SECRET_KEY: expect.stringMatching(key) })
    expect(await read('.env')).toMatch(/^# export DATABASE_URL=postgres:\/\/a@127/)
  })

  it('is followed where it is a link, and warned of where others can read it', async () => {
    const { folder, url, init } = await setup({ 'shared.env': `SLUICE_SECRET_KEY=${old}\n` })
    await symlink('shared.env', join(folder, '.env'))
    await init('--database', url)
    expect((await lstat(join(folder, '.env'))).isSymbolicLink()).toBe(true)
    expect(await readFile(join(folder, 'shared.env'), 'utf8')).toMatch(new RegExp(`${old}\\nDATABASE_URL=`))
    await chmod(join(folder, 'shared.env'), 0o640)
    expect((await init()).err).toMatch(/\[WARN\] Others may read \.env.*chmod 600 \.env/)
  })
})

describe('what cannot be is refused with exit code 2, and nothing is written', () => {
  const typed: [line: string, code: string, message: RegExp][] = [
    ['--connectors binanse', 'unknown-connector', /no connector "binanse"; did you mean "binance"\?/],
    ['--database mysql://u:s3cret@h/x', 'bad-flag', /must be "embedded" or an address of the form postgres:\/\//],
    ['--database postgres://u:s3c#ret@h/x', 'bad-setting', /percent-encoded/],
  ]

  it.each(typed)('sluice init %s', async (line, code, message) => {
    const { folder, init } = await setup()
    const ended = await init(...line.split(' '), '--json')
    expect(ended.code, ended.err).toBe(2)
    expect(jsonOf<Failed>(ended).error).toEqual({ code, message: expect.stringMatching(message) })
    expect(`${ended.out}${ended.err}`).not.toMatch(/s3c/)
    expect(await readdir(folder)).toEqual([])
  })

  it('a database that is not there', async () => {
    const { folder, init, database } = await setup()
    const ended = await init('--database', urlOf({ ...database.connection, database: 'sluice_of_nobody' }), '--json')
    expect(ended.code).toBe(2)
    expect(jsonOf<Failed>(ended).error.message).toMatch(/no such database; create it/)
    expect(await readdir(folder)).toEqual([])
  })

  it('a server that does not answer, which is a failure and not a misuse', async () => {
    const { folder, init } = await setup()
    const ended = await init('--database', `postgres://a:s3cret@127.0.0.1:${await freePort()}/x`, '--json')
    expect(ended.code).toBe(1)
    expect(jsonOf<Failed>(ended).error.code).toBe('store-away')
    expect(`${ended.out}${ended.err}`).not.toContain('s3cret')
    expect(await readdir(folder)).toEqual([])
  })

  it('a database with another encoding and without rights: both are named, with their remedies', async () => {
    const { folder, init, database } = await setup()
    const { connection } = database
    const [name, user] = [`${connection.database}_latin`, `${connection.database}_guest`]
    await withStore(connection, async store => {
      await store.query(`create role ${user} login password 'between us'`)
      await store.query(`create database ${name} encoding 'LATIN1' locale 'C' template template0`)
    })
    const guest = { ...connection, database: name, user, password: 'between us' }
    const ended = await init('--database', urlOf(guest), '--json').finally(() =>
      withStore(connection, async store => {
        await store.query(`drop database ${name} with (force)`)
        await store.query(`drop role ${user}`)
      }),
    )
    expect(ended.code, ended.err).toBe(2)
    const { code, message } = jsonOf<Failed>(ended).error
    expect(code).toBe('server-unfit')
    expect(message).toMatch(/its encoding is LATIN1, and UTF8 is needed: createdb --encoding=UTF8/)
    expect(message).toMatch(new RegExp(`user ${user} may not create schemas in it: grant create on database "${name}"`))
    expect(await readdir(folder)).toEqual([])
  })

  it.skipIf(process.getuid?.() !== 0 || !strangersMayEnter)('a folder of somebody else', async ({ skip }) => {
    const nobody = 65_534
    const { folder, url } = await setup()
    skip((await run(['--version'], { folder, uid: nobody })).code !== 0, 'another user cannot enter this repository')
    const ended = await run(['init', '--database', url, '--json'], { folder, uid: nobody })
    expect(ended.code, ended.err).toBe(2)
    expect(jsonOf<Failed>(ended).error).toEqual({
      code: 'folder-not-writable',
      message: expect.stringMatching(/sluice\.yaml cannot be written in .*: EACCES.* Go to a folder of your own/),
    })
    expect(await readdir(folder)).toEqual([])
  })

  it('a name that a folder has already, with nothing half-written beside it', async () => {
    const { folder, url, init } = await setup()
    await mkdir(join(folder, '.env'))
    const ended = await init('--database', url, '--json')
    expect(ended.code, ended.err).toBe(2)
    expect(jsonOf<Failed>(ended).error.message).toMatch(/\.env cannot be read: EISDIR/)
    expect(await readdir(folder)).toEqual(['.env'])
  })
})

/** A terminal, as `script` of util-linux makes one. */
describe.skipIf(!existsSync('/usr/bin/script'))('on a terminal', () => {
  const [enter, down, interrupt] = ['\r', '\u001b[B', '\u0003']

  async function open(folder: string) {
    const command = `stty cols 120 rows 40; exec '${process.execPath}' '${program}' init`
    const env = { PATH: process.env.PATH, TERM: 'xterm' }
    const child = spawn('/usr/bin/script', ['-qec', command, '/dev/null'], { cwd: folder, env })
    let seen = ''
    child.stdout.setEncoding('utf8').on('data', chunk => {
      seen += chunk
    })
    const ended = once(child, 'close').then(([code]) => ({ code: code as number, seen }))
    const answer = async (question: string, keys: string) => {
      await until(`it asks: ${question}`, () => seen.includes(question))
      seen = ''
      child.stdin.write(keys)
    }
    return { answer, ended }
  }

  it('init asks for connectors and database, and the password is not shown', async () => {
    const { folder, url, keyed } = await setup()
    const { username, password } = new URL(url)
    const terminal = await open(folder)
    await terminal.answer('What shall be collected?', enter)
    await terminal.answer('Where shall the data be kept?', `${down}${enter}`)
    const bare = url.replace(`${username}:${password}@`, `${username}@`)
    await terminal.answer('What is its address?', `${bare}${enter}`)
    await terminal.answer('And the password there?', `${decodeURIComponent(password)}${enter}`)
    const { code, seen } = await terminal.ended
    expect(code, seen).toBe(0)
    expect(seen).toMatch(/The store is ready: PostgreSQL/)
    expect(seen).not.toContain(password)
    expect((await keyed()).DATABASE_URL).toBe(url)
  })

  it('whoever leaves the questions finds nothing written', async () => {
    const { folder } = await setup()
    const terminal = await open(folder)
    await terminal.answer('What shall be collected?', enter)
    await terminal.answer('Where shall the data be kept?', interrupt)
    const { code, seen } = await terminal.ended
    expect(code, seen).toBe(2)
    expect(seen).toMatch(/Nothing was written, since the questions were not answered/)
    expect(await readdir(folder)).toEqual([])
  })
})
