import { setImmediate as turn } from 'node:timers/promises'
import { BadPage } from '../../core/failure.ts'
import type { Pieces } from '../body.ts'
import { type Digest, type Shelf, textBytes } from './message.ts'
import { finish, read, type Scan, scanOf } from './scan.ts'
import { type Search, searchFor } from './search.ts'
import { bytesOf, type Span, spanOf } from './span.ts'

/** The largest record, and the most that may stand beside the list: each is parsed in one go. */
const largest = 4 * 1024 * 1024

/** Other bodies get their turn after so many bytes, some 20 ms; what was scanned is packed then. */
const stride = 4 * 1024 * 1024

/** Where the records lie. `texts`: where each text ends, which is so seldom that a plain list does. */
type Cuts = { count: number; texts: number[]; firstEnd: number; lastStart: number; lastEnd: number }

/**
 * Scans JSON to its end, and cuts its list of records into texts. The scan validates the records, which are parsed only
 * by who takes them. Without a path there are no records: the envelope is the answer.
 * @throws BadPage when it is no JSON, has no list at `path`, or has more in one piece than can be parsed in one go.
 */
export async function scanJson(pieces: Pieces, path: string | undefined): Promise<Shelf> {
  const span = spanOf(pieces)
  const search = path === undefined ? undefined : searchFor(path)
  const cuts: Cuts = { count: 0, texts: [], firstEnd: 0, lastStart: 0, lastEnd: 0 }
  await scanAll(scanOf(span, search, end => note(cuts, search!, end)))
  if (!search) return wholeShelf(span)
  const digest = digestOf(span, search, cuts)
  return { digest, more: taker(span, search.opened + 1, cuts), free: () => span.release() }
}

async function scanAll(scan: Scan): Promise<void> {
  let next = stride
  for (const piece of scan.span.pieces()) {
    for (let at = 0; at < piece.byteLength; at += stride) {
      read(scan, piece.subarray(at, at + stride))
      if (scan.offset < next) continue
      next = scan.offset + stride
      if (scan.search) scan.span.pack(scan.offset)
      await turn()
    }
  }
  finish(scan)
}

/** Notes where a record ends; it began after the bracket or the comma before it. */
function note(cuts: Cuts, { opened, path }: Search, end: number): void {
  if (cuts.count === 0) cuts.firstEnd = end
  cuts.lastStart = (cuts.count === 0 ? opened : cuts.lastEnd) + 1
  cuts.lastEnd = end
  cuts.count++
  if (end - cuts.lastStart > largest) {
    throw new BadPage('bad-page', `record ${cuts.count} at ${path} is larger than the ${largest} bytes we take`)
  }
  if (end - (cuts.texts.at(-1) ?? opened) > textBytes) cuts.texts.push(end)
}

function digestOf(span: Span, { opened, closed, path }: Search, { count, firstEnd, lastStart, lastEnd }: Cuts): Digest {
  const size = opened + 1 + span.size - closed
  if (size > largest) {
    throw new BadPage('bad-page', `the answer has ${size} bytes beside its list at ${path}: we take ${largest}`)
  }
  const envelope = new Uint8Array(size)
  span.copy(0, opened + 1, envelope)
  span.copy(closed, span.size, envelope, opened + 1)
  if (count === 0) return { count, envelope }
  return { count, envelope, first: bytesOf(span, opened + 1, firstEnd), last: bytesOf(span, lastStart, lastEnd) }
}

function wholeShelf(span: Span): Shelf {
  const envelope = bytesOf(span, 0, span.size)
  span.release()
  return { digest: { count: 0, envelope }, more: () => undefined, free: () => undefined }
}

/** Takes one text after the other; each begins after the comma that ends the one before. */
function taker(span: Span, start: number, { texts, count, lastEnd }: Cuts): Shelf['more'] {
  if (count > 0 && texts.at(-1) !== lastEnd) texts.push(lastEnd)
  let from = start
  return () => {
    const to = texts.shift()
    if (to === undefined) return undefined
    const text = listOf(span, from, to)
    from = to + 1
    span.release(from)
    return text
  }
}

/** The records from `from` up to `to` as a JSON list. */
function listOf(span: Span, from: number, to: number): Uint8Array {
  const list = new Uint8Array(to - from + 2)
  list[0] = openBracket
  span.copy(from, to, list, 1)
  list[list.length - 1] = closeBracket
  return list
}

const [openBracket, closeBracket] = [91, 93]
