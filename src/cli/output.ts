import { rmSync, statSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { Misuse } from '../core/failure.ts'
import type { Taker } from '../db/export.ts'

/** Where a large text goes. It is there only after `keep`, which tells how many bytes it has; `drop` leaves nothing of it. */
export type Output = { take: Taker; keep(): Promise<number>; drop(): void }

/**
 * A file that is there as a whole or not at all: it is written beside its place, for its owner alone (0600), and takes the
 * place of what is there when it is done. Only SIGKILL leaves the unfinished one behind, as `.name.pid.part`.
 * @throws Misuse when it cannot be written
 */
export async function fileOutput(path: string): Promise<Output> {
  const place = resolve(path)
  const there = statSync(place, { throwIfNoEntry: false })
  if (there && !there.isFile()) refuse(path, new Error('what is there is no file'))
  const beside = join(dirname(place), `.${basename(place)}.${process.pid}.part`)
  rmSync(beside, { force: true })
  const file = await open(beside, 'wx', 0o600).catch(error => refuse(path, error))
  const drop = () => rmSync(beside, { force: true })
  process.once('exit', drop)
  let bytes = 0
  return {
    take: async piece => {
      await file.appendFile(piece).catch(error => refuse(path, error))
      bytes += piece.byteLength
      return true
    },
    keep: async () => {
      await file.sync().catch(error => refuse(path, error))
      await file.close()
      await rename(beside, place).catch(error => refuse(path, error))
      process.off('exit', drop)
      return bytes
    },
    drop: () => {
      file.close().catch(() => undefined)
      drop()
    },
  }
}

/** stdout. A reader that goes away (`| head`) has seen enough. */
export function standardOutput(): Output {
  let bytes = 0
  const take = (piece: Buffer) =>
    new Promise<boolean>((done, failed) => {
      bytes += piece.byteLength
      process.stdout.write(piece, error => {
        if (!error || ('code' in error && error.code === 'EPIPE')) done(!error)
        else failed(error)
      })
    })
  return { take, keep: async () => bytes, drop: () => undefined }
}

function refuse(path: string, error: Error): never {
  throw new Misuse('bad-output', `${path} cannot be written: ${error.message}; give --output another place`)
}
