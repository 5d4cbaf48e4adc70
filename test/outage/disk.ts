import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Why no small file system can be made here; undefined when one can. */
export const noSmallDisk: string | undefined = tryMounting()

function tryMounting(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' })
    execFileSync('umount', [folder], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'not run: no small file system can be mounted here'
  } finally {
    rmdirSync(folder)
  }
}

/** Fills a file system to its last byte, until the ballast is thrown away. */
export function fill(folder: string): { remove(): void } {
  const path = join(folder, 'ballast')
  const file = openSync(path, 'w')
  try {
    for (const size of [1 << 20, 4096]) fillBy(file, Buffer.alloc(size))
  } finally {
    closeSync(file)
  }
  return { remove: () => rmSync(path) }
}

function fillBy(file: number, piece: Buffer): void {
  try {
    while (writeSync(file, piece) > 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  }
}
