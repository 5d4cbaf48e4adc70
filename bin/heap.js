import { setFlagsFromString } from 'node:v8'

/**
 * How far V8 lets its heap grow before it cleans up. Left to itself it thinks of speed alone, and a process whose rows
 * only pass through it holds half as much again as it needs (docs/decisions/012-a-small-heap.md has the figures).
 *
 * - young: new objects have 16 MB; V8 takes this only at the start of a process
 * - old: the rest may double between two collections; V8 takes this at any time
 */
export const young = '--max-semi-space-size=16'
const old = '--heap-growing-percent=100'

/**
 * glibc gives a freed piece of memory back to the system only when it was taken from there by itself, and by and by takes
 * larger and larger ones from its own heap. With a fixed threshold (bytes) the pieces of a large answer go back as they are
 * used up. Other systems do not read it; a threshold that the user has set counts more.
 */
export const steady = { MALLOC_MMAP_THRESHOLD_: '32768', MALLOC_TRIM_THRESHOLD_: '131072' }

/**
 * Keeps the heap of this process small, except where the user has said how large it may be. For that the process is
 * replaced by itself with one option more, before it has done anything: process id, environment, signals and standard
 * streams stay the same. Where that cannot be, it goes on without.
 */
export function keepSmall() {
  if (!isGiven(old)) setFlagsFromString(old)
  if (isGiven(young) || !isReplaceable()) return
  const argv = [process.argv0, ...process.execArgv, young, ...process.argv.slice(1)]
  process.execve(process.execPath, argv, { ...steady, ...process.env })
}

/**
 * Not every system can replace a process, Node's permission model forbids it, and the channel to a parent that was made
 * with fork() would be lost.
 */
function isReplaceable() {
  const isAble = process.execve !== undefined && process.platform !== 'win32' && process.platform !== 'os400'
  return isAble && process.permission === undefined && process.send === undefined
}

/** V8 reads _ in the name of an option as -. */
function isGiven(option) {
  const [name] = option.split('=')
  return [...process.execArgv, process.env.NODE_OPTIONS ?? ''].some(text => text.replaceAll('_', '-').includes(name))
}
