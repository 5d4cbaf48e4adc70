import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { connectors } from '../connectors/index.ts'
import { conceal } from '../core/conceal.ts'
import { openDatabase } from './database.ts'
import { loadSettings, namedConnectors } from './settings.ts'

/** Loads the settings of a folder that holds this sluice.yaml, under these variables. */
function setup(yaml: string, env: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-settings-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'sluice.yaml'), yaml)
  return () => loadSettings(connectors, { folder, env })
}

test('YAML that cannot be read is told by its line, and its text, which may be a password, is not repeated', () => {
  const load = setup('workers: 3\ndatabase:\n  password: @hunter2!\n')
  expect(load).toThrow(/sluice\.yaml, line 3/)
  expect(load).not.toThrow(/hunter2/)
})

test('a text that YAML takes for an alias is told of without repeating it', () => {
  const load = setup('database:\n  password: *hunter2\n')
  expect(load).toThrow(expect.objectContaining({ code: 'settings-unreadable' }))
  expect(load).toThrow(/sluice\.yaml .*begins with \* must stand in quotes/)
  expect(load).not.toThrow(/hunter2/)
})

test('a password behind the host of an address is hidden, too', () => {
  setup('', { DATABASE_URL: 'postgres://db.example/sluice?user=u&password=behind%2Fthe-host' })()
  expect(conceal('behind/the-host, behind%2Fthe-host')).toBe('***, ***')
})

test('an address of the exchange that holds a password is refused, and the password not repeated in the reason', () => {
  const load = setup('binance:\n  base_url: https://user:s3cret@api.example\n')
  expect(load).toThrow(/line 2: must not hold a user or password/)
  expect(load).not.toThrow(/s3cret/)
})

test('an address of the database that cannot be read is refused without its password', async () => {
  const loaded = setup('', { DATABASE_URL: 'postgres://u:pa#ss@127.0.0.1:5432/x' })()
  const refused = await openDatabase(loaded, () => undefined).catch((error: Error) => error.message)
  expect(refused).toMatch(/percent-encoded/)
  expect(refused).not.toMatch(/pa#ss|u:pa/)
})

test('a start before the exchange existed is a slip of the pen', () => {
  expect(setup('', { START_DATE: '0205-01-01' })).toThrow(/START_DATE.*before 2017-01-01/)
})

test('flags come before variables, variables before the file', () => {
  const yaml = 'binance:\n  candles:\n    symbols: [A]\n    interval: [1h]\n    batch_size: 10\n'
  const folder = mkdtempSync(join(tmpdir(), 'sluice-settings-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'sluice.yaml'), yaml)
  writeFileSync(join(folder, '.env'), "SYMBOLS=['B', 'C']\nINTERVAL=1d\n")
  const flags = { 'binance.candles.symbols': 'D' }
  const { settings } = loadSettings(connectors, { folder, env: { INTERVAL: '5m' }, flags })
  expect(settings).toMatchObject({ binance: { candles: { symbols: ['D'], interval: ['5m'], batch_size: 10 } } })
})

test('the secret keys come from the environment or .env, the environment first, under their own name before the other', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-settings-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const keys = (env: Record<string, string>) => loadSettings(connectors, { folder, env }).secretKeys
  expect(keys({})).toEqual({})
  writeFileSync(join(folder, '.env'), 'SLUICE_SECRET_KEY=\nSECRET_KEY=c\nSLUICE_SECRET_KEY_PREVIOUS=p\n')
  expect(keys({})).toEqual({ current: 'c', previous: 'p' })
  expect(keys({ SECRET_KEY: 'd' })).toEqual({ current: 'd', previous: 'p' })
  expect(keys({ SLUICE_SECRET_KEY: '  ', SLUICE_SECRET_KEY_PREVIOUS: ' ' })).toEqual({ current: 'c' })
  expect(keys({ SECRET_KEY: 'd', SLUICE_SECRET_KEY: 'e' })).toEqual({ current: 'e', previous: 'p' })
})

test.each(['secret_key', 'SECRET_KEY', 'SLUICE_SECRET_KEY', 'sluice_secret_key_previous'])(
  'a secret key in sluice.yaml (%s) is refused by its line and not repeated',
  name => {
    const load = setup(`workers: 3\n${name}: hunter2\n`)
    expect(load).toThrow(
      /sluice\.yaml, line 2: a secret key must not stand in sluice\.yaml.*SLUICE_SECRET_KEY in \.env/,
    )
    expect(load).not.toThrow(/hunter2/)
  },
)

test('a name with nothing after it counts as not given, at every depth', () => {
  const { settings } = setup('redis:\nworkers:\nbinance:\n  base_url:\n  candles:\n    symbols: [A]\n    interval:\n')()
  expect(settings).toMatchObject({ redis: { port: 6379 }, workers: 3 })
  expect(settings).toMatchObject({ binance: { candles: { symbols: ['A'], interval: ['1m'] } } })
})

test('connectors of the user’s own are named with the place they are named at', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-settings-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'sluice.yaml'), 'acme: {}\nconnectors:\n  - ./a\n  - ./b\n')
  expect(namedConnectors({ folder, env: {} })).toEqual([
    { path: './a', where: `${join(folder, 'sluice.yaml')}, line 3` },
    { path: './b', where: `${join(folder, 'sluice.yaml')}, line 4` },
  ])
  expect(namedConnectors({ folder, env: { SLUICE_CONNECTORS: 'c,d' } })).toEqual([
    { path: 'c', where: 'the variable SLUICE_CONNECTORS' },
    { path: 'd', where: 'the variable SLUICE_CONNECTORS' },
  ])
})

test('a setting that has another name now is refused with that name', () => {
  expect(setup('log_level: debug\n')).toThrow(
    /line 1: there is no setting "log_level"; it is now level in the section log/,
  )
})

test('levels are read as other programs write them', () => {
  const { settings } = setup('', { LOG_LEVEL: 'WARNING', LOG_FORMAT: 'JSON' })()
  expect(settings.log).toEqual({ level: 'warn', format: 'json', rotate_mb: 10, keep_days: 7 })
})

test('secrets among the settings are hidden from the moment they are read, also where the settings are refused', () => {
  const address = 'postgres://anna:p%40ss-%21word@db.example:5432/shop'
  const load = setup('redis:\n  host: r\n  password: from-the-file\nworkers: 0\n', {
    DATABASE_URL: address,
    SLUICE_SECRET_KEY: 'k3y-of-this-house',
    DB_PASSWORD: 'never used in vain',
  })
  expect(load).toThrow(/workers/)
  const said = `${address} p%40ss-%21word p@ss-!word from-the-file k3y-of-this-house never%20used%20in%20vain`
  expect(conceal(`${said} ${btoa('anna:p@ss-!word')}`)).toBe('*** *** *** *** *** *** ***')
})

test('a password that is an ordinary word of our messages is not hidden in them', () => {
  setup('', { DB_PASSWORD: 'candles', REDIS_PASSWORD: 'shopkeeper', DB_USER: 'shopkeeper' })()
  expect(conceal('shopkeeper, binance.candles')).toBe('shopkeeper, binance.candles')
})

test('what flags say is kept apart from the settings as configured, which hold for runs that others have asked for', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-settings-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const flags = { 'che168.offers.max_pages': '5' }
  const { settings, plain } = loadSettings(connectors, { folder, env: {}, flags })
  expect(settings).toMatchObject({ che168: { offers: { max_pages: 5 } } })
  expect(plain).toMatchObject({ che168: { offers: {} } })
  expect(plain).not.toHaveProperty('che168.offers.max_pages')
})

test('where settings could not be used without its flags, a command goes by both', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-settings-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const env = { INTERVAL: 'soon' }
  expect(() => loadSettings(connectors, { folder, env })).toThrow(/INTERVAL/)
  const { plain } = loadSettings(connectors, { folder, env, flags: { 'binance.candles.interval': '1h' } })
  expect(plain).toHaveProperty('binance.candles.interval', ['1h'])
})
