import type { Format } from '../../core/format.ts'
import type { Piece } from '../body.ts'

/** What the main thread asks of the reader. `id` is the body's; of one body, one question is open at a time. */
export type Question =
  | { id: number; kind: 'open'; pieces: Piece[]; format: Format }
  | { id: number; kind: 'more' }
  | { id: number; kind: 'close' }

/** What the reader answers. `bad` is the vendor's fault and becomes a BadPage; `bug` is ours. */
export type Answer = { id: number } & (
  | { kind: 'opened'; digest: Digest }
  | { kind: 'text'; text: Uint8Array | undefined }
  | { kind: 'bad'; code: string; message: string }
  | { kind: 'bug'; stack: string }
)

/**
 * A body that has been scanned to its end. All but `count` and `header` is JSON in UTF-8, for the main thread to parse.
 * With a `header` each record is a list of texts, one for each of its names.
 */
export type Digest = {
  count: number
  header?: string[]
  envelope?: Uint8Array
  first?: Uint8Array
  last?: Uint8Array
}

/**
 * A scanned body from which texts are taken, each a JSON list of the next records, until there are no more. What was
 * taken, and with `free` the rest, is given back to the system at once.
 */
export type Shelf = { digest: Digest; more(): Uint8Array | undefined; free(): void }

/** A text ends with the record with which it reaches so many bytes: parsing it takes about a millisecond. */
export const textBytes = 128 * 1024
