import { createHash, randomBytes } from 'node:crypto'
import { chmod, realpath } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Misuse } from '../../core/failure.ts'
import { exists, makeFolder, readJson, writeJson } from './file.ts'

/**
 * Where a store lies. Its folder below SLUICE_HOME (`own`) holds the password and the turns, and everything else too,
 * unless root made it: PostgreSQL refuses to run as root, and the user it runs as can often not enter root's home. Then
 * the cluster lies in a folder below /var/lib/sluice, and
 *   own/cluster.json   (the pointer) says which folder that is
 *   folder/home.json   (the mark) says whose cluster it holds
 * Home and folder can part: one is moved, copied, deleted or not mounted. A moved home takes its cluster along; in
 * every other case of doubt we refuse and say what we see, and never create a second cluster or touch the first.
 */
export type Place = {
  home: string
  own: string
  folder: string
  /** PostgreSQL's data directory. */
  data: string
}

/** Where root's clusters and the programs they run lie. */
export const shared = '/var/lib/sluice'

/** The folder below `home` that belongs to the store; made when it is missing. */
export async function openHome(home: string): Promise<{ home: string; own: string }> {
  await makeFolder(resolve(home))
  const real = await realpath(home)
  const own = join(real, 'postgres')
  await makeFolder(own)
  return { home: real, own }
}

/** Where the store of this home lies; undefined when it has none yet. Changes nothing. */
export async function findPlace(home: string): Promise<Place | undefined> {
  const real = await realpath(home).catch(() => resolve(home))
  const own = join(real, 'postgres')
  const pointer = await readJson<{ folder: string }>(join(own, 'cluster.json'))
  const folder = pointer?.folder ?? own
  const data = join(folder, 'data')
  return pointer || (await exists(data)) ? { home: real, own, folder, data } : undefined
}

/** The place of the store of this home, chosen now when it has none. */
export async function settle(home: string, own: string, note: (line: string) => void): Promise<Place> {
  const found = await findPlace(home)
  if (found && found.folder !== own) await agree(found, note)
  if (found) return found
  const folder = process.getuid?.() === 0 ? await settleOutside(home, own) : own
  return { home, own, folder, data: join(folder, 'data') }
}

async function settleOutside(home: string, own: string): Promise<string> {
  const digest = createHash('sha256').update(home).digest('hex').slice(0, 16)
  const usual = join(shared, digest)
  const mark = await markOf(usual)
  if (mark === home && (await exists(join(usual, 'data')))) throw orphaned(home, usual)
  const folder = mark === undefined || mark === home ? usual : `${usual}-${randomBytes(3).toString('hex')}`
  await sharedFolder(shared)
  await sharedFolder(folder)
  await writeJson(join(folder, 'home.json'), { home })
  await writeJson(join(own, 'cluster.json'), { folder })
  return folder
}

/** Makes sure that the pointer and the mark mean each other. */
async function agree({ home, own, folder }: Place, note: (line: string) => void): Promise<void> {
  const mark = await markOf(folder)
  if (mark === undefined) throw gone(own, folder)
  if (mark === home) return
  const claimed = await readJson<{ folder: string }>(join(mark, 'postgres', 'cluster.json'))
  if (claimed?.folder === folder) throw copied(home, mark, folder)
  await writeJson(join(folder, 'home.json'), { home })
  note(`${mark} has moved to ${home}; its store stays in ${folder}.`)
}

async function markOf(folder: string): Promise<string | undefined> {
  return (await readJson<{ home: string }>(join(folder, 'home.json')))?.home
}

function orphaned(home: string, folder: string): Misuse {
  return new Misuse(
    'embedded-orphaned',
    `${folder} holds the store of an earlier ${home}, whose password went with it. ` +
      `Put ${join(home, 'postgres')} back to use that store, or remove ${folder} to start with an empty one.`,
  )
}

function gone(own: string, folder: string): Misuse {
  return new Misuse(
    'embedded-gone',
    `The store should lie in ${folder} (so says ${join(own, 'cluster.json')}), but it is not there. ` +
      `Put it back, or mount it; or remove ${own} to start with an empty store.`,
  )
}

function copied(home: string, original: string, folder: string): Misuse {
  return new Misuse(
    'home-copied',
    `${home} is a copy of ${original}, and the store in ${folder} belongs to the original. ` +
      `Set SLUICE_HOME to ${original}, or remove ${join(home, 'postgres')} to give the copy an empty store.`,
  )
}

/** A folder under which every user can reach what is in it, whatever our umask. */
async function sharedFolder(path: string): Promise<void> {
  await makeFolder(path)
  await chmod(path, 0o755)
}
