import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type FileHandle, open, realpath, rename, stat, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Misuse } from '../core/failure.ts'

/** The text of a file of the user's; undefined when there is none. @throws Misuse when it is there and cannot be read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new Misuse('settings-unreadable', `${path} cannot be read: ${message}. Correct its rights, or remove it`)
  }
}

/**
 * Writes a file of the user's so that it is there whole or as it was before. A link stays one: what it leads to is written.
 * With mode 0600 nobody else can read it, from its first byte on and whatever the umask; with 0644 the umask holds. A file
 * that is replaced keeps its owner.
 * @throws Misuse when the folder cannot be written to.
 */
export async function writeFile(path: string, text: string, mode: 0o600 | 0o644): Promise<void> {
  try {
    await replace(await realpath(path).catch(() => path), text, mode)
  } catch (error) {
    throw refusal(error as NodeJS.ErrnoException, path)
  }
}

async function replace(path: string, text: string, mode: number): Promise<void> {
  const fresh = `${path}.${randomBytes(4).toString('hex')}`
  const file = await open(fresh, 'wx', mode)
  try {
    await fill(file, text, mode, await stat(path).catch(() => undefined)).finally(() => file.close())
    await rename(fresh, path)
  } catch (error) {
    await unlink(fresh).catch(() => undefined)
    throw error
  }
}

type Owner = { uid: number; gid: number }

async function fill(file: FileHandle, text: string, mode: number, owner: Owner | undefined): Promise<void> {
  if (mode === 0o600) await file.chmod(mode)
  if (owner && process.getuid?.() === 0) await file.chown(owner.uid, owner.gid)
  await file.writeFile(text)
  await file.sync()
}

function refusal(error: NodeJS.ErrnoException, path: string): unknown {
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') {
    return new Misuse('disk-full', `The disk that holds ${path} is full. Free some space on it.`)
  }
  if (!['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'EISDIR', 'ENOTDIR'].includes(error.code ?? '')) return error
  const advice = 'Go to a folder of your own, or ask its owner to let you write there'
  return new Misuse('folder-not-writable', `${path} cannot be written in ${dirname(path)}: ${error.message}. ${advice}`)
}
