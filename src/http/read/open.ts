import { setImmediate as turn } from 'node:timers/promises'
import { BadPage, Transient } from '../../core/failure.ts'
import type { Format } from '../../core/format.ts'
import { parseExact } from '../../core/json.ts'
import type { Pieces } from '../body.ts'
import { free } from '../memory.ts'
import type { Answer, Digest, Question } from './message.ts'
import { parcelOf } from './parcel.ts'
import { reader, type Thread } from './thread.ts'

/**
 * What an answer holds beside its records. `envelope` is the JSON without its list, in whose place stands an empty one,
 * or the whole JSON where no path to a list was given; CSV has none. `header` is CSV's. `first` and `last` are the
 * records at the ends, `undefined` when there is none.
 */
export type Summary = { envelope: unknown; header?: string[]; count: number; first: unknown; last: unknown }

/** The body of an answer, read outside of the main thread. Whoever opens it closes it, or takes its chunks to the end. */
export type Opened = Summary & {
  /**
   * The records in their order, to be had once. A chunk is fetched when it is asked for, and parsed in steps of about a
   * millisecond, between which others have their turn. Leaving the loop closes the body.
   * @throws Transient `reader-died` when the reader dies.
   */
  chunks(): AsyncIterable<unknown[]>
  /** Gives up what was not taken, which nobody can take any more; it can be called again. */
  close(): void
}

/** `size`: how many records a chunk has at most; fewer when they are large. `who` begins the messages of errors. */
export type Opening = { size?: number; who: string }

let bodies = 0

/**
 * Reads a body in the thread for that, to its end, before any of it is used: a broken one gives no record at all. The
 * memory of the pieces changes hands, so they are used up. Numbers are exact, as `parseExact` reads them. What is
 * parsed in one go, a record or what stands beside the list, has 4 MB at most; an answer without a path is not limited.
 * @throws BadPage `bad-json`, `bad-csv`, `bad-zip` with the place, or `bad-page` when there is no list at its path.
 * @throws Transient `reader-died` when the reader died over it, or over another body.
 */
export async function openBody(pieces: Pieces, format: Format, { size = 1_000, who }: Opening): Promise<Opened> {
  const thread = reader()
  const id = ++bodies
  const { pieces: sent, memory } = parcelOf(pieces)
  const answer = await ask(thread, { id, kind: 'open', pieces: sent, format }, who, memory)
  const { digest } = answer as Extract<Answer, { kind: 'opened' }>
  return { ...summaryOf(digest), ...held({ thread, id, who, size, header: digest.header, isClosed: false }) }
}

/** A body that the reader holds until it is closed. */
type Held = { thread: Thread; id: number; who: string; size: number; header: string[] | undefined; isClosed: boolean }

function held(body: Held): Pick<Opened, 'chunks' | 'close'> {
  let isTaken = false
  return { chunks, close }

  async function* chunks(): AsyncGenerator<unknown[]> {
    if (isTaken) throw new Error(`${body.who}: the chunks of a body can be had once`)
    isTaken = true
    try {
      yield* chunksOf(body)
    } finally {
      close()
    }
  }

  function close(): void {
    if (!body.isClosed) body.thread.tell({ id: body.id, kind: 'close' })
    body.isClosed = true
  }
}

/** A chunk ends when it has the records it may have, or with the text with which it reaches so many bytes. */
const chunkBytes = 1024 * 1024

async function* chunksOf(body: Held): AsyncGenerator<unknown[]> {
  let [chunk, bytes]: [unknown[], number] = [[], 0]
  for (let text = await textOf(body); text; text = await textOf(body)) {
    bytes += text.byteLength
    for (const record of take(text) as unknown[]) {
      chunk.push(named(record, body.header))
      if (chunk.length < body.size) continue
      yield chunk
      ;[chunk, bytes] = [[], 0]
    }
    if (bytes < chunkBytes || chunk.length === 0) continue
    yield chunk
    ;[chunk, bytes] = [[], 0]
  }
  if (chunk.length > 0) yield chunk
}

/**
 * The next text, in a turn of the event loop of its own, so that others have theirs before it. Waiting for the answer is
 * not enough: the messages of a thread that answers fast enough are all handled in one turn.
 * @throws when the body was closed meanwhile: an end that is none must not look like one.
 */
async function textOf(body: Held): Promise<Uint8Array | undefined> {
  const { thread, id, who } = body
  await turn()
  if (body.isClosed) throw new Error(`${who}: the body was closed before its end`)
  const answer = await ask(thread, { id, kind: 'more' }, who)
  return (answer as Extract<Answer, { kind: 'text' }>).text
}

/** Asks the reader, and throws what it found wrong, in the name of whose body it is. */
async function ask(thread: Thread, question: Question, who: string, memory?: ArrayBuffer[]): Promise<Answer> {
  const answer = await thread.ask(question, memory).catch(error => {
    throw error instanceof Transient ? new Transient(error.code, `${who}: ${error.message}`, error) : error
  })
  if (answer.kind === 'bad') throw new BadPage(answer.code, `${who}: ${answer.message}`)
  if (answer.kind === 'bug') throw new Error(`${who}: the reader failed: ${answer.stack}`)
  return answer
}

function summaryOf({ count, header, envelope, first, last }: Digest): Summary {
  return {
    envelope: envelope && take(envelope),
    ...(header && { header }),
    count,
    first: first && named(take(first), header),
    last: last && named(take(last), header),
  }
}

const decoder = new TextDecoder()

/** Parses bytes and gives up their memory. */
function take(bytes: Uint8Array): unknown {
  const text = decoder.decode(bytes)
  free(bytes.buffer)
  return parseExact(text)
}

function named(record: unknown, header: string[] | undefined): unknown {
  if (!header) return record
  return Object.fromEntries(header.map((name, index) => [name, (record as string[])[index]]))
}
