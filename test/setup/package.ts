import { execFile } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'

const root = join(import.meta.dirname, '../..')
const run = promisify(execFile)

/** What the package is made of. It is made in a place of its own, so that tests may do so at the same time. */
const sources = [
  ...['src', 'bin', 'docs', 'examples', 'build.ts', 'package.json', 'tsconfig.json', 'tsconfig.build.json'],
  ...['tsconfig.types.json', 'README.md', 'LICENSE', 'ARCHITECTURE.md', 'CHANGELOG.md', 'CONTRIBUTING.md'],
]

/** A folder into which the packed tarball was installed with what it depends on, and with nothing else of the clone. */
export async function installPackage(signal: AbortSignal): Promise<string> {
  const folder = setupFolder('sluice-package-')
  await pack(folder, signal)
  const target = join(folder, 'node_modules/sluice')
  mkdirSync(target, { recursive: true })
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const tarball = join(folder, `sluice-${version}.tgz`)
  await run('tar', ['-xzf', tarball, '-C', target, '--strip-components=1'])
  rmSync(tarball)
  for (const path of runtimeDependencies()) link(join(root, path), join(folder, path))
  link(join(target, 'bin/sluice.js'), join(folder, 'node_modules/.bin/sluice'))
  chmodSync(join(target, 'bin/sluice.js'), 0o755)
  return folder
}

function setupFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), name))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  chmodSync(folder, 0o755)
  return folder
}

async function pack(folder: string, signal: AbortSignal): Promise<void> {
  const workshop = setupFolder('sluice-workshop-')
  for (const name of sources) cpSync(join(root, name), join(workshop, name), { recursive: true })
  link(join(root, 'node_modules'), join(workshop, 'node_modules'))
  await run(process.execPath, ['build.ts'], { cwd: workshop, signal })
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: workshop, signal })
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

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(target, path)
}
