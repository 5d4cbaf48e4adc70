import { BadPage } from '../../core/failure.ts'

/**
 * Follows the path to the list of records while an answer is scanned. Depths are counted inside of brackets: in the
 * outermost ones it is 1.
 */
export type Search = {
  readonly path: string
  readonly keys: readonly string[]
  /** How many keys of the path lead to where we are. */
  level: number
  /** The depth of the innermost object that the path leads through; 0 before there is one. */
  depth: number
  /** Whether the next value is on the path. */
  awaits: boolean
  /** Which keys of the path have been met, in the objects they belong to. */
  readonly met: boolean[]
  /** The depth of the list while we are in it, else 0. */
  inside: number
  /** Where the list's brackets stand. */
  opened: number
  closed: number
}

/** A path is `$`, or keys after it with a dot before each: `$.data.items`. */
export function searchFor(path: string): Search {
  if (!/^\$(\.[^.[\]]+)*$/.test(path)) throw new TypeError(`"${path}" is no path to a list: write $ or $.data.items`)
  const keys = path.split('.').slice(1)
  return { path, keys, level: 0, depth: 0, awaits: true, met: [], inside: 0, opened: -1, closed: -1 }
}

/** A bracket has opened at the place `at`; the depth is that within it. */
export function enter(search: Search, isList: boolean, depth: number, at: number): void {
  if (!search.awaits) return
  search.awaits = false
  if (isList !== (search.level === search.keys.length)) throw notThere(search)
  if (isList) {
    search.inside = depth
    search.opened = at
  } else {
    search.depth = depth
  }
}

/** A bracket has closed at the place `at`; the depth is that within it. */
export function leave(search: Search, depth: number, at: number): void {
  if (depth === search.inside) {
    search.inside = 0
    search.closed = at
    search.level--
  } else if (depth === search.depth) {
    pass(search, depth)
    search.depth--
    search.level--
  }
}

/** A value at this depth is over: when it was awaited and opened no bracket, it is no list. */
export function pass(search: Search, depth: number): void {
  if (search.awaits && depth === search.depth) throw notThere(search)
}

/** A key was read in the innermost object of the path. */
export function meet(search: Search, key: string): void {
  if (key !== search.keys[search.level]) return
  if (search.met[search.level]) {
    throw new BadPage('bad-page', `the answer has two lists at ${search.path}: a key on the way stands there twice`)
  }
  search.met[search.level] = true
  search.awaits = true
  search.level++
}

/** The answer is over. @throws BadPage when it had no list. */
export function conclude(search: Search): void {
  if (search.closed < 0) throw notThere(search)
}

function notThere({ path }: Search): BadPage {
  return new BadPage('bad-page', `the answer has no list at ${path}`)
}
