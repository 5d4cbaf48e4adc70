import { chmodSync, chownSync, rmSync } from 'node:fs'
import { cp, readdir, readFile, rename, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { strangersMayEnter } from '../../../test/setup/stranger.ts'
import { opened, start } from './fixtures/command.ts'
import { homes, serverOf, usedHome } from './fixtures/homes.ts'
import { openEmbedded } from './open.ts'
import { findPlace, shared } from './place.ts'
import { alive } from './process.ts'
import { execute } from './program.ts'
import { embeddedStatus } from './status.ts'

const { fresh, at } = homes()

/** Any user but root; the one that owns nothing. */
const nobody = { uid: 65534, gid: 65534 }

describe.runIf(process.getuid?.() === 0)('as root', () => {
  const used = usedHome()

  test('the server runs as another user, though home and working folder are closed to it', async () => {
    const home = used
    chmodSync(dirname(home), 0o700)
    const command = start('hold.ts', [home], { cwd: dirname(home) })
    expect(await opened(command)).toMatchObject({ fresh: false })
    const place = await findPlace(home)
    expect(place?.folder.startsWith(`${shared}/`)).toBe(true)
    const { uid, mode } = await stat(place?.data ?? '')
    expect(uid).not.toBe(0)
    expect(mode & 0o777).toBe(0o700)
    const status = await readFile(`/proc/${await serverOf(home)}/status`, 'utf8')
    expect(status).toMatch(new RegExp(`^Uid:\\t${uid}\\t${uid}\\t${uid}\\t${uid}$`, 'm'))
    expect(status).toMatch(/^Groups:\s*$/m)
    expect(await command.finish()).toBe(0)
    chmodSync(dirname(home), 0o755)
  })

  test('a home that moves takes its store along; a copy of a home is refused', async () => {
    const home = fresh()
    await (await openEmbedded({ home })).release()
    const before = await findPlace(home)
    const moved = at(`${home}-moved`)
    await rename(home, moved)
    const store = await openEmbedded({ home: moved })
    expect(store.fresh).toBe(false)
    expect((await findPlace(moved))?.folder).toBe(before?.folder)
    await store.release()
    const copy = `${home}-copy`
    await cp(moved, copy, { recursive: true })
    await expect(openEmbedded({ home: copy })).rejects.toThrow(`${copy} is a copy of ${moved}`)
    const anew = await openEmbedded({ home })
    expect(anew.fresh).toBe(true)
    expect((await findPlace(home))?.folder).not.toBe(before?.folder)
    await anew.release()
  })

  test('a store whose home was removed, and a home whose store was removed, are told, not replaced', async () => {
    const home = used
    const folder = (await findPlace(home))?.folder ?? ''
    const aside = `${home}-aside`
    await rename(home, aside)
    await expect(openEmbedded({ home })).rejects.toMatchObject({ code: 'embedded-orphaned' })
    rmSync(home, { recursive: true })
    await rename(aside, home)
    await rename(folder, `${folder}-elsewhere`)
    await expect(openEmbedded({ home })).rejects.toMatchObject({ code: 'embedded-gone' })
    await rename(`${folder}-elsewhere`, folder)
    await (await openEmbedded({ home })).release()
  })

  test.runIf(strangersMayEnter)(
    "an ordinary user's store lies in the home itself, and root joins and leaves it as that user",
    async () => {
      const home = fresh()
      chownSync(dirname(home), nobody.uid, nobody.gid)
      const theirs = start('hold.ts', [home], nobody)
      expect(await opened(theirs)).toMatchObject({ fresh: true })
      expect((await embeddedStatus(home)).data).toBe(join(home, 'postgres', 'data'))
      const server = await serverOf(home)
      const store = await openEmbedded({ home })
      expect(await serverOf(home)).toBe(server)
      expect(await theirs.finish()).toBe(0)
      await store.release()
      expect(await alive(server)).toBe(false)
      await (await openEmbedded({ home })).release()
      const again = start('hold.ts', [home], nobody)
      expect(await opened(again)).toMatchObject({ fresh: false })
      expect(await again.finish()).toBe(0)
      expect((await embeddedStatus(home)).running).toBe(false)
    },
  )

  test.runIf(strangersMayEnter)(
    'a home that an ordinary user cannot write to, and the store of another, are refused with their owner',
    async () => {
      const home = used
      const closed = start('hold.ts', [fresh()], nobody)
      expect(await opened(closed)).toMatchObject({
        code: 'home-not-writable',
        message: expect.stringContaining('which belongs to user 0 (EACCES)'),
      })
      const theirs = [home, join(home, 'postgres'), join(home, 'postgres', 'turns')]
      for (const path of theirs) chownSync(path, nobody.uid, nobody.gid)
      const foreign = start('hold.ts', [home], nobody)
      expect(await opened(foreign)).toMatchObject({
        code: 'embedded-foreign',
        message: expect.stringContaining('sudo'),
      })
      for (const path of theirs) chownSync(path, 0, 0)
    },
  )

  test.runIf(strangersMayEnter)(
    'a disk that fills up while the store is created is named, and nothing is left behind',
    async context => {
      const home = fresh()
      const disk = dirname(home)
      const mounted = await execute('mount', ['-t', 'tmpfs', '-o', `size=20m,uid=${nobody.uid}`, 'tmpfs', disk])
      if (!mounted.ok) context.skip(`mount: ${mounted.output}`)
      try {
        const command = start('hold.ts', [home], nobody)
        expect(await opened(command)).toMatchObject({ code: 'disk-full', message: expect.stringContaining(home) })
        expect(await command.finish()).toBe(0)
        expect((await readdir(join(home, 'postgres'))).sort()).toEqual(['password', 'turns'])
      } finally {
        await execute('umount', [disk])
      }
    },
  )
})
