import { execFile, execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { openJournal } from './journal.ts'

/** A log file to be, of 100 bytes at most, kept for 7 days, at a clock that the test sets. */
function setup() {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-journal-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'logs/app.log')
  const warnings: string[] = []
  let time = new Date('2026-11-22T03:00:00Z')
  const open = (other = path) =>
    openJournal({ path: other, bytes: 100, days: 7 }, { now: () => time, warn: text => warnings.push(text) })
  return {
    ...{ path, warnings, open },
    at: (moment: string) => {
      time = new Date(moment)
    },
    pass: (ms: number) => {
      time = new Date(time.getTime() + ms)
    },
    /** Lays a file there. */
    lay: (name: string, text: string, mode = 0o600) => {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(join(dirname(path), name), text)
      chmodSync(join(dirname(path), name), mode)
    },
    names: () => readdirSync(dirname(path)).toSorted(),
    read: (name: string) => readFileSync(join(dirname(path), name), 'utf8'),
    mode: (name: string) => statSync(join(dirname(path), name)).mode & 0o777,
  }
}

test('a file that is full gives way to a new one; no line is lost or torn, and only the owner may read any of them', () => {
  const { open, pass, names, read, mode } = setup()
  const write = open()
  const lines = Array.from({ length: 7 }, (_, nth) => `${nth} ${'ü'.repeat(18)}`)
  for (const line of lines) {
    write(line)
    pass(1_000)
  }
  const all = names()
  expect(all).toHaveLength(4)
  expect(all.at(-1)).toBe('app.log')
  expect(all[0]).toMatch(/^app\.2026-11-22T030002\.000Z-\d+\.log$/)
  expect(all.map(read).join('')).toBe(lines.map(line => `${line}\n`).join(''))
  for (const name of all) expect(mode(name), name).toBe(0o600)
})

test('two files that are full within the same millisecond do not replace each other', () => {
  const { open, names, read } = setup()
  const write = open()
  for (const sign of 'abcd') write(sign.repeat(90))
  expect(names()).toHaveLength(4)
  expect(names().map(read).toSorted()).toEqual([...'abcd'].map(sign => `${sign.repeat(90)}\n`))
})

test('a file that was there before is written on, and closed to others before the first byte', () => {
  const { path, open, lay, mode, read } = setup()
  lay('app.log', 'before\n', 0o644)
  utimesSync(path, new Date('2026-11-22T01:00:00Z'), new Date('2026-11-22T01:00:00Z'))
  open()('after')
  expect(read('app.log')).toBe('before\nafter\n')
  expect(mode('app.log')).toBe(0o600)
})

test('a file of yesterday gives way, also one that this process has found', () => {
  const { path, open, at, lay, names, read } = setup()
  lay('app.log', 'older\n')
  utimesSync(path, new Date('2026-11-21T23:59:59Z'), new Date('2026-11-21T23:59:59Z'))
  const write = open()
  write('today')
  at('2026-11-22T23:59:59.999Z')
  write('still today')
  at('2026-11-23T00:00:00Z')
  write('tomorrow')
  expect(names().map(read)).toEqual(['older\n', 'today\nstill today\n', 'tomorrow\n'])
})

test('what gave way more than a week ago is deleted, and nothing else', () => {
  const { open, lay, names, at } = setup()
  const old = 'app.2026-11-15T030000.000Z-17.log'
  const others = ['app.2026-11-15T030001.000Z-17.log', 'app.2020-01-01.log', 'other.2020-01-01T000000.000Z-17.log']
  for (const name of [old, ...others]) lay(name, 'x\n')
  at('2026-11-22T03:00:00.500Z')
  open()('now')
  expect(names()).toEqual(['app.log', ...others].toSorted())
})

test('two processes write into one file, and none of them writes on into what the other has moved', () => {
  const { open, pass, names, read } = setup()
  const writers = [open(), open()]
  const lines = Array.from({ length: 12 }, (_, nth) => `${String(nth).padStart(2)} ${'x'.repeat(36)}`)
  for (const [nth, line] of lines.entries()) {
    writers[nth % 2]!(line)
    pass(10)
  }
  expect(names().map(read).join('')).toBe(lines.map(line => `${line}\n`).join(''))
})

test('a file that somebody else has moved or deleted is made anew', () => {
  const { path, open, read } = setup()
  const write = open()
  write('one')
  renameSync(path, `${path}.1`)
  write('two')
  rmSync(path)
  write('three')
  expect([read('app.log.1'), read('app.log')]).toEqual(['one\n', 'three\n'])
})

test('a place where no file can be is told of once, with the reason, and writing goes on without it', () => {
  const { path, open, lay, warnings } = setup()
  lay('folder', 'no folder at all')
  const write = open(join(dirname(path), 'folder/app.log'))
  write('one')
  write('two')
  expect(warnings).toHaveLength(1)
  expect(warnings[0]).toMatch(/^The log file .*folder\/app\.log cannot be written: (ENOTDIR|EEXIST).*correct log\.file/)
})

test.skipIf(!existsSync('/dev/full'))(
  'lines that a full disk does not take are told of once and do not end anything',
  () => {
    const { open, warnings } = setup()
    const write = open('/dev/full')
    for (let nth = 0; nth < 3; nth++) write('x')
    expect(warnings).toEqual([expect.stringMatching(/\/dev\/full cannot be written: ENOSPC/)])
  },
)

test('the last line before a process ends, by itself or by an error that nobody catches, is in the file', () => {
  const { path, read } = setup()
  const module = join(import.meta.dirname, 'journal.ts')
  for (const end of ['process.exit(0)', 'throw new Error()', 'process.kill(process.pid, "SIGKILL")']) {
    const program = `import { openJournal } from ${JSON.stringify(module)}
      openJournal({ path: ${JSON.stringify(path)}, bytes: 1e6, days: 7 }, { warn() {} })(${JSON.stringify(end)}); ${end}`
    try {
      execFileSync(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' })
    } catch {}
  }
  expect(read('app.log')).toMatch(/^process\.exit.*\nthrow new Error.*\nprocess\.kill.*\n$/)
})

test('an old file that cannot be deleted is told of once and costs no line', () => {
  const { open, path, read, warnings } = setup()
  mkdirSync(join(dirname(path), 'app.2026-11-01T030000.000Z-1.log'), { recursive: true })
  const write = open()
  write('one')
  write('two')
  expect(read('app.log')).toBe('one\ntwo\n')
  expect(warnings).toEqual([expect.stringMatching(/app\.2026-11-01T030000\.000Z-1\.log cannot be deleted/)])
})

test('processes that fill one file at the same moment lose no line', async () => {
  const { path, names, read } = setup()
  const module = join(import.meta.dirname, 'journal.ts')
  const program = `import { openJournal } from ${JSON.stringify(module)}
    const write = openJournal({ path: ${JSON.stringify(path)}, bytes: 100, days: 7 }, { warn: text => write(text) })
    for (let nth = 0; nth < 300; nth++) write(process.pid + ' ' + nth + 'x'.repeat(30))`
  const processes = [1, 2, 3].map(() => promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]))
  await Promise.all(processes)
  const lines = names().flatMap(name => read(name).trimEnd().split('\n'))
  expect([lines.length, lines.filter(line => line.includes('cannot'))]).toEqual([900, []])
})
