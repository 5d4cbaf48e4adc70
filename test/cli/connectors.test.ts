import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { imitateAcme } from '../../src/sim/acme/acme.ts'
import { serve } from '../../src/sim/serve.ts'
import { setupDatabase } from '../setup/database.ts'
import { type Env, jsonOf, run, setupFileFolder, setupFolder, urlOf } from '../setup/sluice.ts'

const fixture = join(import.meta.dirname, '../fixtures/acme')
const shared = await setupFileFolder()

type Failed = { error: { code: string; message: string } }

/** A folder with a connector of the user's own, its vendor on a port, a database that knows only the built-in ones. */
async function setup(yaml = 'connectors: [./acme]\n') {
  const [folder, database] = [await setupFolder(), await setupDatabase()]
  const world = { accounts: ['anna'], since: Date.parse('2025-03-10T00:00:00Z'), every: 60_000, rows: 50 }
  const acme = imitateAcme(world)
  const vendor = await serve(acme)
  onTestFinished(vendor.close)
  await cp(fixture, join(folder, 'acme'), { recursive: true })
  await writeFile(join(folder, 'sluice.yaml'), yaml)
  const env: Env = {
    DATABASE_URL: urlOf(database.connection),
    ACME_BASE_URL: `${vendor.url}/anna`,
    BINANCE_BASE_URL: 'http://127.0.0.1:9',
  }
  const sluice = (...args: string[]) => run(args, { folder, env })
  const truth = (shop: string) =>
    acme.truth({ account: 'anna', method: 'orders', part: shop }).map(row => ({ shop, ...row }))
  return { folder, database, env, sluice, truth, calls: acme.calls }
}

describe('a connector of the user’s own', () => {
  it('gets its tables by sluice migrate and collects what its flags say, like a built-in one', async () => {
    const { database, sluice, truth, calls } = await setup()
    const early = await sluice('sync', 'acme', '--json')
    expect(early.code, early.err).toBe(2)
    expect(jsonOf<Failed>(early).error.code).toBe('schema-older')
    expect(jsonOf(await sluice('migrate', '--json'))).toEqual({ dryRun: false, migrations: ['acme/001_orders'] })
    expect(jsonOf(await sluice('migrate', '--json'))).toEqual({ dryRun: false, migrations: [] })

    const ended = await sluice('sync', 'acme.orders', '--shops', 'rome,oslo', '--page-size', '25', '--json')
    expect(ended.code, ended.err).toBe(0)
    expect(ended.err).not.toMatch(/warning/i)
    const rows = await database.store.query('select shop, id, at, amount, state from acme.orders order by shop, at')
    const wanted = [...truth('oslo'), ...truth('rome')]
    expect(rows.map(row => ({ ...row, amount: Number((row as { amount: string }).amount) }))).toEqual(
      wanted.map(row => ({ ...row, at: String(row.at), amount: Number(row.amount) })),
    )
    expect(calls.map(({ part, cursor }) => `${part} ${cursor}`).toSorted()).toEqual([
      'oslo 0',
      'oslo 25',
      'rome 0',
      'rome 25',
    ])
  })

  it('that is no longer named is told of by verify, which looks at the rest and ends with 3', async () => {
    const { folder, sluice } = await setup()
    await sluice('migrate')
    await sluice('sync', 'acme')
    expect((await sluice('verify')).code).toBe(0)
    await writeFile(join(folder, 'sluice.yaml'), '')
    const ended = await sluice('verify', '--json')
    expect(ended.code).toBe(3)
    expect(jsonOf(ended)).toEqual([])
    expect(ended.err).toMatch(/acme\/public orders berlin: not looked at; .* under connectors/)
  })

  it('is found by its file or its folder, from SLUICE_CONNECTORS too, and has a section of settings', async () => {
    const { sluice, env } = await setup('acme:\n  orders:\n    shops: [paris]\n')
    env.SLUICE_CONNECTORS = "['./acme/index.ts']"
    await sluice('migrate')
    const ended = await sluice('sync', 'acme', '--json')
    expect(ended.code, ended.err).toBe(0)
    expect(jsonOf<{ runs: { part: unknown }[] }>(ended).runs.map(({ part }) => part)).toEqual([{ shop: 'paris' }])
  })

  it('shares its classes with the program: a BadPage of its own is told as one, and not as a fault of Sluice', async () => {
    const { sluice } = await setup()
    await sluice('migrate')
    const findings = jsonOf<{ check: string; seen: string }[]>(await sluice('doctor', '--json'))
    expect(findings.find(({ check }) => check === 'acme')?.seen).toMatch(/anna: this vendor tells no time$/)
  })

  it('is TypeScript of ES modules whatever the package.json around it says', async () => {
    const { folder, sluice } = await setup()
    await writeFile(join(folder, 'package.json'), '{ "type": "commonjs" }')
    const ended = await sluice('migrate', '--json')
    expect(ended.code, ended.err).toBe(0)
    expect(ended.err).toBe('')
  })

  it('may import the kit that tests it', async () => {
    const { folder, sluice } = await setup()
    const file = join(folder, 'acme/index.ts')
    const text = await readFile(file, 'utf8')
    const tests = `import { conformance } from 'sluice/testing'\n${text}
export const tests = () => conformance(connector, { vendor: () => ({ fetch: async () => new Response() }) })\n`
    await writeFile(file, tests)
    const ended = await sluice('migrate', '--json')
    expect(ended.code, ended.err).toBe(0)
  })

  it('has its flags in the help of sync', async () => {
    const { sluice } = await setup()
    const { out } = await sluice('sync', '--help')
    expect(out).toMatch(/--shops <list> +which shops/)
    expect(out).toMatch(/--symbols <list>/)
  })

  it('whose SQL the database refuses is told of by file and line, and nothing of it is kept', async () => {
    const { folder, database, sluice } = await setup()
    await writeFile(join(folder, 'acme/migrations/002_more.sql'), 'create table acme.more (id text);\n\nselect nix;\n')
    const ended = await sluice('migrate', '--json')
    expect(ended.code, ended.err).toBe(2)
    expect(jsonOf<Failed>(ended).error).toEqual({
      code: 'bad-migration',
      message: expect.stringMatching(/acme\/002_more\.sql was refused by the database, line 3: column "nix" does not/),
    })
    const [found] = await database.store.query(`select to_regclass('acme.orders') as name`)
    expect(found).toEqual({ name: null })
  })
})

/** The fixture with one thing changed; what takes its place is told by the message, after the place and the file. */
const changed: [what: string, from: string | RegExp, to: string, message: RegExp][] = [
  ['a syntax error', 'const every = 60_000', 'const every = = 60_000', /does not load: .*line 5\)/],
  ['what Node does not strip', 'const every = 60_000', 'enum Every { a }', /does not load: .*enum is not supported/],
  [
    'a type error at import',
    'const every = 60_000',
    'const every: any = (null as any).x',
    /does not load: .*'x'.*line 5/,
  ],
  ['an import that is not there', "from 'sluice'", "from 'sluicy'", /does not load: Cannot find package 'sluicy'/],
  [
    'a default export',
    'export const connector: Connector =',
    'export default',
    /exports no "connector"; write: export/,
  ],
  [
    'a connector that is none',
    /export const connector[\s\S]*/,
    'export const connector = 7',
    /connector .*expected object/,
  ],
  ['a built-in name', "vendor('acme'", "vendor('binance'", /streams\[0\]\.table must be binance\.…/],
  ['a name of Sluice’s own', "vendor('acme'", "vendor('sluice'", /name must not be "sluice": that name is not free/],
  ['a name of a section', "vendor('acme'", "vendor('redis'", /name must not be "redis": that name is not free/],
  ['a name that is no schema’s', "vendor('acme'", "vendor('Acme-1'", /name must be 2 to 31 lower-case letters/],
  ['a name of PostgreSQL’s', "vendor('acme'", "vendor('pg_acme'", /name must not be "pg_acme"/],
  ['no title', "title: 'Acme',", '', /title is missing/],
  ['no account', "account: 'public',", '', /account is missing/],
  ['no streams', /streams: \[.*\]/, 'streams: []', /streams must hold a stream/],
  ['a stream without a step', /row: .*\n/, '\n', /streams\[0\]\.row is missing/],
  ['a step that is no function', /step: \(\) => every/, 'step: 7 as never', /streams\[0\]\.step must be a function/],
  ['a stream without a key', "key: ['shop', 'at']", 'key: []', /streams\[0\]\.key must name a column/],
  [
    'a limit that is not there',
    'limit: { calls: 1 },\n  part',
    'limit: { cols: 1 } as never,\n  part',
    /limit\.cols is no limit/,
  ],
  ['a limit that allows nothing', 'max: 10', 'max: 10, share: 0.01', /limits\.calls a share of 0\.01/],
  ['a duration that is none', "every: '1s'", "every: 'often' as never", /limits\.calls "often" is not a duration/],
  ['no base_url', 'base_url', 'base', /options must hold base_url/],
  ['a flag that sync has', "flag: 'shops'", "flag: 'from'", /streams\[0\]\.options must not declare the flag "from"/],
  [
    'a flag that normalize has',
    "flag: 'shops'",
    "flag: 'limit'",
    /streams\[0\]\.options must not declare the flag "limit"/,
  ],
  [
    'migrations that are not there',
    './migrations',
    './sql',
    /folder of migrations, .*acme\/sql, is not there; make it/,
  ],
]

describe.concurrent('a connector that cannot be used is refused with exit code 2, by file, field and remedy', () => {
  it.each(changed)('%s', async (_, from, to, message) => {
    const folder = await mkdtemp(join(shared, 'changed-'))
    await cp(fixture, join(folder, 'acme'), { recursive: true })
    const text = await readFile(join(folder, 'acme/index.ts'), 'utf8')
    expect(text.replace(from, to)).not.toBe(text)
    await writeFile(join(folder, 'acme/index.ts'), text.replace(from, to))
    await refused(folder, '# mine\nconnectors:\n  - ./acme\n', message)
  })

  it('one that is not there', async () => {
    const folder = await mkdtemp(join(shared, 'none-'))
    await refused(folder, '\n\nconnectors: [./acme]\n', /there is no such file or folder; correct the path/)
  })

  it('a folder without an index', async () => {
    const folder = await mkdtemp(join(shared, 'bare-'))
    await mkdir(join(folder, 'acme'))
    await refused(
      folder,
      '\n\nconnectors: [./acme]\n',
      /the folder has no index\.ts or index\.js; name the file itself/,
    )
  })

  it('a name that is taken: by a built-in one, and by another of the user’s own', async () => {
    const folder = await mkdtemp(join(shared, 'twice-'))
    await cp(fixture, join(folder, 'acme'), { recursive: true })
    await cp(fixture, join(folder, 'other'), { recursive: true })
    await refused(
      folder,
      'connectors:\n  - ./acme\n  - ./other\n',
      /there is a connector "acme" already; give it another/,
    )
    const text = await readFile(join(folder, 'acme/index.ts'), 'utf8')
    await writeFile(join(folder, 'acme/index.ts'), text.replaceAll(/'acme(?=['.])/g, "'binance"))
    await refused(folder, '\n\nconnectors: [./acme]\n', /there is a connector "binance" already/)
  })

  it('a file of SQL without a number, and two with the same', async () => {
    const folder = await mkdtemp(join(shared, 'numbers-'))
    await cp(fixture, join(folder, 'acme'), { recursive: true })
    await writeFile(join(folder, 'acme/migrations/1_again.sql'), '')
    await refused(folder, '\n\nconnectors: [./acme]\n', /1_again\.sql must begin with a number of its own: 001_/)
  })

  async function refused(folder: string, yaml: string, message: RegExp): Promise<void> {
    await writeFile(join(folder, 'sluice.yaml'), yaml)
    const ended = await run(['sync', '--json'], { folder, env: {} })
    expect(ended.code, ended.err).toBe(2)
    const { error } = jsonOf<Failed>(ended)
    expect(error.code).toBe('bad-connector')
    expect(error.message).toMatch(/sluice\.yaml, line 3: the connector .* cannot be used: /)
    expect(error.message).toMatch(message)
    expect(ended.err).not.toMatch(/fault in Sluice|\n {4}at /)
  }
})

describe('settings that are broken', () => {
  it('leave the help as it is, with the built-in flags, and are told by every command that needs them', async () => {
    const folder = await mkdtemp(join(shared, 'broken-'))
    await writeFile(join(folder, 'sluice.yaml'), 'connectors: [./nowhere]\n')
    const [help, syncHelp] = [await run(['--help'], { folder }), await run(['sync', '--help'], { folder })]
    expect([help.code, syncHelp.code]).toEqual([0, 0])
    expect(syncHelp.out).toMatch(/--symbols <list>/)
    const ended = await run(['sync', 'acme', '--shops', 'rome', '--json'], { folder })
    expect(jsonOf<Failed>(ended).error.message).toMatch(/sluice\.yaml, line 1: .*nowhere.* no such file or folder/)
    expect(ended.code).toBe(2)
  })
})
