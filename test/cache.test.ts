import { statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run, setupFolder } from './setup/sluice.ts'

/** Everything that a folder holds, at any depth; nothing when it is not there. */
function contents(folder: string): Promise<string[]> {
  return readdir(folder, { recursive: true }).catch(() => [])
}

/** Whether every user may enter a folder: as another one nothing can be started where not. */
function isOpenToAll(folder: string): boolean {
  const isOpen = (statSync(folder).mode & 0o001) !== 0
  return isOpen && (folder === dirname(folder) || isOpenToAll(dirname(folder)))
}

/** Runs a command whose user keeps caches in a folder of the test's. */
async function runWith(env: Record<string, string | undefined>, as: { uid?: number } = {}) {
  const folder = await setupFolder()
  const caches = join(folder, 'caches')
  const ended = await run(['--version'], {
    ...as,
    folder,
    env: { NODE_COMPILE_CACHE: undefined, XDG_CACHE_HOME: caches, ...env },
  })
  return { folder, caches, ended }
}

describe('the compiled form of the program', () => {
  it('is kept in the cache folder of the user', async () => {
    const { caches, ended } = await runWith({})
    expect(ended).toMatchObject({ code: 0, err: '' })
    expect(await readdir(caches)).toEqual(['sluice'])
    expect((await contents(caches)).length).toBeGreaterThan(100)
  })

  it('is kept below the home folder where no folder for caches is named', async () => {
    const home = await setupFolder()
    const { ended } = await runWith({ XDG_CACHE_HOME: undefined, HOME: home })
    expect(ended).toMatchObject({ code: 0, err: '' })
    expect((await contents(join(home, '.cache/sluice'))).length).toBeGreaterThan(100)
  })

  it('is not kept when Node is told so', async () => {
    const { caches, ended } = await runWith({ NODE_DISABLE_COMPILE_CACHE: '1' })
    expect(ended).toMatchObject({ code: 0, err: '' })
    expect(await contents(caches)).toEqual([])
  })

  it.each([
    ['the home folder is not named', { XDG_CACHE_HOME: undefined, HOME: '' }],
    ['the folder for caches is named from wherever one is', { XDG_CACHE_HOME: 'caches' }],
  ])('is not laid into the folder in which a command is typed where %s', async (_, env) => {
    const { folder, ended } = await runWith(env)
    expect(ended).toMatchObject({ code: 0, err: '' })
    expect((await contents(folder)).filter(name => /cache/.test(name))).toEqual([])
  })

  it.runIf(process.getuid?.() === 0 && isOpenToAll(import.meta.dirname))(
    'is done without where nobody knows whose it would be',
    async () => {
      const { ended } = await runWith({ XDG_CACHE_HOME: undefined, HOME: undefined }, { uid: 54_321 })
      expect(ended).toMatchObject({ code: 0, err: '' })
    },
  )

  it('is done without, and nothing is said of it, where nothing can be written', async () => {
    const { ended } = await runWith({ XDG_CACHE_HOME: '/dev/null' })
    expect(ended).toMatchObject({ code: 0, err: '' })
  })
})
