import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { linesOf, until } from '../setup/sluice.ts'
import { counted, minutes, setup } from './world.ts'

const timed = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \[(DEBUG|INFO|WARN|ERROR)\] [^:]+: \S/

it('up writes its log to stdout and to a file: time, level, name and message; the file is for its owner alone', async () => {
  const { begin, folder, database } = await setup({ env: { LOG_FILE: 'logs/app.log' } })
  const command = begin('up')
  await until('the past is loaded', async () => (await counted(database)).candles === minutes)
  command.signal('SIGTERM')
  const { code, out, err } = await command.ended
  expect({ code, err }).toEqual({ code: 0, err: '' })
  const lines = out.trimEnd().split('\n')
  for (const line of lines) expect(line).toMatch(timed)
  expect(lines[0]).toMatch(/Z \[INFO\] sluice: Sluice is up/)
  expect(lines.at(-1)).toMatch(/Z \[INFO\] sluice: Sluice has stopped\.$/)
  expect(out).toMatch(/Z \[INFO\] binance\/public candles BTCUSDT\/1m: success, 720 records/)
  expect(readFileSync(join(folder, 'logs/app.log'), 'utf8')).toBe(out)
  expect(statSync(join(folder, 'logs/app.log')).mode & 0o777).toBe(0o600)
})

it('sync tells its progress and the end of each run in the file, whatever it tells on the screen', async () => {
  const { sluice, folder } = await setup({ env: { LOG_FILE: 'app.log', LOG_FORMAT: 'plain' } })
  const { code, err } = await sluice('sync')
  expect(code).toBe(0)
  const file = readFileSync(join(folder, 'app.log'), 'utf8')
  const progress = '[INFO] Progress: 100.0% (720 / 720 records) | Speed: '
  expect([file.includes(progress), err.includes(progress)]).toEqual([true, true])
  expect(file).toMatch(/^\[INFO\] binance\/public candles BTCUSDT\/1m: success, 720 records/m)
  expect(err).not.toMatch(/success/)
})

it('as JSON, every line on the screen and in the file is an object', async () => {
  const { sluice, folder } = await setup()
  writeFileSync(join(folder, 'sluice.yaml'), 'log:\n  level: debug\n  format: json\n  file: app.log\n')
  const { err } = await sluice('sync')
  const lines = [...linesOf(err), ...linesOf(readFileSync(join(folder, 'app.log'), 'utf8'))]
  for (const line of lines) expect(Object.keys(line).toSorted()).toEqual(['level', 'message', 'name', 'time'])
  const name = 'binance/public candles'
  expect(lines).toContainEqual(
    expect.objectContaining({ level: 'debug', name, message: expect.stringContaining(' 200 in ') }),
  )
})

it('an error that ends a command is the last line of the file', async () => {
  const { sluice, folder } = await setup({ env: { LOG_FILE: 'app.log' } })
  expect((await sluice('sync', 'nonsense.candles')).code).toBe(2)
  expect(readFileSync(join(folder, 'app.log'), 'utf8')).toMatch(
    /Z \[ERROR\] sluice: There is no stream "nonsense\.candles".*\n$/,
  )
})

it('a log file that cannot be written is told of once, and everything is collected', async () => {
  const { sluice, folder, database } = await setup({ env: { LOG_FILE: 'app.log' } })
  mkdirSync(join(folder, 'app.log'))
  const { code, err } = await sluice('sync')
  expect(code).toBe(0)
  expect(err.match(/\[WARN\] The log file .*app\.log cannot be written: EISDIR/g)).toHaveLength(1)
  expect(await counted(database)).toMatchObject({ candles: minutes })
})

/** Has a process fail, in the middle of whatever it does, when it gets a signal. */
const failing = `data:text/javascript,process.once('SIGUSR2',()=>{throw(new(Error)(process.env.SLUICE_SECRET_KEY+',+48600700800'))})`

it('an error that nobody catches is told on stderr and in the file, without secrets, and ends the process with 1', async () => {
  const env = { LOG_FILE: 'app.log', SLUICE_SECRET_KEY: 'k3y-of-this-house', NODE_OPTIONS: `--import=${failing}` }
  const { begin, folder, database } = await setup({ env })
  const command = begin('up')
  await until('the past is loaded', async () => (await counted(database)).candles === minutes)
  command.signal('SIGUSR2')
  const { code, err } = await command.ended
  expect(code).toBe(1)
  expect(err).toMatch(/^\[ERROR\] This is a fault in Sluice: Error: \*\*\*,\*\*\*\n/)
  const file = readFileSync(join(folder, 'app.log'), 'utf8')
  expect(file).toMatch(/Z \[ERROR\] sluice: This is a fault in Sluice: Error: \*\*\*,\*\*\*\n {8}at .*\n$/s)
})
