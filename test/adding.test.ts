import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { connector } from '../examples/own-connector/bakery/index.ts'
import { imitate } from '../examples/own-connector/bakery/vendor.ts'
import { findPlace } from '../src/db/embedded/place.ts'
import { embeddedStatus } from '../src/db/embedded/status.ts'
import { conformance } from '../src/testing/index.ts'
import { installPackage } from './setup/package.ts'

const root = join(import.meta.dirname, '..')
const run = promisify(execFile)
const page = readFileSync(join(root, 'docs/adding-a-connector.md'), 'utf8')

/** A block of the page: in which language it is, what its title says, and its text. */
type Block = { kind: string; title: string | undefined; text: string }

const blocks: Block[] = [...page.matchAll(/^```(\w+)(?: title="([^"]+)")?\n([\s\S]*?)^```$/gm)].map(
  ([, kind, title, text]) => ({ kind: kind!, title, text: text! }),
)

/** The files that the page has its reader write. */
const files = blocks.filter(({ kind, title }) => title !== undefined && kind !== 'sh')

/**
 * A screen as far as it is the same each time: without lines of progress and npm's own, and with times, durations, speeds and
 * digits of a database's name masked. The page says so.
 */
function masked(screen: string): string {
  return screen
    .split('\n')
    .filter(line => !/Progress:|^npm (warn|notice)/.test(line))
    .map(line => line.replace(/\d+(\.\d+)? ?(ms|s)\b/g, '# s').replace(/(duration_ms) [\d.]+/, '$1 #'))
    .map(line => line.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, '#').replace(/in \/\S+$/, 'in #'))
    .map(line => line.trimEnd())
    .join('\n')
    .trim()
}

/** A terminal in a folder, in which the clone's Node is the first one. */
function terminalIn(folder: string, signal: AbortSignal) {
  const path = `${dirname(process.execPath)}:${process.env.PATH}`
  const env = { PATH: path, HOME: process.env.HOME, TZ: 'UTC', NO_COLOR: '1' }
  return (text: string) =>
    spawn('bash', ['-c', `set -e\nexec 2>&1\n${text}`], { cwd: folder, env, signal, detached: false })
}

async function printed(child: ChildProcess): Promise<{ code: number; screen: string }> {
  let screen = ''
  child.stdout!.setEncoding('utf8').on('data', text => {
    screen += text
  })
  const [code] = await once(child, 'close')
  return { code: Number(code), screen }
}

/** A program of the other terminal: it is there when it has said so, and ends with the test. */
async function begun(child: ChildProcess): Promise<string> {
  onTestFinished(async () => {
    child.kill()
    await once(child, 'close').catch(() => undefined)
  })
  const [line] = await once(child.stdout!.setEncoding('utf8'), 'data')
  return line
}

async function removeStore(folder: string): Promise<void> {
  const home = join(folder, '.sluice')
  if (!existsSync(home)) return
  const { pid } = await embeddedStatus(home)
  if (pid !== null) process.kill(pid, 'SIGKILL')
  const place = await findPlace(home)
  if (place) await rm(place.folder, { recursive: true, force: true })
}

test('the page’s files and commands, exactly as printed, make a connector that collects and passes the suite', {
  timeout: 400_000,
}, async ({ signal }) => {
  const folder = await installPackage(signal)
  onTestFinished(() => removeStore(folder))
  for (const { title, text } of files) {
    mkdirSync(dirname(join(folder, title!)), { recursive: true })
    writeFileSync(join(folder, title!), text)
  }
  const type = terminalIn(folder, signal)
  const commands = blocks.filter(({ kind }) => kind === 'sh')
  expect(commands.length).toBeGreaterThan(4)
  for (const block of commands) {
    const { kind, text: wanted } = blocks[blocks.indexOf(block) + 1]!
    expect(kind, `a screen after ${block.text}`).toBe('text')
    const child = type(block.title === 'in another terminal' ? `exec ${block.text}` : block.text)
    const { code, screen } =
      block.title === 'in another terminal' ? { code: 0, screen: await begun(child) } : await printed(child)
    expect(masked(screen), block.text).toBe(masked(wanted))
    expect(code, block.text).toBe(0)
  }
})

test('the page’s files compile with the types of the package, and with nothing of the clone', {
  timeout: 200_000,
}, async ({ signal }) => {
  const folder = await installPackage(signal)
  for (const { title, text } of files) {
    mkdirSync(dirname(join(folder, title!)), { recursive: true })
    writeFileSync(join(folder, title!), text)
  }
  mkdirSync(join(folder, 'node_modules/@types'))
  symlinkSync(join(root, 'node_modules/@types/node'), join(folder, 'node_modules/@types/node'))
  const options = { module: 'nodenext', target: 'es2024', types: ['node'], strict: true, noEmit: true }
  const compilerOptions = { ...options, erasableSyntaxOnly: true, allowImportingTsExtensions: true }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['bakery'] }))
  await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc')], { cwd: folder, signal })
})

test('the page says of every check when it fails', () => {
  const rows = page.slice(page.indexOf('## What a failure means')).matchAll(/^\| ([^|]+?) \|/gm)
  const told = [...rows].map(([, says]) => says!).filter(says => says !== 'test' && says !== '---')
  const checks = conformance(connector, { vendor: imitate }).map(({ name }) => name.slice(name.indexOf(': ') + 2))
  expect(told.toSorted()).toEqual(checks.toSorted())
})

test('the example holds the same files, and the connector is no longer than 60 lines', () => {
  const example = join(root, 'examples/own-connector')
  const there = globSync('**/*', { cwd: example }).filter(file => statSync(join(example, file)).isFile())
  expect(there.toSorted()).toEqual([...files.map(({ title }) => title!), 'README.md'].filter(isHeld).toSorted())
  for (const { title, text } of files.filter(({ title }) => isHeld(title!))) {
    expect(readFileSync(join(example, title!), 'utf8'), title).toBe(text)
  }
  const connector = files.find(({ title }) => title === 'bakery/index.ts')
  expect(connector!.text.trimEnd().split('\n').length).toBeLessThanOrEqual(60)

  /** A package.json there would hide the clone's own from the example. */
  function isHeld(file: string): boolean {
    return file !== 'package.json'
  }
})
