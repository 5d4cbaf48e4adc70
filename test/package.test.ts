import { execFile, execFileSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { findPlace } from '../src/db/embedded/place.ts'
import { imitateAcme } from '../src/sim/acme/acme.ts'
import { serve } from '../src/sim/serve.ts'
import { setupDatabase } from './setup/database.ts'
import { installPackage } from './setup/package.ts'
import { urlOf } from './setup/sluice.ts'

const root = join(import.meta.dirname, '..')
const run = promisify(execFile)

/** A Node of this machine, in front of which npm puts the clone's own, that is too old for Sluice. */
function oldNode(): string | undefined {
  const folders = (process.env.PATH ?? '').split(':').filter(folder => !folder.includes('node_modules'))
  const programs = folders.map(folder => join(folder, 'node')).filter(file => existsSync(file))
  return programs.find(file => Number(execFileSync(file, ['-p', 'process.versions.node.split(".")[0]'])) < 22)
}

test('a Node that is too old is told so in one line, with exit code 2', async ({ skip }) => {
  const node = oldNode()
  skip(node === undefined, 'this machine has no Node before 22 on its PATH')
  const refused = run(node!, [join(root, 'bin/sluice.js'), 'status'], { cwd: root })
  await expect(refused).rejects.toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^\[ERROR\] Sluice needs Node 22\.18 or newer.*\n$/),
  })
})

/** What an author's editor reads: the fixture is checked as the user's own file, by nothing but the package's types. */
const authors = {
  compilerOptions: {
    ...{ module: 'nodenext', target: 'es2024', lib: ['es2024', 'dom'], types: [], strict: true },
    ...{ noEmit: true, skipLibCheck: false, erasableSyntaxOnly: true },
  },
  include: ['acme'],
}

test('in the folder of a user the package collects by a connector of their own, whose types it knows', {
  timeout: 180_000,
}, async ({ signal }) => {
  const folder = await installPackage(signal)
  const { connection } = await setupDatabase()
  const acme = imitateAcme({ accounts: ['anna'], since: Date.parse('2025-03-10T00:00:00Z'), every: 60_000, rows: 50 })
  const vendor = await serve(acme)
  onTestFinished(vendor.close)
  cpSync(join(root, 'test/fixtures/acme'), join(folder, 'acme'), { recursive: true })
  writeFileSync(join(folder, 'sluice.yaml'), `connectors: [acme]\nacme:\n  base_url: ${vendor.url}/anna\n`)
  const env = { PATH: process.env.PATH, DATABASE_URL: urlOf(connection) }
  const sluice = async (...args: string[]) => {
    const program = join(folder, 'node_modules/sluice/bin/sluice.js')
    const { stdout } = await run(process.execPath, [program, ...args, '--json'], { cwd: folder, signal, env })
    return JSON.parse(stdout)
  }
  expect(await sluice('migrate')).toMatchObject({ migrations: ['acme/001_orders'] })
  expect(await sluice('sync', 'acme', '--shops', 'rome')).toMatchObject({ state: 'success' })
  const ids = await sluice('sql', 'select id from acme.orders order by at')
  expect(ids).toEqual(acme.truth({ account: 'anna', method: 'orders', part: 'rome' }).map(({ id }) => ({ id })))

  const plain = 'export const where = import.meta.resolve("sluice"), json = import.meta.resolve("sluice/package.json")'
  writeFileSync(join(folder, 'where.mjs'), `${plain}\nconsole.log(JSON.stringify([where, json]))`)
  const { stdout } = await run(process.execPath, ['where.mjs'], { cwd: folder, signal })
  const installed = pathToFileURL(realpathSync(join(folder, 'node_modules/sluice'))).href
  expect(JSON.parse(stdout)).toEqual([`${installed}/dist/index.js`, `${installed}/package.json`])

  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(authors))
  const check = () => run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc')], { cwd: folder, signal })
  await check()
  const file = join(folder, 'acme/index.ts')
  writeFileSync(file, readFileSync(file, 'utf8').replace('limit: { calls: 1 }', 'limit: { cols: 1 }'))
  await expect(check()).rejects.toMatchObject({
    stdout: expect.stringMatching(/acme\/index\.ts.*'cols' does not exist/),
  })
})

test('the packed package runs the demo and its reader in a folder of its own', { timeout: 180_000 }, async ({
  signal,
}) => {
  const folder = await installPackage(signal)
  const home = join(folder, 'home')
  onTestFinished(async () => {
    const place = await findPlace(join(home, 'demo'))
    if (place) await rm(place.folder, { recursive: true, force: true })
  })
  const sluice = join(folder, 'node_modules/sluice/bin/sluice.js')
  expect(existsSync(join(folder, 'node_modules/sluice/src'))).toBe(false)
  const { stdout } = await run(process.execPath, [sluice, 'demo', '--once', '--json'], {
    cwd: folder,
    signal,
    env: { PATH: process.env.PATH, SLUICE_HOME: home },
  })
  const [summary, status] = stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(summary).toMatchObject({ state: 'success', interrupted: false })
  expect(summary.runs).toHaveLength(5)
  expect(status.parts).toHaveLength(5)
  expect(await readInThread(folder)).toEqual({ count: 2, records: [{ a: '1' }, { a: '2' }] })
})

/** Reads an answer in the thread for that, whose compiled file lies beside the one that starts it. */
async function readInThread(folder: string): Promise<unknown> {
  const program = `import { openBody } from './node_modules/sluice/dist/http/read/open.js'
    const body = await openBody([new TextEncoder().encode('a\\n1\\n2')], { kind: 'csv' }, { who: 'acme' })
    const records = (await Array.fromAsync(body.chunks())).flat()
    process.stdout.write(JSON.stringify({ count: body.count, records }))`
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { cwd: folder })
  return JSON.parse(stdout)
}
