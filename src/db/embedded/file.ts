import { randomBytes } from 'node:crypto'
import { readFile, rename, stat, writeFile } from 'node:fs/promises'

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

function absent<T>(answer: T) {
  return (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return answer
    throw error
  }
}
