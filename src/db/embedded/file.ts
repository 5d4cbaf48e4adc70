import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(() => true, absent(false))
}

/** The file's text, or undefined when there is no such file. */
export async function read(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(absent(undefined))
}

export async function readJson<T>(path: string): Promise<T | undefined> {
  const text = await read(path)
  return text === undefined ? undefined : (JSON.parse(text) as T)
}

/** Writes a file so that readers, and we after a crash, see the old content or the new one and nothing between. */
export async function write(path: string, content: string, mode: number): Promise<void> {
  const fresh = `${path}.${randomBytes(4).toString('hex')}`
  await writeFile(fresh, content, { mode, flush: true })
  await rename(fresh, path)
}

export async function writeJson(path: string, content: unknown): Promise<void> {
  await write(path, `${JSON.stringify(content)}\n`, 0o644)
}

/**
 * Makes a folder (mode 0700) and those above it where they are missing. Not by `recursive`, which never returns below
 * /proc: there a folder cannot be made although the one above it exists, and the platform tries again for ever.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return
    if (code !== 'ENOENT' || (await exists(dirname(path)))) throw error
    await makeFolder(dirname(path))
    await makeFolder(path)
  }
}

function absent<T>(answer: T) {
  return (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return answer
    throw error
  }
}
