import { parentPort } from 'node:worker_threads'
import { BadPage } from '../../core/failure.ts'
import type { Format } from '../../core/format.ts'
import { memoryOf, type Pieces } from '../body.ts'
import { free } from '../memory.ts'
import { scanJson } from './json.ts'
import type { Answer, Question, Shelf } from './message.ts'

/**
 * The thread that reads bodies. It scans each to its end, holds it, and hands out its records text by text, as bytes
 * that change hands without being copied. Several bodies are scanned and held at a time.
 */
const port = parentPort!
const shelves = new Map<number, Shelf>()

port.on('message', async (question: Question) => {
  if (question.kind === 'close') return close(question.id)
  const answer = await answerTo(question)
  port.postMessage(answer, transferOf(answer))
})

async function answerTo(question: Exclude<Question, { kind: 'close' }>): Promise<Answer> {
  const { id } = question
  try {
    if (question.kind === 'more') return { id, kind: 'text', text: shelves.get(id)!.more() }
    const shelf = await shelve(question.pieces, question.format)
    shelves.set(id, shelf)
    return { id, kind: 'opened', digest: shelf.digest }
  } catch (error) {
    if (error instanceof BadPage) return { id, kind: 'bad', code: error.code, message: error.message }
    return { id, kind: 'bug', stack: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

/** What few vendors send is loaded when it comes: a thread that reads JSON alone is some megabytes smaller. */
async function shelve(pieces: Pieces, format: Format): Promise<Shelf> {
  try {
    if (format.kind === 'json') return await scanJson(pieces, format.records)
    if (format.kind === 'csv') return await (await import('./csv.ts')).scanCsv(pieces, format)
    const { unzip } = await import('./zip.ts')
    return await shelve(await unzip(pieces, format.entry), format.holds)
  } catch (error) {
    for (const piece of pieces) free(memoryOf(piece))
    throw error
  }
}

function close(id: number): void {
  shelves.get(id)?.free()
  shelves.delete(id)
}

/** What changes hands with an answer. */
function transferOf(answer: Answer): ArrayBuffer[] {
  return bytesIn(answer).flatMap(bytes => (bytes ? [bytes.buffer as ArrayBuffer] : []))
}

function bytesIn(answer: Answer): (Uint8Array | undefined)[] {
  if (answer.kind === 'text') return [answer.text]
  return answer.kind === 'opened' ? [answer.digest.envelope, answer.digest.first, answer.digest.last] : []
}
