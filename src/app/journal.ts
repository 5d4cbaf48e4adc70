import {
  existsSync,
  fchmodSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
} from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import pino from 'pino'

/** A log file: where it lies, how large it may become (bytes), and how long files that gave way are kept (days). */
export type Shelf = { path: string; bytes: number; days: number }

type Tools = { now?: () => Date; warn(message: string): void }

/** The file as it is open, which file that is, and when we last wrote to it (epoch ms). */
type Open = { out: ReturnType<typeof pino.destination>; device: number; inode: number; at: number }

const day = 86_400_000

/**
 * Writes lines into a log file, each at once and whole. Nobody but its owner may read it (0600), also if it was there
 * before. It gives way to a new one when it is full and when a day (UTC) is over; what gave way so many days ago is deleted.
 * Several processes may write into one file: each looks before every line whether another one has moved it.
 * What cannot be written is told of once; lines are then dropped, or wait in memory (1 MB) while a disk is full.
 * The giving way is done here because the libraries for it write later: what they hold would be lost with the process.
 */
export function openJournal(shelf: Shelf, { now = () => new Date(), warn }: Tools): (line: string) => void {
  let open: Open | undefined
  let isTold = false
  const complain = (message: string) => {
    if (!isTold) warn(message)
    isTold = true
  }
  return line => {
    try {
      const time = now()
      open = ready(shelf, open, { line, time, complain })
      open.at = time.getTime()
      open.out.write(`${line}\n`)
    } catch (error) {
      complain(troubleText(shelf.path, error))
    }
  }
}

type Next = { line: string; time: Date; complain(message: string): void }

/** The file that the next line goes to: the one that is open, unless it has to give way or has been moved. */
function ready(shelf: Shelf, open: Open | undefined, { line, time, complain }: Next): Open {
  const found = statSync(shelf.path, { throwIfNoEntry: false })
  const ours = open !== undefined && found?.dev === open.device && found.ino === open.inode ? open : undefined
  const since = ours?.at ?? found?.mtimeMs ?? time.getTime()
  const isDue = found?.isFile() && found.size > 0 && (isFull(found, shelf, line) || isOver(since, time))
  if (ours && !isDue) return ours
  if (isDue) giveWay(shelf.path, time)
  open?.out.destroy()
  const opened = openFile(shelf.path, complain)
  prune(shelf, time, complain)
  return { ...opened, at: time.getTime() }
}

function isFull({ size }: Stats, { bytes }: Shelf, line: string): boolean {
  return size + Buffer.byteLength(line) + 1 > bytes
}

function isOver(since: number, time: Date): boolean {
  return Math.floor(since / day) < Math.floor(time.getTime() / day)
}

/** Closed to others before the first byte goes in. A device or a pipe is taken as it is. */
function openFile(path: string, complain: Next['complain']): Omit<Open, 'at'> {
  mkdirSync(dirname(path), { recursive: true })
  const fd = openSync(path, 'a', 0o600)
  const stats = fstatSync(fd)
  if (stats.isFile() && (stats.mode & 0o777) !== 0o600) fchmodSync(fd, 0o600)
  const out = pino.destination({ dest: fd, sync: true, maxLength: 1_000_000 })
  out.on('error', error => complain(troubleText(path, error)))
  return { out, device: stats.dev, inode: stats.ino }
}

/** `app.log` becomes `app.2026-11-22T030000.000Z-4711.log`: when, and in which process, so that no two are the same. */
function giveWay(path: string, time: Date): void {
  const [name, end] = namesOf(path)
  const start = join(dirname(path), `${name}.${time.toISOString().replaceAll(':', '')}-${process.pid}`)
  let nth = 0
  while (existsSync(start + (nth ? `-${nth}` : '') + end)) nth++
  unlessGone(() => renameSync(path, start + (nth ? `-${nth}` : '') + end))
}

/** Another process that writes into the same file may have been first. */
function unlessGone(act: () => void): void {
  try {
    act()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

const stamp = /^\.(\d{4}-\d\d-\d\dT\d\d)(\d\d)(\d\d\.\d{3}Z)-\d+(-\d+)?$/

/** By the names: when a file gave way. Files of other names are nobody's business here. One that stays is told of, and costs no line. */
function prune({ path, days }: Shelf, time: Date, complain: Next['complain']): void {
  const [name, end] = namesOf(path)
  for (const each of readdirSync(dirname(path))) {
    if (!each.startsWith(name) || !each.endsWith(end)) continue
    const middle = each.slice(name.length, each.length - end.length)
    const gaveWay = Date.parse(middle.replace(stamp, '$1:$2:$3'))
    if (stamp.test(middle) && time.getTime() - gaveWay > days * day) discard(join(dirname(path), each), complain)
  }
}

function discard(path: string, complain: Next['complain']): void {
  try {
    unlessGone(() => unlinkSync(path))
  } catch (error) {
    complain(`The old log file ${path} cannot be deleted: ${reasonOf(error)}. Delete it, or correct its rights.`)
  }
}

function namesOf(path: string): [name: string, end: string] {
  const end = extname(path)
  return [basename(path, end), end]
}

function troubleText(path: string, error: unknown): string {
  return `The log file ${path} cannot be written: ${reasonOf(error)}. Work goes on without it; correct log.file, its rights or the disk.`
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
