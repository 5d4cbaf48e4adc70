import { chmodSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { completeLinks, copyBinaries, findBinaries } from './binaries.ts'
import { execute } from './program.ts'

/** A package as a strict umask and an install without scripts leave it: closed to others, without its links. */
function setup() {
  const root = mkdtempSync(join(tmpdir(), 'sluice-binaries-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  const [folder, place] = [join(root, 'native'), join(root, 'place')]
  for (const path of [folder, join(folder, 'bin'), join(folder, 'lib'), place]) mkdirSync(path, { mode: 0o700 })
  writeFileSync(join(folder, 'bin', 'postgres'), 'program', { mode: 0o700 })
  writeFileSync(join(folder, 'lib', 'libpq.so.5.18'), 'library', { mode: 0o600 })
  const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }]
  writeFileSync(join(folder, 'pg-symlinks.json'), JSON.stringify(links), { mode: 0o600 })
  return { binaries: { folder, name: 'postgresql-18', major: 18 }, place }
}

async function mode(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777
}

test('the installed binaries are found and run', async () => {
  const { folder, major } = await findBinaries()
  await completeLinks(folder)
  const { ok, output } = await execute(join(folder, 'bin', 'postgres'), ['--version'])
  expect({ ok, output }).toEqual({ ok: true, output: expect.stringContaining(`(PostgreSQL) ${major}.`) })
})

test('a system without binaries is told which systems have them, and the way out', async () => {
  await expect(findBinaries('sunos-mips')).rejects.toMatchObject({
    code: 'embedded-unsupported',
    message: expect.stringMatching(/installed for sunos-mips.*Linux.*macOS.*DATABASE_URL/),
  })
})

test('a copy is whole and open to every user', async () => {
  const { binaries, place } = setup()
  const copy = await copyBinaries(binaries, place)
  expect(await mode(join(copy.folder, 'bin', 'postgres'))).toBe(0o755)
  expect(await mode(join(copy.folder, 'lib'))).toBe(0o755)
  expect(await mode(join(copy.folder, 'lib', 'libpq.so.5'))).toBe(0o644)
  expect(readlinkSync(join(copy.folder, 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18')
  expect(await readdir(place)).toEqual(['postgresql-18'])
})

test('an existing copy is used as it is, and what a killed copier left is removed', async () => {
  const { binaries, place } = setup()
  const gone = join(place, 'copying-4194305-postgresql-18')
  mkdirSync(gone)
  await copyBinaries(binaries, place)
  rmSync(binaries.folder, { recursive: true })
  chmodSync(join(place, 'postgresql-18'), 0o711)
  await copyBinaries(binaries, place)
  expect(await readdir(place)).toEqual(['postgresql-18'])
  expect(await mode(join(place, 'postgresql-18'))).toBe(0o711)
})
