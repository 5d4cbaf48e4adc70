import type { Piece, Pieces } from '../body.ts'
import { memoryOf, sizeOf } from '../body.ts'
import { free } from '../memory.ts'
import { isPacked, packNow, unpack } from '../packed.ts'

/** The pieces of a body, addressed as if they were joined. */
export type Span = {
  readonly size: number
  /** The pieces in their order; each is to be used up before the next is taken. */
  pieces(): Iterable<Uint8Array>
  /** Writes the bytes from `from` up to `to` into `target`, beginning at its place `at`. */
  copy(from: number, to: number, target: Uint8Array, at?: number): void
  /** Packs what lies before `end` and is not; it is unpacked when it is copied. */
  pack(end: number): void
  /** Gives up what lies before `end`; all of it by default. */
  release(end?: number): void
}

/** Smaller pieces (bytes) stay as they are: they would gain little. */
const smallest = 8 * 1024

export function spanOf(given: Pieces): Span {
  const held: Piece[] = [...given]
  const starts = startsOf(held)
  const lastOf = new Map(held.map((piece, index) => [memoryOf(piece), index]))
  const isShared = lastOf.size < held.length
  const size = sizeOf(held)
  let [packs, released] = [0, 0]
  let open: { index: number; bytes: Uint8Array } = { index: -1, bytes: new Uint8Array(0) }
  return { size, pieces, copy, pack, release }

  /** What is unpacked for the walk is the walk's alone: a look at an earlier place does not take it away. */
  function* pieces(): Generator<Uint8Array> {
    for (const piece of held) {
      const bytes = isPacked(piece) ? unpack(piece) : piece
      yield bytes
      if (isPacked(piece)) free(bytes.buffer)
    }
  }

  function copy(from: number, to: number, target: Uint8Array, at = 0): void {
    for (let [index, next] = [indexAt(starts, from), from]; next < to; index++) {
      const start = starts[index]!
      const part = piece(index).subarray(next - start, to - start)
      target.set(part, at + next - from)
      next += part.byteLength
    }
  }

  /** One packed piece is open at a time. */
  function piece(index: number): Uint8Array {
    const it = held[index]!
    if (!isPacked(it)) return it
    if (open.index === index) return open.bytes
    free(open.bytes.buffer)
    open = { index, bytes: unpack(it) }
    return open.bytes
  }

  /** Nothing is gained from pieces that are windows into the same memory: it is held by the others. */
  function pack(end: number): void {
    if (isShared) return
    for (; packs < held.length && starts[packs + 1]! <= end; packs++) {
      const whole = held[packs]!
      if (isPacked(whole) || whole.byteLength < smallest) continue
      held[packs] = packNow(whole)
      free(whole.buffer)
    }
  }

  /** Memory is given up with the last of the pieces that lie in it. */
  function release(end = size): void {
    for (; released < held.length && starts[released + 1]! <= end; released++) {
      const memory = memoryOf(held[released]!)
      if (open.index === released) free(open.bytes.buffer)
      if (!lastOf.has(memory) || lastOf.get(memory) === released) free(memory)
    }
  }
}

/** The bytes from `from` up to `to`. */
export function bytesOf(span: Span, from: number, to: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(to - from)
  span.copy(from, to, bytes)
  return bytes
}

/** Where each piece starts, and at the end, where the last one ends. */
function startsOf(pieces: Pieces): Float64Array {
  const starts = new Float64Array(pieces.length + 1)
  for (const [index, piece] of pieces.entries()) starts[index + 1] = starts[index]! + piece.byteLength
  return starts
}

/** The piece in which a byte lies. */
function indexAt(starts: Float64Array, place: number): number {
  let [low, high] = [0, starts.length - 2]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (starts[middle]! <= place) low = middle
    else high = middle - 1
  }
  return low
}
