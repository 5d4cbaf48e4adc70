import { execFile } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { connector } from '../examples/own-connector/bakery/index.ts'
import { imitate } from '../examples/own-connector/bakery/vendor.ts'
import { conformance } from '../src/testing/index.ts'
import { installPackage } from './setup/package.ts'
import { blocksOf, filesOf, follow, writeFiles } from './setup/page.ts'

const root = join(import.meta.dirname, '..')
const run = promisify(execFile)
const page = readFileSync(join(root, 'docs/adding-a-connector.md'), 'utf8')
const blocks = blocksOf('docs/adding-a-connector.md')
const files = filesOf(blocks)

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

test('the page’s files and commands, exactly as printed, make a connector that collects and passes the suite', {
  timeout: 400_000,
}, async ({ signal }) => {
  const folder = await installPackage(signal)
  writeFiles(folder, files)
  expect(blocks.filter(({ kind }) => kind === 'sh').length).toBeGreaterThan(4)
  await follow(blocks, { folder, signal, masked })
})

test('the page’s files compile with the types of the package, and with nothing of the clone', {
  timeout: 200_000,
}, async ({ signal }) => {
  const folder = await installPackage(signal)
  writeFiles(folder, files)
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
  expect(there.toSorted()).toEqual([...files.map(({ title }) => title), 'README.md'].filter(isHeld).toSorted())
  for (const { title, text } of files.filter(({ title }) => isHeld(title))) {
    expect(readFileSync(join(example, title), 'utf8'), title).toBe(text)
  }
  const connector = files.find(({ title }) => title === 'bakery/index.ts')
  expect(connector!.text.trimEnd().split('\n').length).toBeLessThanOrEqual(60)

  /** A package.json there would hide the clone's own from the example. */
  function isHeld(file: string): boolean {
    return file !== 'package.json'
  }
})
