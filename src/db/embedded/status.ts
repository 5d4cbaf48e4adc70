import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { exists, read } from './file.ts'
import { findPlace } from './place.ts'
import { findServer } from './server.ts'
import { refused } from './trouble.ts'

/** What can be seen of an embedded store from outside. */
export type EmbeddedStatus = {
  /** Where the cluster lies; null when there is none yet. */
  data: string | null
  running: boolean
  pid: number | null
  port: number | null
  /** PostgreSQL's major version, with which the cluster was made. */
  version: string | null
  /** What the cluster takes on the disk. */
  bytes: number | null
}

/** Looks and changes nothing. @throws Misuse when the store belongs to another user. */
export async function embeddedStatus(home: string): Promise<EmbeddedStatus> {
  try {
    const place = await findPlace(home)
    if (!place || !(await exists(place.data))) return none
    return await look(place.data)
  } catch (error) {
    throw await refused(error, home)
  }
}

const none = { data: null, running: false, pid: null, port: null, version: null, bytes: null }

async function look(data: string): Promise<EmbeddedStatus> {
  const [version, server, bytes] = await Promise.all([read(join(data, 'PG_VERSION')), findServer(data), size(data)])
  const { pid = null, port = null } = server ?? {}
  return { data, running: server !== undefined, pid, port, version: version?.trim() ?? null, bytes }
}

/** Files of a running server come and go while we count; what has gone takes nothing. */
async function size(path: string): Promise<number> {
  const entry = await lstat(path).catch(() => undefined)
  if (!entry?.isDirectory()) return (entry?.blocks ?? 0) * 512
  const names = await readdir(path).catch(() => [])
  const sizes = await Promise.all(names.map(name => size(join(path, name))))
  return sizes.reduce((sum, each) => sum + each, 0)
}
