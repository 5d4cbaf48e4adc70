import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type App, load, openApp } from '../src/app/app.ts'
import { findPlace } from '../src/db/embedded/place.ts'

/** An embedded store as users have it, in a home of its own that is removed with it. */
export async function inTemporaryHome<T>(
  note: (line: string) => void,
  work: (app: App, home: string) => Promise<T>,
): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), 'sluice-bench-'))
  try {
    return await inStore(home, note, app => work(app, home))
  } finally {
    const place = await findPlace(home)
    for (const folder of [place?.folder ?? home, home]) await rm(folder, { recursive: true, force: true })
  }
}

/** Opens the store, which other processes may use beside us, and closes it after them. */
async function inStore<T>(home: string, note: (line: string) => void, work: (app: App) => Promise<T>): Promise<T> {
  const app = await openApp(await load({ folder: home, env: { SLUICE_HOME: home } }), (_, line) => note(line))
  try {
    return await work(app)
  } finally {
    await app.close()
  }
}
