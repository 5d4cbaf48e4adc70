import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { chmod, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { findPlace } from '../src/db/embedded/place.ts'

const root = join(import.meta.dirname, '..')
const run = promisify(execFile)

/** A folder into which the packed tarball was installed with what it depends on, and with nothing else of the clone. */
async function install(signal: AbortSignal): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-package-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  await chmod(folder, 0o755)
  await run(process.execPath, ['build.ts'], { cwd: root, signal })
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root, signal })
  const target = join(folder, 'node_modules/sluice')
  mkdirSync(target, { recursive: true })
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  await run('tar', ['-xzf', join(folder, `sluice-${version}.tgz`), '-C', target, '--strip-components=1'])
  for (const path of runtimeDependencies()) link(path, folder)
  return folder
}

/** Where the lock file puts what the package needs at run time, as far as this system has it. */
function runtimeDependencies(): string[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean }>
  }
  return Object.entries(packages)
    .filter(([path, { dev }]) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) && !dev && existsSync(join(root, path)))
    .map(([path]) => path)
}

function link(path: string, folder: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  symlinkSync(join(root, path), join(folder, path))
}

test('the packed package runs the demo and its reader in a folder of its own', { timeout: 180_000 }, async ({
  signal,
}) => {
  const folder = await install(signal)
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
