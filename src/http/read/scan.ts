import { BadPage } from '../../core/failure.ts'
import { act, isEnd, state, stateBits, stateMask, table } from './grammar.ts'
import { conclude, enter, leave, meet, pass, type Search } from './search.ts'
import { bytesOf, type Span } from './span.ts'

/** Deeper than this is nothing we know of, and what parses it afterwards may run out of stack. */
const deepest = 1_000

/** How long a key on the path may be, with the space before it. */
const longestKey = 64 * 1024

/** An answer being read byte by byte. `record` is told where each record of the list ends, in order. */
export type Scan = {
  readonly span: Span
  readonly search: Search | undefined
  readonly record: (end: number) => void
  state: number
  /** How many bytes have been read. */
  offset: number
  depth: number
  /** By depth, whether a list is open there. */
  readonly lists: Uint8Array
  /** Where the newest key begins, or what is before it. */
  mark: number
}

export function scanOf(span: Span, search: Search | undefined, record: Scan['record']): Scan {
  const lists = new Uint8Array(deepest + 1)
  return { span, search, record, state: state.start, offset: 0, depth: 0, lists, mark: 0 }
}

/**
 * Reads the next piece.
 * @throws BadPage when it is no JSON, or when it has something else where the list should be.
 */
export function read(scan: Scan, piece: Uint8Array): void {
  let now = scan.state
  for (let at = 0; at < piece.length; at++) {
    const entry = table[(now << 8) | piece[at]!]!
    now = entry > stateMask ? perform(scan, entry, scan.offset + at, now) : entry
  }
  scan.state = now
  scan.offset += piece.length
}

/**
 * All pieces were read.
 * @throws BadPage when the answer is not complete, or had no list.
 */
export function finish(scan: Scan): void {
  if (scan.depth > 0 || !isEnd(scan.state)) {
    throw new BadPage('bad-json', `the answer is not complete JSON: it ends after ${scan.offset} bytes`)
  }
  if (scan.search) conclude(scan.search)
}

/** What the byte at the place `at` asks for, before which the state was `before`. Returns the new state. */
function perform(scan: Scan, entry: number, at: number, before: number): number {
  switch (entry >> stateBits) {
    case act.named:
      name(scan, at)
      break
    case act.comma:
      return next(scan, at)
    case act.openObject:
      open(scan, false, at)
      break
    case act.openList:
      open(scan, true, at)
      break
    case act.closeObject:
      close(scan, false, at, before)
      break
    case act.closeList:
      close(scan, true, at, before)
      break
    default:
      throw broken(at)
  }
  return entry & stateMask
}

function open(scan: Scan, isList: boolean, at: number): void {
  if (scan.depth === deepest) {
    throw new BadPage('bad-page', `the answer is nested more than ${deepest} deep after ${at} bytes`)
  }
  scan.depth++
  scan.lists[scan.depth] = isList ? 1 : 0
  scan.mark = at + 1
  if (scan.search) enter(scan.search, isList, scan.depth, at)
}

function close(scan: Scan, isList: boolean, at: number, before: number): void {
  const { search, depth } = scan
  if (depth === 0 || (scan.lists[depth] === 1) !== isList) throw broken(at)
  if (search) {
    if (depth === search.inside && before !== state.item) scan.record(at)
    leave(search, depth, at)
  }
  scan.depth--
}

/** After a comma comes a value in a list, and a key in an object. */
function next(scan: Scan, at: number): number {
  const { search, depth } = scan
  if (depth === 0) throw broken(at)
  scan.mark = at + 1
  if (search) {
    if (depth === search.inside) scan.record(at)
    else pass(search, depth)
  }
  return scan.lists[depth] === 1 ? state.value : state.key
}

function name({ search, depth, span, mark }: Scan, at: number): void {
  if (search?.depth !== depth) return
  if (at - mark > longestKey) {
    throw new BadPage('bad-page', `the answer has a key of more than ${longestKey} bytes after ${mark} bytes`)
  }
  meet(search, JSON.parse(Buffer.from(bytesOf(span, mark, at + 1).buffer).toString()))
}

/** What stands there is not told: it may be anything. */
function broken(at: number): BadPage {
  return new BadPage('bad-json', `the answer is no JSON: it goes wrong after ${at} bytes`)
}
